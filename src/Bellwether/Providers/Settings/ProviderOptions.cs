using System.ComponentModel.DataAnnotations;
using Bellwether.Primitives;

namespace Bellwether.Providers;

/// <summary>Section <c>Bellwether:Providers</c>: by name, and a name is the same in any case, as environment variables are often written in capitals.</summary>
public sealed class ProvidersOptions() : Dictionary<string, ProviderOptions>(StringComparer.OrdinalIgnoreCase);

/// <summary>Section <c>Bellwether:Providers:&lt;name&gt;</c>. A provider of the same name on the Settings page is hidden by this one.</summary>
public sealed class ProviderOptions : IValidatableObject
{
    private static readonly ProviderEndpoint Defaults = new() { Name = "", Kind = default, BaseUrl = new Uri("http://invalid") };

    /// <summary>The dialect it speaks, or a preset's name such as <c>groq</c>; empty when the provider's own name is one.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Where its API starts; empty for the preset's own address, where there is one.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Empty: only calls that bring their own key can use it.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Models it serves, exact or as a prefix with a trailing <c>*</c>.</summary>
    public IList<string> Models { get; set; } = [];

    /// <summary>Its id in the price table; empty: the preset's, else found by base URL.</summary>
    public string PriceProvider { get; set; } = "";

    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = Defaults.ConnectTimeout;

    /// <summary>Up to the headers of the answer. Shorter than the client's own limit turns slow answers into errors.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan FirstByteTimeout { get; set; } = Defaults.FirstByteTimeout;

    /// <summary>The longest silence between two chunks.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = Defaults.IdleTimeout;

    /// <summary>The whole call.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan TotalTimeout { get; set; } = Defaults.TotalTimeout;

    /// <summary>The provider ready for use, or null when the values do not make one (which validation at start has said).</summary>
    internal ProviderEndpoint? ToEndpoint(string name)
    {
        var preset = ProviderPresets.Find(Kind.Length > 0 ? Kind : name);
        var kind = preset?.Kind ?? (Enum.TryParse<ProviderKind>(Kind, ignoreCase: true, out var parsed) ? parsed : null as ProviderKind?);
        var baseUrl = BaseUrl.Length > 0 ? ProviderAddress.Parse(BaseUrl) : preset?.BaseUrl;
        return kind is null || baseUrl is null ? null : new ProviderEndpoint
        {
            Name = name,
            Kind = kind.Value,
            BaseUrl = baseUrl,
            ApiKey = ApiKey.Length > 0 ? new Secret(ApiKey) : null,
            Models = [.. Models],
            // A preset's price id belongs to its own address: behind another one anything may answer.
            PriceProvider = PriceProvider.Length > 0 ? PriceProvider
                : preset is { PriceProvider.Length: > 0 } && baseUrl == preset.BaseUrl ? preset.PriceProvider
                : null,
            ConnectTimeout = ConnectTimeout,
            FirstByteTimeout = FirstByteTimeout,
            IdleTimeout = IdleTimeout,
            TotalTimeout = TotalTimeout,
        };
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind.Length > 0 && ProviderPresets.Find(Kind) is null && !Enum.TryParse<ProviderKind>(Kind, ignoreCase: true, out _))
        {
            yield return new ValidationResult(
                $"is not a known kind; known are {string.Join(", ", ProviderPresets.All.Select(preset => preset.Name))}", [nameof(Kind)]);
            yield break;
        }

        if (BaseUrl.Length > 0 && ProviderAddress.Parse(BaseUrl) is null)
        {
            yield return new ValidationResult("must be an absolute http or https URL without a user name, query or fragment", [nameof(BaseUrl)]);
        }
        else if (validationContext.Items.TryGetValue(ConfigurationCheck.NameItem, out var item) && item is string name && ToEndpoint(name) is null)
        {
            var known = Kind.Length > 0 || ProviderPresets.Find(name) is not null;
            yield return new ValidationResult(
                known ? "is needed: this kind has no address of its own" : $"is needed: \"{name}\" is not the name of a known provider",
                [known ? nameof(BaseUrl) : nameof(Kind)]);
        }
    }
}

/// <summary>What may be a provider's base URL.</summary>
internal static class ProviderAddress
{
    /// <summary>Null when it may not: a user name would be a secret in a URL, a query or fragment would swallow the path that is appended.</summary>
    public static Uri? Parse(string text) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { UserInfo: "", Query: "", Fragment: "" } && uri.Host.Length > 0
            ? uri
            : null;
}
