using System.Collections.Frozen;

namespace Bellwether.Detection;

/// <summary>
/// Names of settings and measurements: <c>tool_call_id</c>, <c>call_duration_ns</c>, <c>runTokens</c>. They may hold a word that
/// announces a number of a person ("call", "run"), but their own number is nobody's.
/// </summary>
internal static class TechnicalNames
{
    private const int LongestName = 40;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_measures = Of(
        "at", "ms", "ns", "us", "sec", "secs", "seconds", "micros", "millis", "nano", "nanos", "duration", "time", "timestamp", "epoch", "count", "counts", "total", "tokens", "size", "bytes", "length",
        "offset", "index", "seed", "hash", "version", "cost", "latency", "usage", "limit");

    // "account_id" and "national_id" may be a person's, these may not.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_things = Of(
        "call", "run", "request", "trace", "span", "session", "message", "response", "completion", "thread", "job", "batch", "event", "observation", "generation", "parent", "build", "commit", "process", "block", "model", "tool", "function", "chunk", "task", "step", "deployment", "pipeline");

    /// <summary>Whether the number that begins there is the value of such a name: the name, a colon or an equals sign, perhaps quotes.</summary>
    public static bool Announce(in TextScan scan, int number)
    {
        var at = number;
        var sign = false;
        while (at > 0 && number - at < 6 && scan.Text[at - 1] is ' ' or '"' or '\'' or '\\' or ':' or '=')
        {
            sign |= scan.Text[--at] is ':' or '=';
        }
        var start = at;
        while (sign && start > 0 && at - start < LongestName && (char.IsAsciiLetterOrDigit(scan.Text[start - 1]) || scan.Text[start - 1] is '_' or '.' or '-'))
        {
            start--;
        }
        var name = scan.Text[start..at];
        var last = Last(ref name);
        // A word by itself is an everyday word: "time: …".
        return !name.IsEmpty && (s_measures.Contains(last) || (last is "id" or "Id" or "ID" or "ids" or "Ids" && s_things.Contains(Last(ref name))));
    }

    // Takes the last word off a name in snake_case, kebab-case, dotted or camelCase.
    private static ReadOnlySpan<char> Last(ref ReadOnlySpan<char> name)
    {
        var whole = name;
        var start = whole.Length;
        while (start > 0 && char.IsAsciiLetterOrDigit(whole[start - 1]) && !(start < whole.Length && char.IsAsciiLetterUpper(whole[start]) && char.IsAsciiLetterLower(whole[start - 1])))
        {
            start--;
        }
        name = whole[..start].TrimEnd("_.-");
        return whole[start..];
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Of(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
