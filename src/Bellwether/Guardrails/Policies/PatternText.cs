using System.Text.RegularExpressions;

namespace Bellwether.Guardrails;

/// <summary>Regular expressions that operators write. They see hostile texts, so only those are taken whose time grows no faster than the text.</summary>
internal static class PatternText
{
    private const int MostLength = 500;
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
    private static readonly TimeSpan s_wall = TimeSpan.FromMilliseconds(250);

    public static Regex Compile(string pattern) => new(pattern, Options, s_wall);

    /// <summary>Null: it can be used.</summary>
    public static string? Problem(string? pattern)
    {
        if (string.IsNullOrEmpty(pattern) || pattern.Length > MostLength)
        {
            return $"must be a regular expression of 1 to {MostLength} characters";
        }
        try
        {
            return Compile(pattern).IsMatch("") ? "matches the empty text, so it would match every prompt" : null;
        }
        catch (RegexParseException error)
        {
            return $"is not a regular expression ({error.Error} at character {error.Offset})";
        }
        catch (NotSupportedException)
        {
            return "has look-around, a back-reference, an atomic group or a condition, or is too large when written out. Those need backtracking, whose time can grow without bound with the text, and callers choose the text";
        }
        catch (RegexMatchTimeoutException)
        {
            return "takes too long";
        }
    }
}
