using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Bellwether.Gateway;

/// <summary>What happens to a call whose record cannot be kept.</summary>
public enum AuditMode
{
    /// <summary>It is refused before the provider is called: no call without a record.</summary>
    Required,
    /// <summary>It is served, and the missing record is counted.</summary>
    BestEffort,
}

/// <summary>Section <c>Bellwether:Gateway</c>.</summary>
public sealed class GatewayOptions : IValidatableObject
{
    private static readonly string s_required = "required";
    private static readonly string s_bestEffort = "best-effort";

    /// <summary>Largest body of a request that is read (chat, messages, embeddings …), in bytes, after decompression too. More memory per call when raised.</summary>
    [Range(1_024, 1_073_741_824)]
    public int MaxBodyBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Largest body of a request that is passed through without reading it (files, audio), in bytes. Costs no memory.</summary>
    [Range(1_024, long.MaxValue)]
    public long MaxUploadBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Most header fields of a request.</summary>
    [Range(16, 1_000)]
    public int MaxHeaderCount { get; set; } = 100;

    /// <summary>Most bytes of names and values of a request's headers.</summary>
    [Range(4_096, 131_072)]
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <summary>How long a caller may take to send the headers of a request. Bounds what half-open connections hold.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Bytes of a body that a caller must send per second, after a grace of five seconds; 0 lets it take for ever.</summary>
    [Range(0, 1_000_000)]
    public int MinimumBodyRate { get; set; } = 240;

    /// <summary>How long a connection may stay open without a request on it. Shorter than a client keeps its own costs it a connect.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>Most streams and tunnels open at once; each holds up to about 100 KB.</summary>
    [Range(1, 1_000_000)]
    public int MaxConcurrentStreams { get; set; } = 5_000;

    /// <summary>Most bytes of a request that are stored with its record; the rest is cut and marked.</summary>
    [Range(0, 16_777_216)]
    public int CaptureInputBytes { get; set; } = 256 * 1024;

    /// <summary>Most bytes of an answer that are stored with its record; the rest is cut and marked.</summary>
    [Range(0, 16_777_216)]
    public int CaptureOutputBytes { get; set; } = 256 * 1024;

    /// <summary>Largest answer that is held whole for a guard, in bytes, where it is not streamed. What a longer one becomes is a matter of the guard's policy for what cannot be checked. Memory per guarded call.</summary>
    [Range(65_536, 268_435_456)]
    public int GuardedAnswerBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Whether a call may happen that cannot be recorded: <c>required</c> (no) or <c>best-effort</c>.</summary>
    public string Audit { get; set; } = s_required;

    /// <summary>Refusals of callers without a valid key that are stored, per second; bursts of ten times as many pass. The rest are only counted, so that a flood cannot fill the disk.</summary>
    [Range(0, 10_000)]
    public int StoredRefusalsPerSecond { get; set; } = 20;

    /// <summary>Origins beside those of the configured providers that callers may name in <c>Helicone-Target-URL</c> and <c>Helicone-Fallbacks</c>: <c>api.groq.com</c>, <c>http://vllm.internal:8000</c>. Empty allows none.</summary>
    public IList<string> TargetHosts { get; set; } = [];

    /// <summary>After SIGTERM: how long <c>/readyz</c> says no while calls are still taken, so that load balancers notice.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ReadinessDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After that: how long running calls may take to end. The ones that remain are ended by us and recorded as aborted.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainGrace { get; set; } = TimeSpan.FromSeconds(25);

    internal AuditMode AuditMode => Audit.Equals(s_bestEffort, StringComparison.OrdinalIgnoreCase) ? AuditMode.BestEffort : AuditMode.Required;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var entry in TargetHosts)
        {
            if (Gateway.TargetHosts.OriginOf(entry) is null)
            {
                yield return new ValidationResult($"'{entry}' is not a host or an origin such as https://api.groq.com", [nameof(TargetHosts)]);
            }
        }
        if (!Audit.Equals(s_required, StringComparison.OrdinalIgnoreCase) && !Audit.Equals(s_bestEffort, StringComparison.OrdinalIgnoreCase))
        {
            yield return new ValidationResult($"must be {s_required} or {s_bestEffort}", [nameof(Audit)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
