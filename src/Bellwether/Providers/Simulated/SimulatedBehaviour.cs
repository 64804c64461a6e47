using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Bellwether.Providers;

/// <summary>What goes wrong with a simulated answer.</summary>
public enum SimulatedFault
{
    None,
    RateLimited, RateLimitedRetryAfter, Quota, ServerError, Unavailable, Overloaded, HtmlBadGateway,
    Unauthorized, BadRequest, NotFound, ContextLength, ContentFilter,
    /// <summary>One call in three fails with 500, 429 or a reset.</summary>
    Flaky,
    /// <summary>Connection broken in the middle of the answer.</summary>
    Reset,
    /// <summary>A stream that ends without its last events, or a plain answer cut short under a matching Content-Length.</summary>
    Cut,
    /// <summary>An event (or a plain body) that is not JSON.</summary>
    Malformed,
    /// <summary>An error event inside a stream that began well.</summary>
    StreamError,
    /// <summary>No answer at all within ten minutes.</summary>
    Hang,
}

/// <summary>
/// How the simulated provider behaves for one call: from the model's name (<c>sim-…</c>), refined by the request's
/// <c>metadata</c> (<c>sim_latency_ms</c>, <c>sim_ttft_ms</c>, <c>sim_tokens_per_second</c>, <c>sim_output_tokens</c>, <c>sim_error</c>, <c>sim_seed</c>).
/// </summary>
public sealed record SimulatedBehaviour
{
    private static readonly FrozenDictionary<string, SimulatedFault> s_faults = new Dictionary<string, SimulatedFault>
    {
        ["429"] = SimulatedFault.RateLimited,
        ["429-retry-after"] = SimulatedFault.RateLimitedRetryAfter,
        ["quota"] = SimulatedFault.Quota,
        ["500"] = SimulatedFault.ServerError,
        ["503"] = SimulatedFault.Unavailable,
        ["529"] = SimulatedFault.Overloaded,
        ["html-502"] = SimulatedFault.HtmlBadGateway,
        ["401"] = SimulatedFault.Unauthorized,
        ["400"] = SimulatedFault.BadRequest,
        ["404"] = SimulatedFault.NotFound,
        ["context-length"] = SimulatedFault.ContextLength,
        ["content-filter"] = SimulatedFault.ContentFilter,
        ["flaky"] = SimulatedFault.Flaky,
        ["reset"] = SimulatedFault.Reset,
        ["cut"] = SimulatedFault.Cut,
        ["malformed"] = SimulatedFault.Malformed,
        ["stream-error"] = SimulatedFault.StreamError,
        ["hang"] = SimulatedFault.Hang,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names that <c>sim-…</c> models and <c>sim_error</c> know.</summary>
    public static IEnumerable<string> FaultNames => s_faults.Keys.Order(StringComparer.Ordinal);

    public SimulatedFault Fault { get; init; }
    /// <summary>Until headers go out.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(60);
    /// <summary>Until the first token of a stream.</summary>
    public TimeSpan Ttft { get; init; } = TimeSpan.FromMilliseconds(240);
    public double TokensPerSecond { get; init; } = 110;
    /// <summary>Null: as the question asks for.</summary>
    public int? OutputTokens { get; init; }
    public bool NoUsage { get; init; }
    /// <summary>Send the bytes 16 at a time.</summary>
    public bool Drip { get; init; }
    public bool Reasoning { get; init; }
    /// <summary>Call a tool whenever one is offered.</summary>
    public bool EagerTools { get; init; }
    public long? Seed { get; init; }

    public static SimulatedBehaviour ForModel(string model)
    {
        var fast = new SimulatedBehaviour { Latency = TimeSpan.FromMilliseconds(5), Ttft = TimeSpan.FromMilliseconds(20), TokensPerSecond = 1_000 };
        return model switch
        {
            "sim-fast" => fast,
            "sim-instant" => Instant,
            "sim-slow" => new() { Latency = TimeSpan.FromMilliseconds(900), Ttft = TimeSpan.FromMilliseconds(2_500), TokensPerSecond = 14 },
            "sim-long" => fast with { OutputTokens = 2_000 },
            "sim-no-usage" => fast with { NoUsage = true },
            "sim-drip" => fast with { Drip = true, OutputTokens = 12 },
            "sim-tools" => fast with { EagerTools = true },
            "sim-reasoning" => fast with { Reasoning = true },
            _ when model.StartsWith("sim-", StringComparison.Ordinal) && s_faults.TryGetValue(model[4..], out var fault) => fast with { Fault = fault },
            _ when IsReasoner(model) => new() { Reasoning = true, Ttft = TimeSpan.FromMilliseconds(700), TokensPerSecond = 80 },
            _ when model.Contains("mini", StringComparison.Ordinal) || model.Contains("haiku", StringComparison.Ordinal) || model.Contains("flash", StringComparison.Ordinal) => new() { Ttft = TimeSpan.FromMilliseconds(160), TokensPerSecond = 160 },
            _ => new(),
        };
    }

    /// <summary>No delay at all: what the history of the demo and tests without a clock use.</summary>
    public static readonly SimulatedBehaviour Instant = new() { Latency = TimeSpan.Zero, Ttft = TimeSpan.Zero, TokensPerSecond = double.PositiveInfinity };

    /// <summary>Values may be numbers or text, since OpenAI's <c>metadata</c> only carries text. Unknown names and unreadable values are ignored.</summary>
    public SimulatedBehaviour Refine(JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object)
        {
            return this;
        }
        var refined = this;
        foreach (var property in metadata.EnumerateObject())
        {
            refined = property.Name switch
            {
                "sim_latency_ms" when Number(property.Value) is { } ms => refined with { Latency = Milliseconds(ms) },
                "sim_ttft_ms" when Number(property.Value) is { } ms => refined with { Ttft = Milliseconds(ms) },
                "sim_tokens_per_second" when Number(property.Value) is > 0 and { } rate => refined with { TokensPerSecond = rate },
                "sim_output_tokens" when Number(property.Value) is { } count => refined with { OutputTokens = (int)Math.Clamp(count, 0, 1_000_000) },
                "sim_seed" when Number(property.Value) is { } seed => refined with { Seed = (long)seed },
                "sim_no_usage" => refined with { NoUsage = true },
                "sim_error" when property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number
                    && s_faults.TryGetValue(property.Value.ToString(), out var fault) => refined with { Fault = fault },
                _ => refined,
            };
        }
        return refined;
    }

    private static TimeSpan Milliseconds(double ms) => TimeSpan.FromMilliseconds(Math.Clamp(ms, 0, 600_000));

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static bool IsReasoner(string model) =>
        model.StartsWith("o1", StringComparison.Ordinal) || model.StartsWith("o3", StringComparison.Ordinal) || model.StartsWith("o4", StringComparison.Ordinal)
        || model.StartsWith("gpt-5", StringComparison.Ordinal) || model.Contains("reasoner", StringComparison.Ordinal);
}
