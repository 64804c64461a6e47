using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.References;

/// <summary>A set as somebody wants it: the body of the API and what the page sends.</summary>
public sealed record ReferenceSetDraft
{
    private const int MostQuestions = 100;
    private const int LongestText = 20_000;
    private const int LongestInterval = 60 * 24 * 31;

    public string? Project { get; init; }
    public string? Name { get; init; }
    public string? Model { get; init; }
    public string? Provider { get; init; }
    public string? System { get; init; }
    public IReadOnlyList<ReferenceQuestion>? Questions { get; init; }
    public SimilarityKind? Similarity { get; init; }
    public string? EmbeddingModel { get; init; }
    public double? Threshold { get; init; }
    public int? EveryMinutes { get; init; }
    public int? MaxTokens { get; init; }
    public bool? Enabled { get; init; }

    /// <summary>The set that is meant, or what is wrong by field.</summary>
    /// <param name="providers">Names of the configured providers.</param>
    public Change<ReferenceSet> Read(Guid id, ProjectId project, DateTimeOffset created, DateTimeOffset now, IReadOnlyCollection<string> providers)
    {
        var asked = Questions?.Where(question => !string.IsNullOrWhiteSpace(question?.Question)).Select(question => question.Id).ToList() ?? [];
        var errors = new FieldErrors().CheckName(Name, "name").CheckName(Model, "model", 200)
            .Check(string.IsNullOrWhiteSpace(Provider) || providers.Contains(Provider.Trim(), StringComparer.OrdinalIgnoreCase), "provider", "is not configured")
            .Check((System?.Length ?? 0) <= LongestText, "system", $"may have at most {LongestText} characters")
            .Check(Questions is { Count: > 0 and <= MostQuestions }, "questions", $"must be 1 to {MostQuestions}")
            .Check(Questions is null || Questions.All(question => !string.IsNullOrWhiteSpace(question?.Question) && !string.IsNullOrWhiteSpace(question.Answer)), "questions", "must each have a question and an answer")
            .Check(Questions is null || Questions.All(question => (question?.Question?.Length ?? 0) <= LongestText && (question?.Answer?.Length ?? 0) <= LongestText), "questions", $"may have texts of at most {LongestText} characters")
            .Check(asked.Distinct(StringComparer.Ordinal).Count() == asked.Count, "questions", "must not ask the same twice")
            .Check(Threshold is null or (>= 0 and <= 1), "threshold", "must be 0 to 1")
            .Check(EveryMinutes is null or 0 or (>= 5 and <= LongestInterval), "every_minutes", $"must be 5 to {LongestInterval}, or 0 for only when told to")
            .Check(MaxTokens is null or (>= 1 and <= 100_000), "max_tokens", "must be 1 to 100,000")
            .Check(Similarity != SimilarityKind.Embedding || !string.IsNullOrWhiteSpace(EmbeddingModel), "embedding_model", "is needed to compare by embeddings")
            .Check((EmbeddingModel?.Length ?? 0) <= 200, "embedding_model", "may have at most 200 characters");
        if (errors.Any)
        {
            return errors.ToChange();
        }
        var usual = new ReferenceSet { Id = id, Project = project, Name = Name!.Trim(), Model = Model!.Trim(), Questions = [.. Questions!], CreatedAt = created, UpdatedAt = now };
        return usual with
        {
            Provider = Provider?.Trim() ?? "", System = System ?? "", Similarity = Similarity ?? usual.Similarity, EmbeddingModel = EmbeddingModel?.Trim() ?? "", Threshold = Threshold ?? usual.Threshold,
            EveryMinutes = EveryMinutes ?? usual.EveryMinutes, MaxTokens = MaxTokens ?? usual.MaxTokens, Enabled = Enabled ?? usual.Enabled,
        };
    }
}
