using Bellwether.Detection;

namespace Bellwether.Tests.Detection;

/// <summary>Models are trained on these numbers: they may be worked out faster, and must stay what they are.</summary>
public sealed class HashedFeaturesTests
{
    private const uint CharPrime = 0x01000193, WordPrime = 0x85EBCA6B, Spread = 0x9E3779B1;

    [Fact]
    public void Words_of_every_length_have_the_slots_of_their_definition()
    {
        var random = new Random(5);
        var features = new HashedFeatures();
        var slots = new int[HashedFeatures.MaxPerToken];
        uint last = 0, beforeLast = 0;
        for (var length = 1; length <= 4 * TokenScanner.MaxWord; length++)
        {
            var word = string.Create(1 + ((length - 1) % TokenScanner.MaxWord), random, static (word, random) =>
            {
                for (var i = 0; i < word.Length; i++) { word[i] = i > 0 && (word.Length % 3 == 0 || random.Next(2) == 0) ? word[i - 1] : (char)random.Next(' ', 0x500); }
            });
            var expected = Runs(word);
            if (word.Length > 2 && word.All(unit => unit == word[0]))
            {
                Assert.Equal(Enumerable.Repeat(HashedFeatures.Silent, expected.Count + 3), slots[..features.Read(word, slots)]);
                continue;
            }
            var hash = word.Aggregate(0x811C9DC5u, (hash, unit) => (hash ^ unit) * CharPrime) * WordPrime;
            expected.AddRange([Slot(hash), Slot(((last ^ 0x5bd1e995) * WordPrime) + hash), Slot(((((beforeLast ^ 0x27d4eb2f) * WordPrime) + last) * WordPrime) + hash)]);
            (beforeLast, last) = (last, hash);
            Assert.Equal(expected, slots[..features.Read(word, slots)]);
        }
    }

    // Runs of three to five signs of the word between its borders, by the place of their last sign; silent where that is the third of its kind in a row.
    private static List<int> Runs(string word)
    {
        var text = $"\u0001{word}\u0001";
        var slots = new List<int>();
        for (var end = 3; end <= text.Length; end++)
        {
            for (var length = 3; length <= Math.Min(5, end); length++)
            {
                var run = text[(end - length)..end].Aggregate(0u, (hash, unit) => (hash * CharPrime) + unit);
                var repeats = text[end - 1] == text[end - 2] && text[end - 1] == text[end - 3];
                slots.Add(repeats ? HashedFeatures.Silent : Slot(run ^ (length switch { 3 => 0x3u, 4 => 0x40000000u, _ => 0x80000000u })));
            }
        }
        return slots;
    }

    private static int Slot(uint hash)
    {
        hash ^= hash >> 15;
        return (int)((hash * Spread) >> (32 - HashedFeatures.Bits));
    }
}
