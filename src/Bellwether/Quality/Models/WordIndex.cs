using System.Runtime.InteropServices;
using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>How much of a <see cref="WordIndex"/> is made.</summary>
internal enum IndexParts { Words, All }

/// <summary>A text made ready to be asked what of another text it holds: words, pairs and triples of words, character 4-grams, and its sentences.</summary>
internal sealed class WordIndex
{
    private const int MostPlaces = 24;
    private readonly Dictionary<uint, Places> _places = [];
    // The next place of the same word; −1 for the last.
    private readonly int[] _next;
    private readonly HashSet<ulong> _pairs = [];
    private readonly HashSet<ulong> _triples = [];
    private readonly HashSet<uint> _grams = [];

    /// <param name="parts">What will be asked for: making the rest would be most of the work.</param>
    public WordIndex(string text, IndexParts parts = IndexParts.All)
    {
        Text = text;
        List.Read(text);
        var words = List.Words;
        _next = new int[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            _next[i] = -1;
            ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, words[i].Stem, out var known);
            if (!known) { places = new(i, i, 1); }
            else if (places.Count < MostPlaces)
            {
                _next[places.Last] = i;
                places = places with { Last = i, Count = places.Count + 1 };
            }
            if (parts == IndexParts.Words) { continue; }
            if (i > 0) { _pairs.Add(Pair(words[i - 1], words[i])); }
            if (i > 1) { _triples.Add(Triple(words[i - 2], words[i - 1], words[i])); }
            if (!known) { Grams(text, words[i], _grams); }
        }
        Sentences = parts == IndexParts.All ? SentenceRanges(text, words) : [];
    }

    private readonly record struct Places(int First, int Last, int Count);

    public string Text { get; }

    public WordList List { get; } = new();

    public ReadOnlySpan<Word> Words => List.Words;

    /// <summary>The first and the last word, exclusive, of each sentence.</summary>
    public List<(int From, int To)> Sentences { get; }

    public bool Has(in Word word) => _places.ContainsKey(word.Stem);

    /// <summary>Where a word stands first; −1 where it does not. <see cref="Next"/> gives the other places, the first few.</summary>
    public int First(in Word word) => FirstOf(word.Stem);

    public int FirstOf(uint stem) => _places.TryGetValue(stem, out var places) ? places.First : -1;

    public int Next(int place) => _next[place];

    public bool HasPair(in Word a, in Word b) => _pairs.Contains(Pair(a, b));

    public bool HasTriple(in Word a, in Word b, in Word c) => _triples.Contains(Triple(a, b, c));

    /// <summary>Share of the character 4-grams of a word that occur anywhere; 1 for words without one that occur, 0 for those that do not.</summary>
    public float GramShare(string text, in Word word)
    {
        if (word.Length < 4) { return Has(word) ? 1 : 0; }
        int all = 0, hits = 0;
        for (var i = word.Start; i + 4 <= word.End; i++)
        {
            all++;
            hits += _grams.Contains(Gram(text, i)) ? 1 : 0;
        }
        return (float)hits / all;
    }

    private static void Grams(string text, in Word word, HashSet<uint> into)
    {
        for (var i = word.Start; i + 4 <= word.End; i++) { into.Add(Gram(text, i)); }
    }

    private static uint Gram(string text, int at)
    {
        var hash = 2166136261u;
        for (var i = at; i < at + 4; i++) { hash = (hash ^ char.ToLowerInvariant(text[i])) * 16777619; }
        return hash;
    }

    private static ulong Pair(in Word a, in Word b) => ((ulong)a.Stem << 32) | b.Stem;

    private static ulong Triple(in Word a, in Word b, in Word c) => ((((ulong)a.Stem << 32) | b.Stem) * 0x9E3779B97F4A7C15) ^ c.Stem;

    internal static List<(int From, int To)> SentenceRanges(string text, ReadOnlySpan<Word> words)
    {
        var ranges = new List<(int, int)>();
        var at = 0;
        foreach (var span in Quality.Sentences.Of(text, 5_000))
        {
            while (at < words.Length && words[at].Start < span.Start) { at++; }
            var from = at;
            while (at < words.Length && words[at].Start < span.End) { at++; }
            if (at > from) { ranges.Add((from, at)); }
        }
        return ranges;
    }
}
