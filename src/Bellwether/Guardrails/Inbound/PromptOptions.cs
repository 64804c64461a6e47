using System.ComponentModel.DataAnnotations;

namespace Bellwether.Guardrails;

/// <summary>Section <c>Bellwether:Guardrails:Prompts</c>: how much looking at prompts may cost. What is done with findings is policy.</summary>
public sealed class PromptOptions
{
    /// <summary>Bytes of text of one call that are looked at. What is beyond counts as unchecked, which policy lets pass or blocks. A megabyte of new text costs up to 0.1 s.</summary>
    [Range(1_024, 64 * 1024 * 1024)]
    public int CheckedBytes { get; set; } = 1024 * 1024;

    /// <summary>Time after which the rest of one call's texts counts as unchecked.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CheckTime { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Texts whose verdicts are remembered, so that system prompts and former turns are judged once. Each takes about 300 bytes; of the texts themselves nothing is kept.</summary>
    [Range(256, 4_194_304)]
    public int RememberedTexts { get; set; } = 16_384;
}
