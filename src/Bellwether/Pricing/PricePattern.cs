using System.Text.RegularExpressions;

namespace Bellwether.Pricing;

/// <summary>
/// The regular expressions of the shipped price table: some forty, over the names of models and the addresses of providers. The
/// non-backtracking engine would keep a quarter of a megabyte of tables for each. What it protects from, a pattern that a caller's
/// model name sends backtracking for long, is kept out here instead: at most one unbounded repetition, so the work is bounded by the
/// square of a name's length.
/// </summary>
internal static class PricePattern
{
    /// <summary>Throws <see cref="FormatException"/> for a pattern with more than one unbounded repetition.</summary>
    public static Regex Of(string pattern)
    {
        var repetitions = 0;
        for (var i = 1; i < pattern.Length; i++)
        {
            var isEscaped = pattern[i - 1] == '\\';
            if (!isEscaped && (pattern[i] is '*' or '+' || (pattern[i] == '}' && pattern[i - 1] == ',')))
            {
                repetitions++;
            }
        }
        return repetitions <= 1
            ? new Regex(pattern, RegexOptions.CultureInvariant)
            : throw new FormatException($"Price table: the pattern '{pattern}' has more than one unbounded repetition.");
    }
}
