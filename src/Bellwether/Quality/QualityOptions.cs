using System.ComponentModel.DataAnnotations;

namespace Bellwether.Quality;

/// <summary>Checks of answers.</summary>
public sealed class QualityOptions
{
    /// <summary>Whether every answer is checked as it is stored. Costs some hundred microseconds of one thread for each call; off leaves answers without findings.</summary>
    public bool CheckAnswers { get; set; } = true;

    /// <summary>Characters of an answer from which on its length is a warning.</summary>
    [Range(100, 10_000_000)]
    public int LongestAnswer { get; set; } = 32_000;

    /// <summary>Characters of an answer, and of its context, that are looked at while storing. More finds faults at the end of long answers; each 1,000 cost about a tenth of a millisecond.</summary>
    [Range(1_000, 1_000_000)]
    public int CheckedCharacters { get; set; } = 16_000;
}
