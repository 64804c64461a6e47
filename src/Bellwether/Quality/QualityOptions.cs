using System.ComponentModel.DataAnnotations;

namespace Bellwether.Quality;

/// <summary>Checks of answers.</summary>
public sealed class QualityOptions
{
    /// <summary>Whether answers are checked as they are stored. Off leaves them without findings.</summary>
    public bool CheckAnswers { get; set; } = true;

    /// <summary>
    /// Share of one core that checks may take, 0.01 to 1. A check takes 0.1 to 0.5 ms, so 5 % is every answer of about 150 calls a second, and
    /// beyond that as many as fit; ten quiet seconds are saved up. What was not checked is counted.
    /// </summary>
    [Range(0.01, 1)]
    public double CpuShare { get; set; } = 0.05;

    /// <summary>Characters of an answer from which on its length is a warning.</summary>
    [Range(100, 10_000_000)]
    public int LongestAnswer { get; set; } = 32_000;

    /// <summary>Characters of an answer, and of its context, that are looked at while storing. More finds faults at the end of long answers; each 1,000 cost about a tenth of a millisecond.</summary>
    [Range(1_000, 1_000_000)]
    public int CheckedCharacters { get; set; } = 16_000;
}
