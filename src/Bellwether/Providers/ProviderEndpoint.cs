using Bellwether.Primitives;

namespace Bellwether.Providers;

/// <summary>The dialect that a provider speaks.</summary>
public enum ProviderKind { OpenAi, Anthropic, AzureOpenAi, Gemini, Simulated }

/// <summary>A provider as configured or as set on the Settings page, ready for use.</summary>
public sealed record ProviderEndpoint
{
    /// <summary>The name by which routes, pages and observations know it.</summary>
    public required string Name { get; init; }
    public required ProviderKind Kind { get; init; }
    /// <summary>Where its API starts, without a trailing slash: <c>https://api.openai.com/v1</c>, <c>https://api.anthropic.com</c>.</summary>
    public required Uri BaseUrl { get; init; }
    /// <summary>Null: only pass-through calls, which bring their own key, can use it.</summary>
    public Secret? ApiKey { get; init; }
    /// <summary>Models it serves, exact or as a prefix with a trailing <c>*</c>; empty when it should only be used as the only one or by a route.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
    /// <summary>Its id in the price table; null: found by base URL.</summary>
    public string? PriceProvider { get; init; }
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>From the start of the call to the answer's headers. A plain answer of a reasoning model has none until it is complete, and the SDKs wait 10 minutes: ours must be longer than theirs.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromMinutes(11);
    /// <summary>The longest silence between two chunks.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(11);
    /// <summary>The whole call, a slow reader's time included. Tunnels (WebSocket) have no total limit.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromMinutes(30);
    /// <summary>Which addresses inside the operator's network it may have. A provider of the configuration is the operator's own word: all.</summary>
    public PrivateTargets Reach { get; init; } = PrivateTargets.All;
}

/// <summary>Finds the provider of a call: by route, then by model list or prefix, then the only one there is; null when none fits.</summary>
public interface IProviderDirectory
{
    /// <summary>The providers of this moment; the same instance for as long as nothing changes.</summary>
    ProviderSnapshot Current { get; }
}

/// <param name="Providers">In the order of configuration.</param>
/// <param name="Routes">Model name or prefix with a trailing <c>*</c> to provider name; the longest match wins.</param>
public sealed record ProviderSnapshot(IReadOnlyList<ProviderEndpoint> Providers, IReadOnlyDictionary<string, string> Routes);
