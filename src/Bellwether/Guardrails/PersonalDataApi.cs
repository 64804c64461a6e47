using System.Text;
using System.Text.Json.Serialization;
using Bellwether.Detection;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Guardrails;

/// <summary>Personal data and secrets of a text, and the text without them. Nothing of it is stored.</summary>
internal static class PersonalDataApi
{
    private const int MostTextBytes = 10 << 20;
    // JSON's escapes need more bytes than the text.
    private const int MostBodyBytes = 24 << 20;

    [ThreadStatic]
    private static FindingBuffer? s_found;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/pii/redact", RedactAsync).WithTags("Guardrails").RequireAuthorization(Policies.Viewer)
        .WithSummary("Find personal data and secrets in a text and take them out")
        .WithDescription("`{text}` → `{redacted, entities: [{type, start, end, score}]}`. `start` and `end` (exclusive) are UTF-16 units of the text as it was sent. The text may have at most 10 MB and is not stored.")
        .Accepts<RedactRequest>("application/json").Produces<RedactReply>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> RedactAsync(HttpContext context, GuardrailChecks checks, CancellationToken cancellationToken)
    {
        var (request, refusal) = await RequestBody.ReadAsync(context.Request, GuardrailsPersonalDataJson.Default.RedactRequest, cancellationToken, MostBodyBytes);
        if (request is null)
        {
            return refusal!;
        }
        if (request.Text is not { } text)
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { ["text"] = ["is needed"] }, title: "The request is not valid.");
        }
        return Encoding.UTF8.GetByteCount(text) > MostTextBytes
            ? Results.Problem($"text may have at most {MostTextBytes} bytes.", statusCode: StatusCodes.Status413PayloadTooLarge)
            : Redact(text, checks) is { } reply ? Results.Json(reply, GuardrailsPersonalDataJson.Default.RedactReply)
            : Results.Problem("text could not be looked through to its end, so nothing of it is given back: looking for personal data failed or took longer than Bellwether:Detection:DetectorTime. It was counted.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <returns>Null: it failed or took too long.</returns>
    private static RedactReply? Redact(string text, GuardrailChecks checks)
    {
        var found = s_found ??= new FindingBuffer();
        if (!checks.TryFind(text, found))
        {
            return null;
        }
        var entities = new List<PersonalDataEntity>(found.Count);
        var redacted = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var finding in found.Items)
        {
            redacted.Append(text, copied, finding.Start - copied).Append(Placeholders.Of(finding.Type));
            copied = finding.End;
            entities.Add(new PersonalDataEntity(finding.Type.Name(), finding.Start, finding.End, Math.Round(finding.Confidence, 3)));
        }
        return new RedactReply(redacted.Append(text, copied, text.Length - copied).ToString(), entities);
    }
}

/// <summary>The body of <c>POST /api/v1/pii/redact</c>.</summary>
internal sealed record RedactRequest(string? Text);

internal sealed record RedactReply(string Redacted, IReadOnlyList<PersonalDataEntity> Entities);

/// <param name="Start">In UTF-16 units.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Score">0 to 1.</param>
internal sealed record PersonalDataEntity(string Type, int Start, int End, double Score);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RedactRequest))]
[JsonSerializable(typeof(RedactReply))]
internal sealed partial class GuardrailsPersonalDataJson : JsonSerializerContext;
