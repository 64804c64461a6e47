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

    private const uint CharPrime = 0x01000193, WordPrime = 0x85EBCA6B, Spread = 0x9E3779B1, Start = 0x811C9DC5, Border = 1;

    // What tells runs of different lengths apart.
    private const uint Three = 0x3, Four = 0x40000000, Five = 0x80000000;

    private uint _last, _beforeLast;

    /// <summary>Writes the slots of the token's features and returns how many they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ReadOnlySpan<char> word, Span<int> slots)
    {
        var count = 0;
        uint hash;
        if (word.Length == 1)
        {
            // Every second token of a text that is made to stall: one run of three with both borders, and nothing longer.
            hash = (Start ^ word[0]) * CharPrime;
            slots[count++] = Slot((((CharPrime + word[0]) * CharPrime) + Border) ^ Three);
        }
        else
        {
            hash = ReadRuns(word, slots, ref count);
        }
        var word1 = hash * WordPrime;
        slots[count++] = Slot(word1);
        slots[count++] = Slot(((_last ^ 0x5bd1e995) * WordPrime) + word1);
        slots[count++] = Slot(((((_beforeLast ^ 0x27d4eb2f) * WordPrime) + _last) * WordPrime) + word1);
        _beforeLast = _last;
        _last = word1;
        return count;
    }

    // Runs that begin with the border before the word or end with the one behind it are of three signs at least.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint ReadRuns(ReadOnlySpan<char> word, Span<int> slots, ref int written)
    {
        var count = written;
        uint h1 = Border, h2 = 0, h3 = 0, h4 = 0, hash = Start;
        for (var index = 0; index <= word.Length; index++)
        {
            // The border behind the word is its last sign.
            uint unit = Border;
            if (index < word.Length)
            {
                unit = word[index];
                hash = (hash ^ unit) * CharPrime;
            }
            var h5 = (h4 * CharPrime) + unit;
            h4 = (h3 * CharPrime) + unit;
            h3 = (h2 * CharPrime) + unit;
            h2 = (h1 * CharPrime) + unit;
            h1 = unit;
            if (index >= 1)
            {
                slots[count++] = Slot(h3 ^ Three);
                if (index >= 2)
                {
                    slots[count++] = Slot(h4 ^ Four);
                    if (index >= 3)
                    {
                        slots[count++] = Slot(h5 ^ Five);
                    }
                }
            }
        }
        written = count;
        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(uint hash)
    {
        hash ^= hash >> 15;
        return (int)((hash * Spread) >> (32 - Bits));
    }
}
