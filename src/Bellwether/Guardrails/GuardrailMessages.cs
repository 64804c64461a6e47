using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>The body of <c>POST /api/v1/guardrails/check</c>.</summary>
internal sealed record GuardrailCheckRequest(string? Text, string? Channel, string? System, string? Context, string? Question);

/// <summary>What each detector says; null where it is not in this build.</summary>
internal sealed record GuardrailCheckAnswer(GuardrailFinding? Injection, GuardrailFinding? Leak, GuardrailFinding? Pii, GuardrailFinding? Harm)
{
    public static GuardrailCheckAnswer Of(IReadOnlyList<(string Detector, DetectorReport Report)> reports)
    {
        return new(Find("injection"), Find("leak"), Find("pii"), Find("harm"));

        GuardrailFinding? Find(string name)
        {
            foreach (var (detector, report) in reports)
            {
                if (detector == name)
                {
                    return GuardrailFinding.Of(report);
                }
            }
            return null;
        }
    }
}

/// <param name="Score">0 to 1.</param>
/// <param name="Verdict"><c>pass</c>, <c>flag</c>, <c>block</c> or <c>unknown</c>.</param>
/// <param name="Spans">Offsets in UTF-16 units.</param>
/// <param name="Categories">Scores of the parts of a detector that looks for several things.</param>
internal sealed record GuardrailFinding(
    double Score, string Verdict, ImmutableArray<string> Reasons, ImmutableArray<TextSpan> Spans,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, double>? Categories)
{
    public static GuardrailFinding Of(DetectorReport report) => new(
        Rounded(report.Score), GuardrailMeters.Name(report.Verdict), report.Reasons, report.Spans,
        report.Parts.IsEmpty ? null : report.Parts.ToDictionary(part => part.Name, part => Rounded(part.Score)));

    private static double Rounded(double score) => Math.Round(score, 6);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GuardrailCheckRequest))]
[JsonSerializable(typeof(GuardrailCheckAnswer))]
internal sealed partial class GuardrailsJson : JsonSerializerContext;
