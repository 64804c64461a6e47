using System.Globalization;
using System.Text.RegularExpressions;

namespace Bellwether.Evaluators;

/// <summary>
/// Regular expressions that anybody may write and any text may meet: they run in time that grows with the text alone (no backtracking),
/// which leaves out what cannot be done that way.
/// </summary>
internal static class SafePattern
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Why a pattern cannot be used, to follow its name in a sentence; null when it can.</summary>
    public static string? WhyNot(string pattern)
    {
        if (Unfolded(pattern) > MostUnfolded) { return TooLarge; }
        try
        {
            _ = new Regex(pattern, Options);
            return null;
        }
        catch (NotSupportedException)
        {
            return "uses look-around, a back-reference, an atomic group or a condition. Patterns run without backtracking, so that no text can make a check slow, and these need it";
        }
        catch (ArgumentException error) when (error is RegexParseException parse)
        {
            return FormattableString.Invariant($"is not a regular expression: {parse.Error} at character {parse.Offset}");
        }
        catch (ArgumentException)
        {
            return "is not a regular expression";
        }
        catch (InsufficientExecutionStackException)
        {
            return TooLarge;
        }
    }

    // Counted repetitions in one another multiply: (a{1000}){1000} has a million states. All counts of a pattern are taken as if they were nested,
    // which is too strict for some and cheap for all.
    private static double Unfolded(string pattern) =>
        s_counts.Matches(pattern).Aggregate(1.0, (size, match) => size * Math.Max(1, double.Parse(match.Groups[match.Groups[2].Success ? 2 : 1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)));

    private const double MostUnfolded = 100_000;
    private static readonly Regex s_counts = new(@"\{([0-9]{1,9}),?([0-9]{1,9})?\}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public static Regex Compile(string pattern) => new(pattern, Options);

    private const string TooLarge = "is too large when it is unfolded; use smaller counts in braces";
}
