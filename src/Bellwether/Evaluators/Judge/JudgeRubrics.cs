namespace Bellwether.Evaluators;

/// <summary>What a judge is asked, by name.</summary>
internal static class JudgeRubrics
{
    public static readonly string Custom = "custom";

    public static readonly IReadOnlyList<string> Names = ["coherence", "helpfulness", "correctness", "groundedness", Custom];

    public static string Of(Evaluator evaluator) => evaluator.Rubric switch
    {
        "coherence" => "Is the ANSWER well organised, free of contradictions with itself, and easy to follow? Do not judge whether it is true.",
        "helpfulness" => "Does the ANSWER do what the QUESTION asks for, completely and without needless text? An answer that declines without need is not helpful.",
        "correctness" => "Is what the ANSWER states true, as far as you can tell from the QUESTION, the CONTEXT and what is commonly known? Judge every statement; one plain error makes it at most 2.",
        "groundedness" => "Is every statement of the ANSWER supported by the CONTEXT? What is not in the CONTEXT is unsupported even when it is true. One unsupported statement makes it at most 3, one that contradicts the CONTEXT at most 2.",
        _ => evaluator.Instructions,
    };
}
