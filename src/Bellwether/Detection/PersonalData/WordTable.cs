using System.Numerics;

namespace Bellwether.Detection;

/// <summary>
/// Words, each with a value above zero. Asked several times for every capital letter, number and colon of a text, so it takes spans,
/// calls nothing virtual and never allocates; the frozen sets' lookups by span do both.
/// </summary>
internal sealed class WordTable
{
    private readonly string?[] _words;
    private readonly byte[] _values;
    // By the first sign, a bit for each length that there is: most words are none of the table's, and this says so without a walk over them.
    private readonly uint[] _lengths = new uint[129];
    private readonly bool _ignoresCase;

    /// <param name="words">A word that comes twice has both values' bits.</param>
    public WordTable(IEnumerable<(string Word, byte Value)> words, bool ignoresCase)
    {
        var all = words.ToArray();
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, all.Length * 3));
        (_words, _values, _ignoresCase) = (new string?[size], new byte[size], ignoresCase);
        foreach (var (word, value) in all)
        {
            var at = Place(word);
            _words[at] ??= word;
            _values[at] |= value;
            _lengths[First(word)] |= 1u << Math.Min(31, word.Length);
        }
    }

    public static WordTable Set(IEnumerable<string> words, bool ignoresCase) => new(words.Select(word => (word, (byte)1)), ignoresCase);

    public bool Contains(ReadOnlySpan<char> word) => Of(word) != 0;

    /// <summary>0 for a word that is not there.</summary>
    public byte Of(ReadOnlySpan<char> word) => (_lengths[First(word)] >> Math.Min(31, word.Length) & 1) == 0 ? (byte)0 : _values[Place(word)];

    private static int First(ReadOnlySpan<char> word) => word.IsEmpty ? 0 : word[0] < 128 ? word[0] | 0x20 : 128;

    // Where the word is, or the free place that ends the search for it.
    private int Place(ReadOnlySpan<char> word)
    {
        var mask = _words.Length - 1;
        var at = (int)Hash(word) & mask;
        while (_words[at] is { } other && !(other.Length == word.Length && (_ignoresCase ? word.Equals(other, StringComparison.OrdinalIgnoreCase) : word.SequenceEqual(other))))
        {
            at = (at + 1) & mask;
        }
        return at;
    }

    // The same for both cases: ASCII letters in one case and, where case is ignored, every sign beyond ASCII as the same.
    private uint Hash(ReadOnlySpan<char> word)
    {
        var hash = (uint)word.Length;
        foreach (var c in word)
        {
            hash = (hash ^ (c < 128 ? c | 0x20u : _ignoresCase ? 0x80u : c)) * 0x01000193;
        }
        return hash ^ (hash >> 15);
    }
}
