using System.ComponentModel.DataAnnotations;

namespace Bellwether.Evaluators;

/// <summary>Evaluators and probes.</summary>
public sealed class EvaluatorsOptions
{
    /// <summary>Calls to judges at a time. More judge faster and take more of the provider's rate.</summary>
    [Range(1, 64)]
    public int ConcurrentJudges { get; set; } = 4;

    /// <summary>Characters of the question, the context and the answer each that an evaluator gets. More costs more tokens.</summary>
    [Range(1_000, 200_000)]
    public int JudgedCharacters { get; set; } = 16_000;
}
