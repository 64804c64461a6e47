using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;

namespace Bellwether.Evaluators;

/// <summary>An evaluator as somebody wants it: the body of the API and what the page sends.</summary>
public sealed record EvaluatorDraft
{
    private const int LongestPattern = 2_000;
    private const int LongestInstructions = 8_000;
    private const int MostChecks = 20;

    public string? Project { get; init; }
    public string? Name { get; init; }
    public EvaluatorKind? Kind { get; init; }
    public bool? Enabled { get; init; }
    public double? Share { get; init; }
    public string? Filter { get; init; }
    public EvaluatedText? Target { get; init; }
    public string? Pattern { get; init; }
    public bool? PassOnMatch { get; init; }
    public IReadOnlyList<CodeCheck>? Checks { get; init; }
    public string? Rubric { get; init; }
    public string? Instructions { get; init; }
    public string? Model { get; init; }
    public string? Provider { get; init; }
    public double? Threshold { get; init; }
    public decimal? MaxUsdPerDay { get; init; }
    public long? MaxTokensPerDay { get; init; }

    /// <summary>The evaluator that is meant, or what is wrong by field.</summary>
    /// <param name="providers">Names of the configured providers.</param>
    public Change<Evaluator> Read(Guid id, ProjectId project, DateTimeOffset created, DateTimeOffset now, IReadOnlyCollection<string> providers)
    {
        var errors = new FieldErrors().CheckName(Name, "name")
            .Check(Kind is not null, "kind", "must be regex, code or judge")
            .Check(Share is null or (> 0 and <= 1), "share", "must be above 0 and at most 1")
            .Check(Threshold is null or (>= 0 and <= 1), "threshold", "must be 0 to 1");
        CheckFilter(errors);
        switch (Kind)
        {
            case EvaluatorKind.Regex:
                errors.Check(!string.IsNullOrEmpty(Pattern), "pattern", "is needed").Check((Pattern?.Length ?? 0) <= LongestPattern, "pattern", $"may have at most {LongestPattern} characters");
                if (!string.IsNullOrEmpty(Pattern) && Pattern.Length <= LongestPattern && SafePattern.WhyNot(Pattern) is { } problem) { errors.Check(false, "pattern", problem); }
                break;
            case EvaluatorKind.Code:
                errors.Check(Checks is { Count: > 0 and <= MostChecks }, "checks", $"must be 1 to {MostChecks} conditions");
                foreach (var check in Checks ?? [])
                {
                    if (CodeChecks.WhyNot(check) is { } wrong) { errors.Check(false, "checks", wrong); }
                }
                break;
            case EvaluatorKind.Judge:
                CheckJudge(errors, providers);
                break;
            case null:
                break;
        }
        if (errors.Any)
        {
            return errors.ToChange();
        }
        var usual = new Evaluator { Id = id, Project = project, Name = Name!.Trim(), Kind = Kind!.Value, CreatedAt = created, UpdatedAt = now };
        return usual with
        {
            Enabled = Enabled ?? usual.Enabled, Share = Share ?? usual.Share, Filter = Filter?.Trim() ?? "", Target = Target ?? usual.Target,
            Pattern = Kind == EvaluatorKind.Regex ? Pattern! : "", PassOnMatch = PassOnMatch ?? usual.PassOnMatch, Checks = Kind == EvaluatorKind.Code ? [.. Checks!] : [],
            Rubric = Kind == EvaluatorKind.Judge ? Rubric! : "", Instructions = Instructions ?? "", Model = Model?.Trim() ?? "", Provider = Provider?.Trim() ?? "",
            Threshold = Threshold ?? usual.Threshold, MaxUsdPerDay = MaxUsdPerDay ?? usual.MaxUsdPerDay, MaxTokensPerDay = MaxTokensPerDay ?? usual.MaxTokensPerDay,
        };
    }

    private void CheckJudge(FieldErrors errors, IReadOnlyCollection<string> providers) => errors
        .Check(Rubric is { } rubric && JudgeRubrics.Names.Contains(rubric), "rubric", $"must be one of {string.Join(", ", JudgeRubrics.Names)}")
        .Check(Rubric != JudgeRubrics.Custom || !string.IsNullOrWhiteSpace(Instructions), "instructions", "are needed for a custom rubric")
        .Check((Instructions?.Length ?? 0) <= LongestInstructions, "instructions", $"may have at most {LongestInstructions} characters")
        .CheckName(Model, "model", 200)
        .Check(string.IsNullOrWhiteSpace(Provider) || providers.Contains(Provider.Trim(), StringComparer.OrdinalIgnoreCase), "provider", "is not configured")
        .Check(MaxUsdPerDay is null or (>= 0 and <= 10_000), "max_usd_per_day", "must be 0 to 10,000")
        .Check(MaxTokensPerDay is null or (>= 0 and <= 1_000_000_000_000), "max_tokens_per_day", "must be 0 to 1,000,000,000,000");

    private void CheckFilter(FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(Filter)) { return; }
        if (!FilterSyntax.TryParse(Filter, out var expression, out var problem)) { errors.Check(false, "filter", problem!.Message); }
        else if (CallFilter.WhyNot(expression) is { } reason) { errors.Check(false, "filter", reason); }
    }
}
