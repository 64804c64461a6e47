using System.ComponentModel.DataAnnotations;

namespace Bellwether.Providers;

/// <summary>Section <c>Bellwether:Providers</c>: by name, and a name is the same in any case, as environment variables are often written in capitals.</summary>
public sealed class ProvidersOptions() : Dictionary<string, ProviderOptions>(StringComparer.OrdinalIgnoreCase);

/// <summary>Section <c>Bellwether:Providers:&lt;name&gt;</c>. A provider of the same name on the Settings page is hidden by this one.</summary>
public sealed class ProviderOptions
{
    /// <summary>The dialect it speaks.</summary>
    [Required]
    public ProviderKind? Kind { get; set; }

    /// <summary>Where its API starts; empty for the kind's own address, where there is one.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Empty: only calls that bring their own key can use it.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Models it serves, exact or as a prefix with a trailing <c>*</c>.</summary>
    public IList<string> Models { get; set; } = [];

    /// <summary>Its id in the price table; empty: found by base URL.</summary>
    public string PriceProvider { get; set; } = "";

    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(120);

    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(120);

    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(15);
}
