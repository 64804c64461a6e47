using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Bellwether.Primitives;

namespace Bellwether.References;

/// <summary>How an answer is compared with the one that is expected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SimilarityKind>))]
public enum SimilarityKind
{
    /// <summary>By words, on this machine.</summary>
    [JsonStringEnumMemberName("lexical")] Lexical,
    /// <summary>By the cosine of embeddings, which a provider makes.</summary>
    [JsonStringEnumMemberName("embedding")] Embedding,
}

/// <summary>A question and the answer that is expected.</summary>
public sealed record ReferenceQuestion(string Question, string Answer)
{
    /// <summary>The same for as long as the question's words are.</summary>
    [JsonIgnore]
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Question.Trim())).AsSpan(0, 8));
}

/// <summary>Questions that a model is asked again and again, to see whether it still answers as it should (requirement Q2).</summary>
public sealed record ReferenceSet
{
    public required Guid Id { get; init; }
    public required ProjectId Project { get; init; }
    public required string Name { get; init; }
    public required string Model { get; init; }
    /// <summary>Configured provider; empty to choose by the model.</summary>
    public string Provider { get; init; } = "";
    /// <summary>System prompt of the questions; empty for none.</summary>
    public string System { get; init; } = "";
    public required ImmutableArray<ReferenceQuestion> Questions { get; init; }
    public SimilarityKind Similarity { get; init; }
    /// <summary>Model of the embeddings.</summary>
    public string EmbeddingModel { get; init; } = "";
    /// <summary>Answers less alike than this fail, 0 to 1.</summary>
    public double Threshold { get; init; } = 0.5;
    /// <summary>Minutes from one run to the next; 0: only when told to.</summary>
    public int EveryMinutes { get; init; } = 60;
    /// <summary>Tokens that an answer may have.</summary>
    public int MaxTokens { get; init; } = 500;
    public bool Enabled { get; init; } = true;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a probe got.</summary>
/// <param name="Similarity">Null when no answer came.</param>
/// <param name="Passed">Whether it is at least as alike as the set wanted then.</param>
/// <param name="Observation">The probe's call; null when there is none.</param>
/// <param name="Problem">Why there is no figure; empty otherwise.</param>
public sealed record ReferenceResult(string Question, DateTimeOffset At, double? Similarity, bool Passed, Guid? Observation, string Problem);
