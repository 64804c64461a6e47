using System.Text;
using System.Text.RegularExpressions;

namespace Bellwether.Providers;

/// <summary>Plausible answers: sentences about the words of the question, in its language as far as four go. Nothing in them is true.</summary>
internal static partial class SimulatedProse
{
    private static readonly string[] s_openers =
    [
        "The short answer on {topic}: it depends mostly on {a}, and a little on {b}.",
        "Good question. With {topic}, the part that people overlook is {a}.",
        "Here is how I would approach {topic}.",
        "{Topic} comes down to three things: {a}, {b} and a little patience.",
        "In most cases {topic} works as you would expect, with one exception worth knowing.",
        "Let's take {topic} step by step.",
        "Yes, that is possible. {Topic} is supported, provided that {a} is set up first.",
    ];

    private static readonly string[] s_body =
    [
        "Start with {a}, because everything else follows from it.",
        "If {b} changes later, you only have to repeat the last step.",
        "A common mistake is to treat {a} and {b} as the same thing; they behave differently under load.",
        "Keep an eye on {b}: small differences there tend to add up over a week.",
        "For a first version, a simple rule for {a} is usually good enough.",
        "Most teams review {topic} once a month and adjust when the numbers move.",
        "When {a} is not available, fall back to {b} and make a note of it.",
        "The documentation describes {a} in more detail, including the limits that apply.",
        "It helps to write down what you expect of {topic} before you measure it.",
        "In practice the cost of {a} is small compared with the time that {b} takes.",
        "You can check the result by comparing {a} before and after the change.",
        "Should {b} fail, nothing is lost: the earlier state is kept until the next run.",
        "There are two ways to do it, and the second is easier to undo.",
        "For most customers this takes between two and five working days.",
        "I would not change {b} at the same time, so that you can tell which of the two made the difference.",
        "One example: a team of six moved {topic} in an afternoon and found only {a} left to fix.",
    ];

    private static readonly string[] s_closers =
    [
        "If you tell me more about {a}, I can be more specific.",
        "Let me know whether you would like an example for {topic}.",
        "That should cover {topic}; the rest is detail.",
        "Would you like me to go through {b} as well?",
        "In short: begin with {a}, verify, then look at {b}.",
    ];

    private static readonly string[] s_code =
    [
        "Here is a small function for {topic}:\n\n```python\ndef handle(items, limit=10):\n    \"\"\"Keep the first `limit` distinct items, in order.\"\"\"\n    seen = set()\n    result = []\n    for item in items:\n        if item in seen:\n            continue\n        seen.add(item)\n        result.append(item)\n        if len(result) == limit:\n            break\n    return result\n```\n\nIt runs in linear time. Call `handle(data)` and compare the result with what you expect of {a}.",
        "This query answers it:\n\n```sql\nSELECT customer_id, count(*) AS orders, sum(total) AS revenue\nFROM orders\nWHERE created_at >= now() - interval '30 days'\nGROUP BY customer_id\nORDER BY revenue DESC\nLIMIT 20;\n```\n\nAn index on `created_at` keeps it fast. Mind {b} when rows can be missing.",
        "You could write it like this:\n\n```csharp\npublic static IEnumerable<T> DistinctFirst<T>(IEnumerable<T> items, int limit)\n{\n    var seen = new HashSet<T>();\n    return items.Where(seen.Add).Take(limit);\n}\n```\n\n`HashSet.Add` returns false for what it already holds, which is all that {topic} needs here.",
    ];

    private static readonly string[] s_german =
    [
        "Kurz gesagt: Bei {topic} kommt es vor allem auf {a} an.", "Beginnen Sie mit {a}, danach ergibt sich der Rest fast von selbst.",
        "Falls sich {b} später ändert, genügt es, den letzten Schritt zu wiederholen.", "In der Regel dauert das zwei bis fünf Werktage.",
        "Achten Sie auf {b}: Kleine Abweichungen summieren sich.", "Geben Sie mir gern Bescheid, wenn Sie ein Beispiel für {topic} brauchen.",
    ];

    private static readonly string[] s_french =
    [
        "En bref, pour {topic}, tout dépend surtout de {a}.", "Commencez par {a} ; le reste suit presque tout seul.",
        "Si {b} change plus tard, il suffit de répéter la dernière étape.", "En général, cela prend entre deux et cinq jours ouvrés.",
        "Surveillez {b} : les petits écarts s'accumulent.", "Dites-moi si vous souhaitez un exemple pour {topic}.",
    ];

