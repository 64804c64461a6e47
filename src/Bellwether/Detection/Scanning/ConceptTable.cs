using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>Finds the concepts of a word by hash: whole words, stems, two words in a row, and runs of ideographs.</summary>
internal sealed class ConceptTable
{
    private const int Bits = 14, FilterBits = 18;
    private const int LongestStem = 16;
    private const uint Prime = 0x01000193, Start = 0x811C9DC5, Stem = 0x5bd1e995, Run = 0x2545F491;

    private readonly uint[] _keys = new uint[1 << Bits];
    private readonly ulong[] _values = new ulong[1 << Bits];
    // Nearly every word has none: one bit says so without a walk through the table.
    private readonly ulong[] _filter = new ulong[1 << (FilterBits - 6)], _beginnings = new ulong[1 << (FilterBits - 6)];

    /// <summary>The words of all detectors: each word is looked up once for all that it may mean.</summary>
    public static ConceptTable Shared { get; } = new([.. Concepts.Words.Select(static list => ((ulong)list.Concept, list.Words)), .. AbuseWordLists.Words.Concat(HarmWordLists.Words).Select(static list => ((ulong)list.Concept, list.Words))]);

    /// <param name="lists">The bit of each concept and its words. <c>*</c> ends a stem, <c>_</c> joins two words, ideographs are found inside longer runs.</param>
    public ConceptTable(IEnumerable<(ulong Concept, string Words)> lists)
    {
        foreach (var (concept, words) in lists)
        {
            foreach (var word in words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                Add(Key(word), concept);
                AddBeginnings(word);
            }
        }
    }

    /// <summary>Bits of the concepts of the next token. <paramref name="state"/> remembers what stood before it.</summary>
    public ulong Read(ReadOnlySpan<char> word, CharClass kind, ref ConceptState state)
    {
        if (kind == CharClass.Ideograph)
        {
            return ReadRun(word[0], ref state);
        }
        if (kind == CharClass.Other)
        {
            return 0;
        }
        var found = 0ul;
        var hash = Start;
        for (var index = 0; index < word.Length; index++)
        {
            hash = (hash ^ word[index]) * Prime;
            if (index is >= 1 and < LongestStem)
            {
                found |= Find(hash ^ Stem);
            }
        }
        found |= Find(hash) | Find(Pair(state.LastWord, hash));
        state.LastWord = hash;
        return found;
    }

    // Only runs with which a word of the table begins are followed: of most there is none behind the first ideograph.
    private ulong ReadRun(char unit, ref ConceptState state)
    {
        var found = 0ul;
        var followed = 0u;
        for (var rest = state.Followed << 1; rest != 0;)
        {
            var length = 31 - BitOperations.LeadingZeroCount(rest);
            rest ^= 1u << length;
            Follow((state.Runs[length - 1] ^ unit) * Prime, length, ref state);
        }
        Follow((Start ^ unit) * Prime, 0, ref state);
        state.Followed = followed;
        return found;

        void Follow(uint hash, int length, ref ConceptState state)
        {
            found |= Find(hash ^ Run);
            if (length < ConceptState.LongestRun - 1 && (_beginnings[hash >> (32 - FilterBits + 6)] >> (int)(hash >> (32 - FilterBits) & 63) & 1) != 0)
            {
                state.Runs[length] = hash;
                followed |= 1u << length;
            }
        }
    }

    /// <summary>False when a word means nothing; true when it has to be looked up.</summary>
    /// <param name="hashes">Of its beginnings, of the whole word last.</param>
    /// <param name="last">That of the word before it.</param>
    public bool MayMean(ReadOnlySpan<uint> hashes, uint last)
    {
        var hit = 0ul;
        // Longer stems than there are may be taken for one; the look-up is not.
        for (var index = 1; index < hashes.Length; index++)
        {
            hit |= Filter(hashes[index] ^ Stem);
        }
        return hit != 0 || MayMean(hashes[^1], last);
    }

    /// <param name="hash">Of a word of one sign.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayMean(uint hash, uint last) => (Filter(hash) | Filter(Pair(last, hash))) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Filter(uint key) => _filter[key >> (32 - FilterBits + 6)] >> (int)(key >> (32 - FilterBits) & 63) & 1;

    private static uint Pair(uint first, uint second) => (first * 0x85EBCA6B) + (second * 0x9E3779B1);

    private static uint Key(string word)
    {
        if (CharTable.Classes[word[0]] == CharClass.Ideograph)
        {
            return Hash(word) ^ Run;
        }
        if (word[^1] == '*')
        {
            return Hash(word.AsSpan(0, word.Length - 1)) ^ Stem;
        }
        var joint = word.IndexOf('_', StringComparison.Ordinal);
        return joint < 0 ? Hash(word) : Pair(Hash(word.AsSpan(0, joint)), Hash(word.AsSpan(joint + 1)));
    }

    private static uint Hash(ReadOnlySpan<char> word)
    {
        var hash = Start;
        foreach (var unit in word)
        {
            hash = (hash ^ CharTable.Folds[unit]) * Prime;
        }
        return hash;
    }

    private void AddBeginnings(string word)
    {
        if (CharTable.Classes[word[0]] == CharClass.Ideograph)
        {
            for (var length = 1; length < word.Length; length++)
            {
                var hash = Hash(word.AsSpan(0, length)) >> (32 - FilterBits);
                _beginnings[hash >> 6] |= 1UL << (int)(hash & 63);
            }
        }
    }

    private void Add(uint key, ulong concept)
    {
        var filter = key >> (32 - FilterBits);
        _filter[filter >> 6] |= 1UL << (int)(filter & 63);
        var slot = Slot(key);
        while (_values[slot] != 0 && _keys[slot] != key)
        {
            slot = (slot + 1) & ((1 << Bits) - 1);
        }
        _keys[slot] = key;
        _values[slot] |= concept;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Find(uint key) => Filter(key) == 0 ? 0 : Walk(key);

    private ulong Walk(uint key)
    {
        var slot = Slot(key);
        while (_values[slot] != 0)
        {
            if (_keys[slot] == key)
            {
                return _values[slot];
            }
            slot = (slot + 1) & ((1 << Bits) - 1);
        }
        return 0;
    }

    private static int Slot(uint key) => (int)((key * 0x9E3779B1) >> (32 - Bits));
}

/// <summary>What <see cref="ConceptTable"/> remembers between two tokens.</summary>
internal struct ConceptState
{
    public const int LongestRun = 9;

    public uint LastWord;
    /// <summary>A bit for each length of which a run is followed.</summary>
    public uint Followed;
    public RunHashes Runs;
}

[InlineArray(ConceptState.LongestRun)]
internal struct RunHashes
{
    private uint _first;
}
