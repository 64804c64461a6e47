using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>How the values of a filter field are read.</summary>
public enum FilterFieldKind { Text, Number, Milliseconds, Boolean }

/// <summary>A field that the search box, the URL of a page and the API can filter by.</summary>
/// <param name="Help">A few words for completion.</param>
public sealed record FilterField(string Name, FilterFieldKind Kind, string Help)
{
    /// <summary>Every field with a fixed name, in the order in which completion offers them; <c>property.&lt;name&gt;</c> comes on top.</summary>
    public static readonly ImmutableArray<FilterField> All =
    [
        new("model", FilterFieldKind.Text, "model that answered"),
        new("state", FilterFieldKind.Text, "how the call ended"),
        new("provider", FilterFieldKind.Text, "configured provider"),
        new("endpoint", FilterFieldKind.Text, "feature or route"),
        new("user", FilterFieldKind.Text, "end user"),
        new("session", FilterFieldKind.Text, "session or conversation"),
        new("error_type", FilterFieldKind.Text, "kind of error"),
        new("latency_ms", FilterFieldKind.Milliseconds, "total time, such as >500 or >2s"),
        new("ttft_ms", FilterFieldKind.Milliseconds, "time to first token"),
        new("cost_usd", FilterFieldKind.Number, "cost in US dollars"),
        new("total_tokens", FilterFieldKind.Number, "input and output tokens"),
        new("input_tokens", FilterFieldKind.Number, "tokens of the prompt"),
        new("output_tokens", FilterFieldKind.Number, "tokens of the answer"),
        new("error", FilterFieldKind.Boolean, "counts as failed"),
        new("operation", FilterFieldKind.Text, "chat, embeddings, …"),
        new("stream", FilterFieldKind.Boolean, "answer was streamed"),
        new("http_status", FilterFieldKind.Number, "status the caller got"),
        new("finish_reason", FilterFieldKind.Text, "why the answer ended"),
        new("key", FilterFieldKind.Text, "id of the Bellwether key"),
        new("request_model", FilterFieldKind.Text, "model that was asked for"),
        new("surface", FilterFieldKind.Text, "dialect of the caller"),
        new("kind", FilterFieldKind.Text, "llm, embedding, tool, …"),
        new("name", FilterFieldKind.Text, "route or span name"),
        new("service_tier", FilterFieldKind.Text, "priority, flex, …"),
        new("trace_id", FilterFieldKind.Text, "W3C trace id"),
        new("parent_id", FilterFieldKind.Text, "span id of the parent step"),
        new("prompt_name", FilterFieldKind.Text, "managed prompt"),
        new("prompt_version", FilterFieldKind.Text, "its version"),
        new("request_id", FilterFieldKind.Text, "request id"),
        new("system_fingerprint", FilterFieldKind.Text, "hash of the system prompt"),
        new("price_version", FilterFieldKind.Text, "price row that was used"),
        new("error_code", FilterFieldKind.Text, "the provider's error code"),
        new("retry_count", FilterFieldKind.Number, "the client's retry counter"),
        new("response_id", FilterFieldKind.Text, "the provider's id of the answer"),
        new("provider_request_id", FilterFieldKind.Text, "the provider's request id"),
        new("estimated", FilterFieldKind.Boolean, "tokens were estimated"),
        new("priced", FilterFieldKind.Boolean, "a price was known"),
        new("checked", FilterFieldKind.Boolean, "validators looked at the answer"),
        .. CheckMarks.Validators.Select(validator => new FilterField(CheckMarks.FieldPrefix + validator, FilterFieldKind.Text, "pass, warn or fail")),
    ];

    public static readonly string PropertyPrefix = "property.";

    private static readonly FrozenDictionary<string, FilterField> ByName = All.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>The field of a name, <c>property.&lt;name&gt;</c> included; null when there is none.</summary>
    public static FilterField? Find(string name) =>
        ByName.TryGetValue(name, out var field) ? field
        : name.StartsWith(PropertyPrefix, StringComparison.Ordinal) && name.Length > PropertyPrefix.Length ? new(name, FilterFieldKind.Text, "property of the caller")
        : null;

    /// <summary>The name most like a misspelled one, or null when none is near.</summary>
    public static string? Nearest(string name) =>
        All.Select(field => (field.Name, Distance: Distance(field.Name, name)))
            .Where(candidate => candidate.Distance <= Math.Min(2, name.Length / 2))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    // Levenshtein over names of a dozen letters.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) { row[j] = j; }
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
