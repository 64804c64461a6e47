using System.ComponentModel.DataAnnotations;

namespace Bellwether.Guardrails;

/// <summary>Section <c>Bellwether:Guardrails:SecondOpinion</c>: what asking a moderation endpoint may cost. Whether it is asked is policy.</summary>
public sealed class SecondOpinionOptions
{
    /// <summary>How long a call waits for an opinion; then the local verdict stands.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Opinions of this process in a minute; beyond that the local verdicts stand. A flood of doubtful prompts must not become one at the provider.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerMinute { get; set; } = 600;

    /// <summary>Characters of a text that are sent; of a longer one the first and the last half of it.</summary>
    [Range(200, 1_000_000)]
    public int Characters { get; set; } = 16_000;
}
