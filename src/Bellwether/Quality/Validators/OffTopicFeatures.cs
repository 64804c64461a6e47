using System.Buffers;

namespace Bellwether.Quality;

/// <summary>What can be seen of whether an answer belongs to a question: shared words by weight, and whether its form is what was asked for.</summary>
internal sealed class OffTopicFeatures(WordWeights weights)
{
    public static readonly string[] Names =
    [
        "question_held", "question_held_early", "answer_held", "cosine", "cosine_early", "best_shared", "second_shared", "shared", "pairs", "grams", "question_words", "answer_words", "refusal",
        "code_asked", "code_given", "verse_asked", "verse_given", "list_asked", "list_given", "language_differs", "numbers_held", "digits_asked", "digits_given", "names_held", "question_like", "rare_held", "best_grams", "text_given",
    ];

    private static readonly SearchValues<string> s_code = SearchValues.Create(
        ["code", "python", "javascript", "java", "c++", "c#", "sql", "function", "script", "html", "css", "regex", "api", "program", "algorithm", "class ", "docker", "linux", "bash", "react", "implement", "compile", "bug", "error", "json", "excel"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> s_verse = SearchValues.Create(["poem", "haiku", "song", "lyrics", "verse", "rhyme", "limerick", "sonnet", "rap"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> s_list = SearchValues.Create(["list", "ideas", "steps", "suggest", "name ", "examples", "tips", "ways", "options", "bullet", "generate a set"], StringComparison.OrdinalIgnoreCase);
    private const int MostQuestion = 8_000, MostAnswer = 12_000;

    [ThreadStatic]
    private static Scratch? s_scratch;

    // What is looked at is bounded, and so is what a thread keeps.
    private sealed class Scratch
    {
        public readonly WordList Question = new(), Answer = new();
        public readonly SharedWords Shared = new();
        public readonly HashSet<uint> Seen = [];
        public readonly Dictionary<uint, double> Vector = [];
    }

    public void Of(AnswerUnderTest test, Span<float> into) => Of(AnswerReading.Of(test), into);

    public void Of(AnswerReading reading, Span<float> into)
    {
        into.Clear();
        var test = reading.Test;
        var scratch = s_scratch ??= new Scratch();
        var (question, shares) = (Cut(test.Question, MostQuestion), scratch.Shared);
        scratch.Question.Read(question);
        var given = Words(reading, scratch.Answer, out var answer);
        shares.Read(question, scratch.Question.Words, answer, given, weights);
        var asked = Weighed(scratch.Question.Words);
        double all = 0, held = 0, early = 0, grams = 0, rare = 0, rareAll = 0, bestGram = 0;
        float best = 0, second = 0;
        int shared = 0, pairs = 0, numbers = 0, numbersHeld = 0, names = 0, namesHeld = 0;
        var seen = scratch.Seen;
        seen.Clear();
        for (var i = 0; i < asked.Length; i++)
        {
            var word = asked[i];
            if (i > 0 && weights.IsContent(word) && shares.HasPair(asked[i - 1], word)) { pairs++; }
            if (!seen.Add(word.Stem)) { continue; }
            var weight = weights.Of(word.Stem);
            var there = shares.First(word) >= 0;
            if (word.Kind.HasFlag(WordKind.Number)) { numbers++; numbersHeld += there ? 1 : 0; }
            else if (word.Kind.HasFlag(WordKind.Capital) && !word.Kind.HasFlag(WordKind.SentenceStart)) { names++; namesHeld += there ? 1 : 0; }
            if (weight < WordWeights.Content) { continue; }
            var gram = shares.GramShare(word);
            all += weight;
            grams += weight * gram;
            bestGram = Math.Max(bestGram, weight * gram);
            rareAll += weight * weight;
            if (!there) { continue; }
            shared++;
            held += weight;
            rare += weight * weight;
            if (shares.First(word) < SharedWords.Early) { early += weight; }
            if (weight > best) { (second, best) = (best, weight); } else { second = Math.Max(second, weight); }
        }
        into[0] = Share(held, all);
        into[1] = Share(early, all);
        into[2] = Share(shares.Held, shares.All);
        var vector = Vector(asked, scratch.Vector);
        into[3] = (float)shares.Cosine(vector, early: false);
        into[4] = (float)shares.Cosine(vector, early: true);
        into[5] = best;
        into[6] = second;
        into[7] = Math.Min(20, shared);
        into[8] = Math.Min(10, pairs);
        into[9] = Share(grams, all);
        into[10] = MathF.Log2(1 + asked.Length);
        into[11] = MathF.Log2(1 + Weighed(given).Length);
        into[12] = reading.Refusal.Verdict == ValidatorVerdict.Pass ? 0 : 1;
        into[13] = test.Question.AsSpan().ContainsAny(s_code) ? 1 : 0;
        into[14] = LooksLikeCode(test.Answer) ? 1 : 0;
        into[15] = test.Question.AsSpan().ContainsAny(s_verse) ? 1 : 0;
        into[16] = LooksLikeVerse(test.Answer) ? 1 : 0;
        into[17] = test.Question.AsSpan().ContainsAny(s_list) ? 1 : 0;
        into[18] = LooksLikeList(test.Answer) ? 1 : 0;
        into[19] = reading.Asked is { } a && reading.Answered is { } b && a != b ? 1 : 0;
        into[20] = Share(numbersHeld, numbers, -1);
        into[21] = Digits(test.Question);
        into[22] = Digits(test.Answer);
        into[23] = Share(namesHeld, names, -1);
        into[24] = test.Question.Contains('?') ? 1 : 0;
        into[25] = Share(rare, rareAll);
        into[26] = (float)bestGram;
        into[27] = test.Question.Contains('\n') || test.Question.Contains('"') ? 1 : 0;
    }

    private static ReadOnlySpan<Word> Words(AnswerReading reading, WordList scratch, out string answer)
    {
        answer = Cut(reading.Test.Answer, MostAnswer);
        if (answer.Length == reading.Test.Answer.Length) { return reading.Words.Words; }
        scratch.Read(answer);
        return scratch.Words;
    }

    private static string Cut(string text, int most) => text.Length > most ? text[..most] : text;

    private static ReadOnlySpan<Word> Weighed(ReadOnlySpan<Word> words) => words[..Math.Min(words.Length, SharedWords.MostWords)];

    private Dictionary<uint, double> Vector(ReadOnlySpan<Word> words, Dictionary<uint, double> counts)
    {
        counts.Clear();
        foreach (var word in words) { System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, word.Stem, out _)++; }
        foreach (var stem in counts.Keys) { counts[stem] = (1 + Math.Log(counts[stem])) * weights.Of(stem); }
        return counts;
    }

    private static bool LooksLikeCode(string text) => text.Contains("```", StringComparison.Ordinal) || text.AsSpan().Count('{') + text.AsSpan().Count(';') > 4 || text.Contains("</", StringComparison.Ordinal);

    private static bool LooksLikeVerse(string text)
    {
        var lines = text.AsSpan().Count('\n') + 1;
        return lines >= 4 && text.Length / lines is > 15 and < 60 && !LooksLikeCode(text) && !LooksLikeList(text);
    }

    private static bool LooksLikeList(string text)
    {
        var marks = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var start = line.TrimStart();
            marks += start.Length > 2 && (start[0] is '-' or '*' or '•' || (char.IsAsciiDigit(start[0]) && start[1] is '.' or ')')) ? 1 : 0;
        }
        return marks >= 2;
    }

    private static float Digits(string text)
    {
        var digits = 0;
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 2_000))) { digits += char.IsAsciiDigit(c) ? 1 : 0; }
        return Share(digits, Math.Min(text.Length, 2_000));
    }

    private static float Share(double part, double whole, float otherwise = 0) => whole <= 0 ? otherwise : (float)(part / whole);
}