    private static readonly string[] s_spanish =
    [
        "En resumen, con {topic} lo más importante es {a}.", "Empiece por {a}; lo demás viene casi solo.",
        "Si {b} cambia más adelante, basta con repetir el último paso.", "Normalmente tarda entre dos y cinco días laborables.",
        "Preste atención a {b}: las pequeñas diferencias se acumulan.", "Avíseme si quiere un ejemplo de {topic}.",
    ];

    private static readonly string[] s_japanese =
    [
        "{topic}については、まず{a}を確認してください。", "その後、{b}を設定すれば完了です。", "通常は二日から五日ほどかかります。", "ご不明な点があれば、お気軽にお知らせください。",
    ];

    /// <summary>Text of about <paramref name="tokens"/> tokens.</summary>
    public static string Answer(string question, string? toolResult, int tokens, ref SimulatedDice dice)
    {
        var words = SimulatedWords.Of(question).Take(40).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        var topic = SimulatedWords.Topic(question);
        var a = words.Length > 0 ? words[dice.Next(words.Length)] : "the setup";
        var b = words.Length > 1 ? words[dice.Next(words.Length)] : "the schedule";
        b = b == a ? "the timing" : b;

        var text = new StringBuilder();
        if (toolResult is not null)
        {
            text.Append("According to the lookup, ").Append(Shorten(toolResult)).Append('.');
        }
        else if (Code().IsMatch(question))
        {
            text.Append(Put(dice.Pick(s_code), topic, a, b));
        }
        var native = Native(question);
        if (text.Length == 0 && native is null)
        {
            text.Append(Put(dice.Pick(s_openers), topic, a, b));
        }
        Fill(text, native ?? s_body, topic, a, b, tokens, ref dice);
        if (native is null && tokens > 30)
        {
            text.Append(text.Length > 900 ? "\n\n" : " ").Append(Put(dice.Pick(s_closers), topic, a, b));
        }
        return text.ToString();
    }

    /// <summary>What a reasoning model would think before it answers.</summary>
    public static string Reasoning(string question)
    {
        var topic = SimulatedWords.Topic(question);
        return $"The user asks about {topic}. First I should settle what they already know, then give the main point, and mention the exception last. A short answer is enough.";
    }

    private static void Fill(StringBuilder text, string[] sentences, string topic, string a, string b, int tokens, ref SimulatedDice dice)
    {
        var at = dice.Next(sentences.Length);
        var sinceBreak = 0;
        // Four characters a token, the last sentence left for the closing.
        for (var i = 0; text.Length < tokens * 4 - 60 || text.Length == 0; i++)
        {
            var separator = text.Length == 0 ? "" : ++sinceBreak % 5 == 0 ? "\n\n" : " ";
            text.Append(separator).Append(Put(sentences[(at + i * 5) % sentences.Length], topic, a, b));
        }
    }

    private static string Put(string template, string topic, string a, string b) => template
        .Replace("{topic}", topic, StringComparison.Ordinal)
        .Replace("{Topic}", char.ToUpperInvariant(topic[0]) + topic[1..], StringComparison.Ordinal)
        .Replace("{a}", a, StringComparison.Ordinal)
        .Replace("{b}", b, StringComparison.Ordinal);

    private static string Shorten(string result)
    {
        var line = result.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length > 160 ? line[..160] + "…" : line.Length == 0 ? "nothing was found" : line;
    }

    private static string[]? Native(string question)
    {
        var start = question.Length > 200 ? question[..200] : question;
        return Japanese().IsMatch(start) ? s_japanese
            : German().IsMatch(start) ? s_german
            : French().IsMatch(start) ? s_french
            : Spanish().IsMatch(start) ? s_spanish
            : null;
    }

    [GeneratedRegex(@"\b(code|function|script|python|javascript|typescript|c#|sql|query|regex|class)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Code();

    [GeneratedRegex(@"\b(wie|warum|können|bitte|ich|nicht|und|meine)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex German();

    [GeneratedRegex(@"\b(pourquoi|est-ce|je|vous|puis|quel|quelle|une)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex French();

    [GeneratedRegex(@"\b(cómo|qué|puedo|quiero|cuál|está)\b|[¿¡]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Spanish();

    [GeneratedRegex(@"[\u3040-\u30ff]", RegexOptions.CultureInvariant)]
    private static partial Regex Japanese();
}
