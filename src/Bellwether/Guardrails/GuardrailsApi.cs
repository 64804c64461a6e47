using Bellwether.Detection;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Guardrails;

/// <summary>Guardrails over HTTP, for applications that do not call through the gateway and for the try-it panel. Nothing is stored.</summary>
internal static class GuardrailsApi
{
    /// <summary>Of the text, in bytes of UTF-8.</summary>
    private const int MostTextBytes = 10 * 1024 * 1024;
    // Two texts, and JSON that writes other letters as \uXXXX.
    private const int MostBodyBytes = 28 * 1024 * 1024;

    // A check reads nothing of the project, so any of its keys will do, also one that may only call models.
    private static readonly AuthorizationPolicy s_anyone = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim(Claims.Project).Build();

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/guardrails/check", CheckAsync)
        .WithTags("Guardrails")
        .RequireAuthorization(s_anyone)
        .WithSummary("Check a text with every detector")
        .WithDescription("`{text, channel?: user|document|system|answer, system?, context?, question?}`. The channel is `user` when not said. Scores are 0 to 1; spans are offsets into `text` in UTF-16 units, `end` exclusive. A member is null when its detector is not in this build; verdict `unknown` means that it failed, took too long, or that the server runs without its model. A text may have 10 MB. Nothing is stored.")
        .Accepts<GuardrailCheckRequest>("application/json").Produces<GuardrailCheckAnswer>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge);

    private static async Task<IResult> CheckAsync(HttpContext context, GuardrailChecks checks)
    {
        var (request, refusal) = await RequestBody.ReadAsync(context.Request, GuardrailsJson.Default.GuardrailCheckRequest, context.RequestAborted, MostBodyBytes);
        if (request is null)
        {
            return refusal!;
        }
        var errors = new FieldErrors()
            .Check(request.Text is not null, "text", "is needed")
            .Check(Channel(request.Channel) is not null, "channel", "must be user, document, system or answer");
        if (errors.Any)
        {
            return Results.ValidationProblem(errors.ToChange().Errors.ToDictionary(), title: "The request is not valid.");
        }
        foreach (var (name, text) in (ReadOnlySpan<(string, string?)>)[("text", request.Text), ("system", request.System), ("context", request.Context), ("question", request.Question)])
        {
            if (text is not null && System.Text.Encoding.UTF8.GetByteCount(text) > MostTextBytes)
            {
                return Results.Problem($"{name} may have at most 10 MB.", statusCode: StatusCodes.Status413PayloadTooLarge);
            }
        }
        var input = new DetectorInput(request.Text, Channel(request.Channel)!.Value) { System = request.System, Context = request.Context, Question = request.Question };
        return Results.Json(GuardrailCheckAnswer.Of(checks.Check(input)), GuardrailsJson.Default.GuardrailCheckAnswer);
    }

    private static TextChannel? Channel(string? name) => name switch
    {
        null or "user" => TextChannel.User,
        "document" => TextChannel.Document,
        "system" => TextChannel.System,
        "answer" => TextChannel.Answer,
        _ => null,
    };
}
