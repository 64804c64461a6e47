using System.Globalization;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>The requests of Helicone's API: key, body, answer.</summary>
internal sealed class HeliconeHttp(HeliconeReceiver receiver, IKeyring keyring, HeliconeMeters meters, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<HeliconeHttp> logger)
{
    // Feedback, scores and properties; a property may wait for its call, so that its body is held for seconds.
    private const int MostNoteBytes = 256 * 1024;
    private const int FailedSeconds = 5;

    public Task LogAsync(HttpContext context) => HandleAsync(context, "log", options.Value.MaxBodyBytes, async (sender, body) =>
    {
        if (HeliconeLog.Read(sender, context.Request.Headers, body, out var corrected, out var problem) is not { } record)
        {
            return HeliconeReply.Bad(problem);
        }
        if (corrected)
        {
            meters.ClockCorrected();
        }
        return await receiver.KeepAsync(record, context.RequestAborted);
    });

    public Task FeedbackAsync(HttpContext context) => HandleAsync(context, "feedback", MostNoteBytes, (sender, body) => Id(context) is { } id
        ? receiver.RateAsync(sender, id, body, context.RequestAborted)
        : receiver.RateAsync(sender, body, context.RequestAborted));

    public Task ScoresAsync(HttpContext context) => HandleAsync(context, "score", MostNoteBytes, (sender, body) => receiver.ScoreAsync(sender, Id(context) ?? "", body, context.RequestAborted));

    public Task PropertyAsync(HttpContext context) => HandleAsync(context, "property", MostNoteBytes, (sender, body) => receiver.SetPropertyAsync(sender, Id(context) ?? "", body, context.RequestAborted));

    // {"test":"Hello World!","properties":{"team":"blue"}}
    public static Task TestAsync(HttpContext context) => HeliconeReply.WriteAsync(context, StatusCodes.Status200OK, json =>
    {
        json.WriteString("test", "Hello World!");
        json.WriteStartObject("properties");
        foreach (var (name, value) in HeliconeLog.Properties(context.Request.Headers))
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
    });

    private static string? Id(HttpContext context) => context.GetRouteValue("id") as string;

    private async Task HandleAsync(HttpContext context, string kind, int limit, Func<OtlpSender, JsonElement, Task<HeliconeReply>> handle)
    {
        HeliconeReply reply;
        try
        {
            reply = IngestCredentials.Find(keyring, context.Request.Headers) is { } key
                ? await ReadAsync(context, limit, new OtlpSender(key, "helicone", clock.GetUtcNow(), TimeSpan.FromDays(options.Value.OldestDays)), handle)
                : new(StatusCodes.Status401Unauthorized, "key", "The Bellwether key is missing, unknown, revoked or expired.");
        }
        catch (BadHttpRequestException error)
        {
            reply = new(error.StatusCode, "bad_http", "The request is not valid HTTP.");
        }
        catch (StoreNotOpenException)
        {
            reply = HeliconeReply.Busy("starting", "The server is starting.", 1);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.HeliconeFailed(logger, error.GetType().Name, error.StackTrace);
            reply = HeliconeReply.Busy("failed", "The request could not be handled now.", FailedSeconds);
        }
        if (reply.Reason.Length == 0)
        {
            meters.Accepted(kind);
        }
        else
        {
            meters.Refused(reply.Reason);
        }
        await reply.WriteAsync(context);
    }

    private static async Task<HeliconeReply> ReadAsync(HttpContext context, int limit, OtlpSender sender, Func<OtlpSender, JsonElement, Task<HeliconeReply>> handle)
    {
        var (body, refusal) = await IngestBody.ReadAsync(context.Request, limit, context.RequestAborted);
        if (body is null)
        {
            return new(refusal!.Status, refusal.Reason, refusal.Message);
        }
        using (body)
        {
            JsonDocument json;
            try
            {
                json = LooseJson.Parse(body.Memory);
            }
            catch (JsonException error)
            {
                return HeliconeReply.Bad(error.LineNumber is null ? $"The body has more than {LooseJson.MostValues} values."
                    : string.Create(CultureInfo.InvariantCulture, $"The body is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1})."));
            }
            using (json)
            {
                return json.RootElement.ValueKind == JsonValueKind.Object ? await handle(sender, json.RootElement) : HeliconeReply.Bad("The body must be a JSON object.");
            }
        }
    }
}
