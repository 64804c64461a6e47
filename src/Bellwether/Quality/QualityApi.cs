using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bellwether.Detection;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Quality;

/// <summary>The validators over HTTP.</summary>
internal static class QualityApi
{
    // As the other checks of text: 10 MB of text, which escapes can make larger on the wire.
    private const int MostChars = 10 * 1024 * 1024;
    private const int MostBytes = 32 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/quality/check", CheckAsync).WithTags("Quality").RequireAuthorization(Policies.Viewer)
            .WithSummary("What the validators say of an answer").WithDescription(
                "`{question?, answer, context?, schema?}` → for each validator `{score, verdict: pass|warn|fail|unknown, reason, spans: [{start, end}]}`. A score of 1 is good and 0 is bad, null where nothing could be judged; offsets are UTF-16 units of the answer. Nothing is stored.")
            .Accepts<QualityCheckRequest>("application/json").Produces<Dictionary<string, QualityCheckResult>>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MostBytes));
    }

    private static async Task<IResult> CheckAsync(HttpContext context, AnswerValidators validators)
    {
        var (request, refusal) = await RequestBody.ReadAsync(context.Request, QualityJson.Default.QualityCheckRequest, context.RequestAborted, MostBytes);
        if (request is null)
        {
            return refusal!;
        }
        if (request.Answer is null)
        {
            return Invalid("answer", "is missing");
        }
        foreach (var (name, text) in (ReadOnlySpan<(string, string?)>)[("question", request.Question), ("answer", request.Answer), ("context", request.Context)])
        {
            if (text?.Length > MostChars) { return Results.Problem($"'{name}' may have at most {MostChars} characters.", statusCode: StatusCodes.Status413PayloadTooLarge); }
        }
        if (request.Schema.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            return Invalid("schema", "must be a JSON schema: an object, true or false");
        }
        var test = new AnswerUnderTest(request.Answer)
        {
            Question = request.Question ?? "", Context = request.Context ?? "",
            Schema = request.Schema.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? "" : request.Schema.GetRawText(),
        };
        var results = validators.Check(test).ToDictionary(result => result.Validator, View, StringComparer.Ordinal);
        return Results.Json(results, QualityJson.Default.DictionaryStringQualityCheckResult);
    }

    private static QualityCheckResult View(ValidatorResult result) =>
        new(result.Score is { } score ? Math.Round(score, 4) : null, ValidatorNames.VerdictName(result.Verdict), result.Reason, result.Spans);

    private static IResult Invalid(string field, string problem) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] }, title: "The request is not valid.");
}

/// <summary>An answer to be checked. Only <see cref="Answer"/> is needed; what is missing leaves some validators without a verdict.</summary>
internal sealed record QualityCheckRequest
{
    public string? Question { get; init; }
    public string? Answer { get; init; }
    public string? Context { get; init; }
    public JsonElement Schema { get; init; }
}

/// <summary>What a validator says.</summary>
internal sealed record QualityCheckResult(double? Score, string Verdict, string Reason, ImmutableArray<TextSpan> Spans);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(QualityCheckRequest))]
[JsonSerializable(typeof(SatisfactionView))]
[JsonSerializable(typeof(Dictionary<string, QualityCheckResult>))]
internal sealed partial class QualityJson : JsonSerializerContext;
