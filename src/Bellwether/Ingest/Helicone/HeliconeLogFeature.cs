using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>What Helicone's clients send beside calls: logs of calls made elsewhere, feedback, properties, scores.</summary>
public static class HeliconeLogFeature
{
    private const int MostBytes = 20 * 1024 * 1024;

    public static IServiceCollection AddHeliconeLog(this IServiceCollection services)
    {
        services.TryAddSingleton<HeliconeNotes>();
        return services;
    }

    public static IEndpointRouteBuilder MapHeliconeLog(this IEndpointRouteBuilder routes)
    {
        // The key is checked by the handlers, since it may stand in headers that the product's own API does not know.
        var group = routes.MapGroup("").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        foreach (var prefix in (ReadOnlySpan<string>)["", "/custom", "/oai", "/anthropic", "/googleapis"])
        {
            group.MapPost(prefix + "/v1/log", LogAsync);
        }
        group.MapPost("/v1/request/{id}/feedback", (HttpContext http, string id, HeliconeNotes notes) =>
            WithAsync(http, (key, body) => notes.FeedbackAsync(key, id, body, http.RequestAborted)));
        group.MapPost("/v1/feedback", (HttpContext http, HeliconeNotes notes) =>
            WithAsync(http, (key, body) => notes.FeedbackAsync(key, body, http.RequestAborted)));
        group.MapPost("/v1/request/{id}/score", (HttpContext http, string id, HeliconeNotes notes) =>
            WithAsync(http, (key, body) => notes.ScoresAsync(key, id, body, http.RequestAborted)));
        group.MapPut("/v1/request/{id}/property", (HttpContext http, string id, HeliconeNotes notes) =>
            WithAsync(http, (key, body) => notes.PropertyAsync(key, id, body, http.RequestAborted)));
        group.MapGet("/helicone/test", Test);
        return routes;
    }

    private static async Task<IResult> WithAsync(HttpContext http, Func<ApiKey, JsonElement, Task<ReceiverAnswer>> handle) =>
        (await Receiver.HandleAsync(http, MostBytes, handle)).ToHelicone();

    private static Task<IResult> LogAsync(HttpContext http, ITelemetryIntake intake, TimeProvider time) => WithAsync(http, async (key, body) =>
    {
        if (HeliconeLog.Read(key, http.Request.Headers, body, time.GetUtcNow(), out var problem) is not { } record)
        {
            return ReceiverAnswer.Bad(problem);
        }
        return ReceiverAnswer.Of(await intake.AppendAsync(new[] { record }, http.RequestAborted));
    });

    // {"test":"Hello World!","properties":{"team":"blue"}}
    private static JsonResult Test(HttpContext http) => new JsonResult(json =>
    {
        json.WriteString("test", "Hello World!");
        json.WriteStartObject("properties");
        foreach (var (name, value) in HeliconeLog.Properties(http.Request.Headers))
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
    });
}
