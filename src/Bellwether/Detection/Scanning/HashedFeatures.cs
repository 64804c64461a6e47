using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>
/// The features of a linear model over hashed n-grams: words one to three in a row, and three to five characters in a row within a
/// word and its borders. Training and inference read a text through this one type, so that they cannot disagree.
/// </summary>
internal struct HashedFeatures
{
    /// <summary>Slots of a table: 2^18.</summary>
    public const int Bits = 18;

    /// <summary>The most features that one token has.</summary>
    public const int MaxPerToken = 3 + (3 * (TokenScanner.MaxWord + 2));

    /// <summary>The slot of what says nothing, a sign that is repeated once more: a line of hyphens is none of the words that stand beside such lines. Its weight is never learnt. Digits
    /// are all read as one sign, so that a number of three digits or more says nothing either.</summary>
    public const int Silent = 0;

    private const uint CharPrime = 0x01000193, WordPrime = 0x85EBCA6B, Spread = 0x9E3779B1, Start = 0x811C9DC5, Border = 1;

    // What tells runs of different lengths apart.
    private const uint Three = 0x3, Four = 0x40000000, Five = 0x80000000;

    private uint _last, _beforeLast;

    /// <summary>Writes the slots of the token's features and returns how many they are.</summary>
    /// <param name="slots">Room for <see cref="MaxPerToken"/>.</param>
    [SkipLocalsInit]
    public int Read(ReadOnlySpan<char> word, Span<int> slots) => Read(word, slots, stackalloc uint[TokenScanner.MaxWord + 1]);

    /// <param name="hashes">Room for one more than the longest word has; the hash of each beginning of the word comes there, of its first sign alone first.</param>
    public int Read(ReadOnlySpan<char> word, Span<int> slots, Span<uint> hashes)
    {
        if (word.Length == 1)
        {
            return ReadSingle(word[0], ref slots[..4][0], out hashes[0]);
        }
        uint h1 = word[0], h2 = (Border * CharPrime) + h1, h3 = h1, h4 = h1, hash = (Start ^ h1) * CharPrime;
        hashes[0] = hash;
        var (count, repeated) = (0, 0);
        uint before = Border;
        for (var place = 1; place <= word.Length; place++)
        {
            // The border behind the word is its last sign.
            var unit = place < word.Length ? word[place] : Border;
            hashes[place] = hash = (hash ^ unit) * CharPrime;
            var h5 = (h4 * CharPrime) + unit;
            h4 = (h3 * CharPrime) + unit;
            h3 = (h2 * CharPrime) + unit;
            h2 = (h1 * CharPrime) + unit;
            var repeats = unit == h1 && unit == before;
            repeated += repeats ? 1 : 0;
            before = h1;
            h1 = unit;
            // Runs that begin with the border before the word or end with the one behind it are of three signs at least. Each is
            // written, and counts only where the word is long enough for it: a branch would be guessed wrong.
            slots[count++] = repeats ? Silent : Slot(h3 ^ Three);
            slots[count] = repeats ? Silent : Slot(h4 ^ Four);
            count += place >= 2 ? 1 : 0;
            slots[count] = repeats ? Silent : Slot(h5 ^ Five);
            count += place >= 3 ? 1 : 0;
        }
        if (repeated > 0 && repeated == word.Length - 2)
        {
            // One sign over and over is no word and parts none: nothing but Silent.
            slots[..(count + 3)].Clear();
        }
        else
        {
            ReadWords(hashes[word.Length - 1], ref slots.Slice(count, 3)[0]);
        }
        return count + 3;
    }

    /// <summary>A token of one sign, as every second one of a text is that is made to stall: one run of three with both borders, and nothing longer.</summary>
    /// <param name="slots">The first of four.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSingle(char sign, ref int slots, out uint hash)
    {
        hash = (Start ^ sign) * CharPrime;
        slots = Slot((((CharPrime + sign) * CharPrime) + Border) ^ Three);
        ReadWords(hash, ref Unsafe.Add(ref slots, 1));
        return 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadWords(uint hash, ref int slots)
    {
        var word1 = hash * WordPrime;
        slots = Slot(word1);
        Unsafe.Add(ref slots, 1) = Slot(((_last ^ 0x5bd1e995) * WordPrime) + word1);
        Unsafe.Add(ref slots, 2) = Slot(((((_beforeLast ^ 0x27d4eb2f) * WordPrime) + _last) * WordPrime) + word1);
        _beforeLast = _last;
        _last = word1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(uint hash)
    {
        hash ^= hash >> 15;
        return (int)((hash * Spread) >> (32 - Bits));
    }
}
