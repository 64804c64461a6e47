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

    private const uint CharPrime = 0x01000193, WordPrime = 0x85EBCA6B, Spread = 0x9E3779B1;

    private uint _last, _beforeLast;

    /// <summary>Writes the slots of the token's features and returns how many they are.</summary>
    [SkipLocalsInit]
    public int Read(ReadOnlySpan<char> word, Span<int> slots)
    {
        var count = 0;
        uint h1 = 1, h2 = 0, h3 = 0, h4 = 0, hash = 0x811C9DC5;
        for (var index = 0; index <= word.Length; index++)
        {
            // The border behind the word is its last sign.
            uint unit = '\u0001';
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
                slots[count++] = Slot(h3 ^ 0x3u);
                if (index >= 2)
                {
                    slots[count++] = Slot(h4 ^ 0x40000000u);
                    if (index >= 3)
                    {
                        slots[count++] = Slot(h5 ^ 0x80000000u);
                    }
                }
            }
        }
        var word1 = hash * WordPrime;
        slots[count++] = Slot(word1);
        slots[count++] = Slot(((_last ^ 0x5bd1e995) * WordPrime) + word1);
        slots[count++] = Slot(((((_beforeLast ^ 0x27d4eb2f) * WordPrime) + _last) * WordPrime) + word1);
        _beforeLast = _last;
        _last = word1;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(uint hash)
    {
        hash ^= hash >> 15;
        return (int)((hash * Spread) >> (32 - Bits));
    }
}
