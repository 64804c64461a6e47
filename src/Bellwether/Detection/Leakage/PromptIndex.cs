using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>
/// A system prompt made ready to be found again: its compact text forwards and in the ways that it may be turned round (<see cref="LeakView"/>), and a table of winnowed
/// k-grams that lead into them. Winnowing (Schleimer, Wilkerson, Aiken 2003) keeps the smallest hash of every window of
/// w k-grams: of w + k − 1 equal characters one k-gram is always in the table, so that no run of 20 is missed.
/// </summary>
internal sealed class PromptIndex
{
    public const int GramLength = 12;
    private const int Window = 9;
    private const int Views = 5;
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

    /// <summary>One view after the other in the order of <see cref="LeakView"/>, a 0 between them.</summary>
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
        var text = new char[(Views * (length + 1)) - 1];
        compact.Chars[..length].CopyTo(Part(LeakView.Plain));
        compact.Chars[..length].CopyTo(Part(LeakView.Reversed));
        Part(LeakView.Reversed).Reverse();
        compact.Chars[..length].CopyTo(Part(LeakView.WordsReversed));
        ReverseWords(Part(LeakView.WordsReversed), compact);
        Part(LeakView.WordsReversed).CopyTo(Part(LeakView.WordOrder));
        Part(LeakView.WordOrder).Reverse();
        compact.Clear();
        compact.Append(Rot13(prompt.AsSpan(0, Math.Min(prompt.Length, MostChars))), 0);
        compact.Chars[..length].CopyTo(Part(LeakView.Rot13));
        compact.Trim(0);
        return new PromptIndex(text, length, [.. Canary.Find(prompt).SelectMany(CanaryViews).Distinct(StringComparer.Ordinal)]);

        Span<char> Part(LeakView view) => text.AsSpan((int)view * (length + 1), length);
    }

    /// <summary>The character of the prompt that a place in <see cref="Text"/> stands for, whichever view it is in; within a word that is turned round, about.</summary>
    public int Origin(int at)
    {
        var within = at % (Length + 1);
        return ViewOf(at) is LeakView.Reversed or LeakView.WordOrder ? Length - 1 - within : within;
    }

    public LeakView ViewOf(int at) => (LeakView)(at / (Length + 1));

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

    private static void ReverseWords(Span<char> chars, CompactText text)
    {
        for (var start = 0; start < chars.Length;)
        {
            var end = start + 1;
            while (end < chars.Length && text.Source(end) - text.Source(end - 1) <= 1) { end++; }
            chars[start..end].Reverse();
            start = end;
        }
    }

    private static IEnumerable<string> CanaryViews(string token)
    {
        var plain = Compact(token);
        yield return plain;
        yield return new string([.. plain.Reverse()]);
        yield return Compact(Rot13(token));
    }

    private static string Compact(string text)
    {
        var compact = new CompactText();
        compact.Append(text, 0);
        var plain = compact.Chars.ToString();
        compact.Trim(0);
        return plain;
    }

    private static string Rot13(ReadOnlySpan<char> text)
    {
        var turned = text.ToArray();
        foreach (ref var c in turned.AsSpan()) { c = char.IsAsciiLetter(c) ? (char)((c & 0x20) + 'A' + (((c & ~0x20) - 'A' + 13) % 26)) : c; }
        return new string(turned);
    }
}

/// <summary>How an answer wrote what it gave away: as it is, all of it backwards, in rot13, each word backwards, or its words in the order from last to first.</summary>
internal enum LeakView { Plain, Reversed, Rot13, WordsReversed, WordOrder }
