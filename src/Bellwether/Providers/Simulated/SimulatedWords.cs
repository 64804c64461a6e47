using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bellwether.Providers;

/// <summary>Words of a question that an answer can take up.</summary>
internal static partial class SimulatedWords
{
    // A prompt may be megabytes long; its beginning says what it is about.
    private const int LongestQuestion = 2_000;

    private static readonly FrozenSet<string> s_stop = """
        a about above after again all also am an and any are as at be because been before being below between both but by can could
        did do does doing down during each every few for from further get give had has have having he her here hers him his how i if in into
        is it its just let like make me more most my need no nor not now of off on once one only or other our out over own please
        same say she should show so some such tell than that the their them then there these they this those through to too
        two under until up us use very want was we were what when where which while who whom why will with would write you your
        answer explain describe summarise summarize list sentence sentences word words short brief briefly using work works working possible detail detailed
        der die das ein eine einen ist bei auf mit für von wie warum kann können ich sie bitte nicht auch und oder mein meine meiner
        le la les un une des est pour avec que qui dans comment pourquoi quelle quel mon ma je vous puis
        el los las unos una con para por que qué cómo cuánto mi puedo quiero
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Of(string text)
    {
        foreach (Match match in Word().Matches(text.Length > LongestQuestion ? text[..LongestQuestion] : text))
        {
            if (match.Length > 2 && !s_stop.Contains(match.Value))
            {
                yield return match.Value;
            }
        }
    }

    /// <summary>The longest run of content words near the end of the question: "refund policy", "bubble sort".</summary>
    public static string Topic(string question)
    {
        var words = Of(question).Take(40).ToArray();
        return words.Length switch
        {
            0 => "this",
            1 => words[0],
            _ => question.Contains(words[0] + " " + words[1], StringComparison.Ordinal) || words.Length == 2 ? $"{words[0]} {words[1]}" : $"{words[^2]} {words[^1]}",
        };
    }

    public static long? FirstInteger(string text)
    {
        var match = Integer().Match(text.Length > LongestQuestion ? text[..LongestQuestion] : text);
        return match.Success && long.TryParse(match.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>A plausible text for a schema field: what stands after "in", "for" or in quotes, else the topic.</summary>
    public static string ForField(string name, string question)
    {
        var quoted = Quoted().Match(question.Length > LongestQuestion ? question[..LongestQuestion] : question);
        if (quoted.Success)
        {
            return quoted.Groups[1].Value;
        }
        var named = After().Match(question.Length > LongestQuestion ? question[..LongestQuestion] : question);
        return named.Success ? named.Groups[1].Value : name switch
        {
            "id" or "order_id" => "A-10293",
            "email" => "sam@example.com",
            "date" => "2026-11-24",
            "query" or "question" or "q" => question.Length > 120 ? question[..120] : question,
            _ => Topic(question),
        };
    }

    [GeneratedRegex(@"\p{L}[\p{L}\p{Nd}'-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\b\d{1,12}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();

    [GeneratedRegex("[\"“']([^\"”']{2,60})[\"”']", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(?:in|for|to|from|of)\s+(\p{Lu}[\p{L}-]+(?:\s\p{Lu}[\p{L}-]+)?)", RegexOptions.CultureInvariant)]
    private static partial Regex After();
}
