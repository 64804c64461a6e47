using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Bellwether.Primitives;

namespace Bellwether.Evaluators;

/// <summary>How an evaluator decides. Regex and code run on this machine; a judge asks a model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EvaluatorKind>))]
public enum EvaluatorKind
{
    [JsonStringEnumMemberName("regex")] Regex,
    [JsonStringEnumMemberName("code")] Code,
    [JsonStringEnumMemberName("judge")] Judge,
}

/// <summary>The text of a call that an evaluator looks at.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EvaluatedText>))]
public enum EvaluatedText
{
    [JsonStringEnumMemberName("answer")] Answer,
    [JsonStringEnumMemberName("question")] Question,
    [JsonStringEnumMemberName("context")] Context,
}

/// <summary>One condition of a code evaluator: <c>{"check":"max_length","value":"500"}</c>. All must hold.</summary>
public sealed record CodeCheck(string Check, string Value = "");

/// <summary>Something that judges a share of the stored answers; what it says is an annotation of its name, source <c>evaluator</c>.</summary>
public sealed record Evaluator
{
    public required Guid Id { get; init; }
    public required ProjectId Project { get; init; }
    /// <summary>The annotation's name.</summary>
    public required string Name { get; init; }
    public required EvaluatorKind Kind { get; init; }
    public bool Enabled { get; init; } = true;
    /// <summary>Of the calls that fit, above 0 to 1. The same calls are always in: their ids decide.</summary>
    public double Share { get; init; } = 1;
    /// <summary>Which calls, as a search line (<c>endpoint:search model:gpt-4o</c>); empty for all.</summary>
    public string Filter { get; init; } = "";
    public EvaluatedText Target { get; init; }
    /// <summary>Of a regex evaluator; runs without backtracking.</summary>
    public string Pattern { get; init; } = "";
    /// <summary>Whether a match is what is wanted; else a match fails.</summary>
    public bool PassOnMatch { get; init; } = true;
    public ImmutableArray<CodeCheck> Checks { get; init; } = [];
    /// <summary>Of a judge: <c>coherence</c>, <c>helpfulness</c>, <c>correctness</c>, <c>groundedness</c> or <c>custom</c>.</summary>
    public string Rubric { get; init; } = "";
    /// <summary>The custom rubric's words.</summary>
    public string Instructions { get; init; } = "";
    public string Model { get; init; } = "";
    /// <summary>Configured provider; empty to choose by the model.</summary>
    public string Provider { get; init; } = "";
    /// <summary>Scores from here on pass, 0 to 1.</summary>
    public double Threshold { get; init; } = 0.5;
    /// <summary>What its calls may cost in a UTC day. Zero stops it.</summary>
    public decimal MaxUsdPerDay { get; init; } = 1;
    /// <summary>The same in tokens, for a model without a known price.</summary>
    public long MaxTokensPerDay { get; init; } = 1_000_000;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
