using System.Runtime.InteropServices;
using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>
/// What an answer has of the words of a question. The few words, pairs and 4-grams of the question are laid out and the answer is
/// walked once; to make the answer ready to be asked for them would be most of the work.
/// </summary>
internal sealed class SharedWords
{
    /// <summary>Words of a text that are weighed, and those at the beginning of the answer.</summary>
    public const int MostWords = 1_500, Early = 60;

    // Logarithms of how often a word comes; more often is seldom.
    private static readonly double[] s_logs = [.. Enumerable.Range(0, 64).Select(static count => Math.Log(count))];

    // Where the word stands first in the answer; -1 where it does not.
    private readonly Dictionary<uint, int> _asked = [];
    private readonly Dictionary<ulong, bool> _pairs = [];
    private readonly Dictionary<uint, bool> _grams = [];
    private readonly Dictionary<uint, Given> _given = [];
    private string _question = "";

    /// <param name="Count">Of the words that are weighed.</param>
    private record struct Given(float Weight, int Count, int Early, bool IsAsked);

    /// <summary>The weight of the answer's words, each as often as it comes, and of those that the question has.</summary>
    public double All { get; private set; }

    public double Held { get; private set; }

    public void Read(string question, ReadOnlySpan<Word> asked, string answer, ReadOnlySpan<Word> given, WordWeights weights)
    {
        LayOut(question, asked);
        _given.Clear();
        (All, Held) = (0, 0);
        var wasAsked = false;
        for (var place = 0; place < given.Length; place++)
        {
            ref readonly var word = ref given[place];
            ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_given, word.Stem, out var known);
            if (!known)
            {
                seen.Weight = weights.Of(word.Stem);
                ref var first = ref CollectionsMarshal.GetValueRefOrNullRef(_asked, word.Stem);
                if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref first))
                {
                    (first, seen.IsAsked) = (place, true);
                }
                FindGrams(answer, word);
            }
            if (wasAsked && seen.IsAsked && _pairs.ContainsKey(Pair(given[place - 1], word)))
            {
                _pairs[Pair(given[place - 1], word)] = true;
            }
            wasAsked = seen.IsAsked;
            if (place < MostWords)
            {
                seen.Count++;
                seen.Early += place < Early ? 1 : 0;
                if (seen.Weight >= WordWeights.Content)
                {
                    All += seen.Weight;
                    Held += seen.IsAsked ? seen.Weight : 0;
                }
            }
        }
    }

    /// <summary>Where a word of the question stands first in the answer; -1 where it does not.</summary>
    public int First(in Word word) => _asked[word.Stem];

    /// <summary>Whether two words of the question stand one behind the other in the answer, too.</summary>
    public bool HasPair(in Word a, in Word b) => _pairs[Pair(a, b)];

    /// <summary>Share of the 4-grams of a word of the question that the answer has; of a shorter word 1 when the answer has it, and else 0.</summary>
    public float GramShare(in Word word)
    {
        if (word.Length < 4) { return First(word) >= 0 ? 1 : 0; }
        int all = 0, hits = 0;
        for (var at = word.Start; at + 4 <= word.End; at++)
        {
            all++;
            hits += _grams[Gram(_question, at)] ? 1 : 0;
        }
        return (float)hits / all;
    }

    /// <summary>How alike the words of question and answer are, by weight and how often they come.</summary>
    public double Cosine(Dictionary<uint, double> asked, bool early)
    {
        double dot = 0, lengthA = 0, lengthB = 0;
        foreach (var (stem, value) in asked)
        {
            lengthA += value * value;
            if (_given.TryGetValue(stem, out var given) && Of(given, early) is var count and > 0) { dot += value * Value(given, count); }
        }
        foreach (var given in _given.Values)
        {
            var count = Of(given, early);
            // In the order in which they came: behind the first that is not early none is.
            if (count == 0) { break; }
            var value = Value(given, count);
            lengthB += value * value;
        }
        return dot == 0 ? 0 : dot / Math.Sqrt(lengthA * lengthB);
    }

    private static int Of(in Given given, bool early) => early ? given.Early : given.Count;

    private static double Value(in Given given, int count) => (1 + (count < s_logs.Length ? s_logs[count] : Math.Log(count))) * given.Weight;

    private void LayOut(string question, ReadOnlySpan<Word> asked)
    {
        _question = question;
        _asked.Clear();
        _pairs.Clear();
        _grams.Clear();
        for (var place = 0; place < asked.Length; place++)
        {
            ref readonly var word = ref asked[place];
            _asked.TryAdd(word.Stem, -1);
            if (place > 0) { _pairs.TryAdd(Pair(asked[place - 1], word), false); }
            for (var at = word.Start; at + 4 <= word.End; at++) { _grams.TryAdd(Gram(question, at), false); }
        }
    }

    private void FindGrams(string answer, in Word word)
    {
        for (var at = word.Start; at + 4 <= word.End; at++)
        {
            ref var found = ref CollectionsMarshal.GetValueRefOrNullRef(_grams, Gram(answer, at));
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref found)) { found = true; }
        }
    }

    private static uint Gram(string text, int at)
    {
        var hash = WordList.FnvBasis;
        foreach (var sign in text.AsSpan(at, 4)) { hash = (hash ^ LetterCase.Lower(sign)) * WordList.FnvPrime; }
        return hash;
    }

    private static ulong Pair(in Word a, in Word b) => ((ulong)a.Stem << 32) | b.Stem;
}
