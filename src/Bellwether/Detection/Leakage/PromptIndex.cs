using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>
/// A system prompt made ready to be found again: its compact text forwards, backwards and in rot13, and a table of winnowed
/// k-grams that lead into them. Winnowing (Schleimer, Wilkerson, Aiken 2003) keeps the smallest hash of every window of
/// w k-grams: of w + k − 1 equal characters one k-gram is always in the table, so that no run of 20 is missed.
/// </summary>
internal sealed class PromptIndex
{
    public const int GramLength = 12;
    private const int Window = 9;
    /// <summary>Equal characters from which on a run is always found.</summary>
    public const int ShortestRun = GramLength + Window - 1;
    /// <summary>Compact characters of a prompt that are looked at; the rest of a longer one is not protected.</summary>
    public const int MostChars = 256 * 1024;
    private const ulong Base = 0x9E3779B97F4A7C15;
    private const ulong Spread = 0xD6E8FEB86659FD93;
    // What a character is worth when it leaves the hash.
    private static readonly ulong s_lead = Lead();

    private readonly char[] _text;
    private readonly ulong[] _filter;
    private readonly int _filterShift;
    private readonly ulong[] _hashes;
    private readonly int[] _positions;
    private readonly int _mask;

    private PromptIndex(char[] text, int length, string[] canaries)
    {
        _text = text;
        Length = length;
        Canaries = canaries;
        var anchors = Winnow(text);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, anchors.Count * 2));
        _mask = size - 1;
        _hashes = new ulong[size];
        _positions = new int[size];
        var bits = BitOperations.RoundUpToPowerOf2((uint)Math.Max(1024, anchors.Count * 16));
        _filter = new ulong[bits / 64];
        _filterShift = 64 - BitOperations.Log2(bits);
        foreach (var (hash, position) in anchors) { Add(hash, position); }
    }

    /// <summary>Compact characters of the prompt.</summary>
    public int Length { get; }

    /// <summary>Forwards, backwards and rot13, a 0 between them.</summary>
    public ReadOnlySpan<char> Text => _text;

    /// <summary>Compact canary tokens of the prompt, forwards, backwards and in rot13.</summary>
    public IReadOnlyList<string> Canaries { get; }

    /// <summary>The prompt is too short for any run, and has no canary: nothing of it can be found in an answer.</summary>
    public bool TellsNothing => Length < ShortestRun && Canaries.Count == 0;

    /// <summary>Characters that the index takes in memory, about.</summary>
    public int Weight => _text.Length + (_hashes.Length * 6) + (_filter.Length * 4);

    public static PromptIndex Build(string prompt)
    {
        var compact = new CompactText();
        compact.Append(prompt.AsSpan(0, Math.Min(prompt.Length, MostChars)), 0);
        var length = Math.Min(compact.Length, MostChars);
        var forwards = compact.Chars[..length];
        var text = new char[(3 * length) + 2];
        forwards.CopyTo(text);
        forwards.CopyTo(text.AsSpan(length + 1));
        text.AsSpan(length + 1, length).Reverse();
        for (var i = 0; i < length; i++) { text[(2 * length) + 2 + i] = Rot13(forwards[i]); }
        var canaries = Canary.Find(prompt).SelectMany(token => Views(token)).Distinct(StringComparer.Ordinal).ToArray();
        compact.Trim(0);
        return new PromptIndex(text, length, canaries);
    }

    /// <summary>The character of the prompt that a place in <see cref="Text"/> stands for, whichever view it is in.</summary>
    public int Origin(int at) => at < Length ? at : at <= 2 * Length ? Length - 1 - (at - Length - 1) : at - (2 * Length) - 2;

    public LeakView ViewOf(int at) => at < Length ? LeakView.Plain : at <= 2 * Length ? LeakView.Reversed : LeakView.Rot13;

    /// <summary>Where a k-gram with this hash begins in <see cref="Text"/>; −1 when none does.</summary>
    public int Find(ulong hash)
    {
        if (!MayHave(hash)) { return -1; }
        for (var slot = (int)hash & _mask; _hashes[slot] != 0; slot = (slot + 1) & _mask)
        {
            if (_hashes[slot] == hash) { return _positions[slot]; }
        }
        return -1;
    }

    /// <summary>False for nearly every hash that <see cref="Find"/> would not find.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayHave(ulong hash)
    {
        var bit = hash >> _filterShift;
        return (_filter[bit >> 6] & (1UL << (int)(bit & 63))) != 0;
    }

    /// <summary>The hash of the k-gram that ends with <paramref name="next"/>; <paramref name="gone"/> left it, 0 while it fills.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Roll(ulong hash, char gone, char next) => (hash * Base) + ((next * Spread) - (gone * s_lead));

    private static ulong Lead()
    {
        var lead = Spread;
        for (var i = 0; i < GramLength; i++) { lead *= Base; }
        return lead;
    }

    private static List<(ulong Hash, int Position)> Winnow(ReadOnlySpan<char> text)
    {
        var anchors = new List<(ulong, int)>();
        Span<ulong> ring = stackalloc ulong[Window];
        var hash = 0UL;
        var chosen = -1;
        for (var i = 0; i < text.Length; i++)
        {
            hash = Roll(hash, i >= GramLength ? text[i - GramLength] : '\0', text[i]);
            var gram = i - GramLength + 1;
            if (gram < 0) { continue; }
            ring[gram % Window] = hash;
            if (gram < Window - 1) { continue; }
            // The rightmost smallest of the window; the same one as before is not taken twice.
            var least = gram;
            for (var back = 1; back < Window; back++)
            {
                if (ring[(gram - back) % Window] < ring[least % Window]) { least = gram - back; }
            }
            if (least != chosen)
            {
                chosen = least;
                anchors.Add((ring[least % Window], least));
            }
        }
        return anchors;
    }

    private void Add(ulong hash, int position)
    {
        var slot = (int)hash & _mask;
        while (_hashes[slot] != 0)
        {
            // The first place of a repeated k-gram stands for all, which bounds the work for a prompt that repeats itself.
            if (_hashes[slot] == hash) { return; }
            slot = (slot + 1) & _mask;
        }
        _hashes[slot] = hash;
        _positions[slot] = position;
        var bit = hash >> _filterShift;
        _filter[bit >> 6] |= 1UL << (int)(bit & 63);
    }

    private static IEnumerable<string> Views(string token)
    {
        var compact = new CompactText();
        compact.Append(token, 0);
        var plain = compact.Chars.ToString();
        compact.Trim(0);
        yield return plain;
        yield return new string([.. plain.Reverse()]);
        yield return string.Concat(plain.Select(Rot13));
    }

    private static char Rot13(char c) => (uint)(c - 'a') < 26 ? (char)('a' + ((c - 'a' + 13) % 26)) : c;
}

/// <summary>How an answer wrote what it gave away.</summary>
internal enum LeakView { Plain, Reversed, Rot13 }
