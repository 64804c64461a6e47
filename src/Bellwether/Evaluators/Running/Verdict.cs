namespace Bellwether.Evaluators;

/// <summary>What an evaluator says of a call.</summary>
/// <param name="Score">0 to 1, and 1 is good.</param>
/// <param name="Reason">Words for a person; a judge's own may quote the answer, and are hostile text.</param>
public readonly record struct Verdict(double Score, bool Passed, string Reason);
