using System.Globalization;

namespace Bellwether.Quality;

/// <summary>How long an answer may be, in UTF-16 units.</summary>
/// <param name="Least">Shorter ones are a warning. "4" and "B" answer many a question, so the default says nothing of them.</param>
/// <param name="Most">Longer ones are a warning.</param>
public sealed record LengthLimits(int Least, int Most)
{
    public static readonly LengthLimits Default = new(1, 32_000);
}

/// <summary>Too short, too long, or cut off by the provider's limit.</summary>
internal static class LengthValidator
{
    public static ValidatorResult Check(AnswerUnderTest test, LengthLimits limits)
    {
        var length = test.Answer.AsSpan().Trim().Length;
        if (test.WasCut) { return Warn(0.5, "The answer was cut off at the limit of tokens."); }
        if (length < limits.Least && !test.CallsTools) { return Warn((double)length / limits.Least, $"The answer has {Number(length)} characters, fewer than {Number(limits.Least)}."); }
        return length > limits.Most ? Warn((double)limits.Most / length, $"The answer has {Number(length)} characters, more than {Number(limits.Most)}.")
            : ValidatorResult.Pass(ValidatorNames.Length);
    }

    private static ValidatorResult Warn(double score, string reason) => new(ValidatorNames.Length, score, ValidatorVerdict.Warn, reason);

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
