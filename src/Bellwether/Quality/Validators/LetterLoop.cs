namespace Bellwether.Quality;

/// <summary>A stretch within a word in which a few letters come again and again.</summary>
/// <param name="Period">Letters of what repeats.</param>
internal readonly record struct LetterLoop(int Start, int Length, int Period)
{
    private const int MostPeriod = 8;

    /// <summary>The longest one. Digits repeat in numbers and hashes, and count as none.</summary>
    public static LetterLoop Find(ReadOnlySpan<char> word)
    {
        var longest = default(LetterLoop);
        for (var period = 1; period <= MostPeriod; period++)
        {
            var start = 0;
            for (var i = period; i <= word.Length; i++)
            {
                if (i < word.Length && word[i] == word[i - period] && char.IsLetter(word[i])) { continue; }
                // A shorter period that fits as well was found before.
                if (i - start > longest.Length && i - start > 2 * period) { longest = new(start, i - start, period); }
                start = i - period + 1;
            }
        }
        return longest;
    }
}
