using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>Section <c>Bellwether:Guardrails:Vault</c>: values that a policy replaces by tokens.</summary>
public sealed class VaultOptions
{
    /// <summary>How long a token can be revealed after its value was last seen. Longer means that records stay readable, and that personal data is kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Most values that wait to be written. What comes to a full queue still gets its token, but that cannot be revealed later; it is counted.</summary>
    [Range(100, 1_000_000)]
    public int QueueLength { get; set; } = 20_000;
}

[OptionsValidator]
internal sealed partial class VaultOptionsValidator : IValidateOptions<VaultOptions>;
