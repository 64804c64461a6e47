using System.ComponentModel.DataAnnotations;

namespace Bellwether.Sinks;

/// <summary>Section <c>Bellwether:Sinks</c>: by name.</summary>
public sealed class SinksOptions() : Dictionary<string, SinkOptions>(StringComparer.OrdinalIgnoreCase);

/// <summary>What a sink speaks.</summary>
public enum SinkKind
{
    /// <summary>Signed HTTP POSTs after Standard Webhooks 1.0.</summary>
    Webhook,
    /// <summary>PostHog's <c>/batch/</c> with <c>$ai_generation</c> and <c>$ai_span</c> events.</summary>
    PostHog,
    /// <summary>Mixpanel's <c>/track</c>.</summary>
    Mixpanel,
    /// <summary>OTLP/HTTP JSON spans with <c>gen_ai.*</c> attributes.</summary>
    Otlp,
    /// <summary>One JSON object a line in a file of the UTC day.</summary>
    Jsonl,
}

/// <summary>Section <c>Bellwether:Sinks:&lt;name&gt;</c>: where a copy of every observation goes.</summary>
public sealed class SinkOptions : IValidatableObject
{
    [Required]
    public SinkKind? Kind { get; set; }

    /// <summary>Where the receiver is: a webhook's whole address, else the root that the receiver's SDK is given.</summary>
    public string Url { get; set; } = "";

    /// <summary>PostHog's project key, Mixpanel's token, or the bearer token of an OTLP receiver.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>A webhook's signing secret: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    public string Secret { get; set; } = "";

    /// <summary>A JSONL sink's folder.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Only observations of this project; empty for all.</summary>
    public string Project { get; set; } = "";

    /// <summary>Whether prompts and answers go along. They leave your keeping with that.</summary>
    public bool IncludeTexts { get; set; }

    /// <summary>Most observations in one delivery.</summary>
    [Range(1, 1_000)]
    public int BatchRecords { get; set; } = 100;

    /// <summary>How much may wait while the receiver is down, in bytes; what comes on top is not sent, and counted.</summary>
    [Range(1L << 20, 1L << 40)]
    public long SpoolBytes { get; set; } = 1L << 30;

    /// <summary>How long one delivery may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind == SinkKind.Jsonl)
        {
            if (Folder.Length == 0)
            {
                yield return new ValidationResult("is needed for a jsonl sink", [nameof(Folder)]);
            }
            yield break;
        }
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            yield return new ValidationResult("must be an absolute http or https URL without a user name", [nameof(Url)]);
        }
        if (Kind == SinkKind.Webhook && WebhookSignature.ParseSecret(Secret) is null)
        {
            yield return new ValidationResult("must be whsec_ and 24 to 64 bytes in base64", [nameof(Secret)]);
        }
        if (Kind is SinkKind.PostHog or SinkKind.Mixpanel && ApiKey.Length == 0)
        {
            yield return new ValidationResult("is needed for this kind of sink", [nameof(ApiKey)]);
        }
    }
}
