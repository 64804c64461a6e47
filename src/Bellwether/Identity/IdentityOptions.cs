using System.ComponentModel.DataAnnotations;

namespace Bellwether.Identity;

/// <summary>Section <c>Bellwether:Bootstrap</c>: what the first start of an empty data folder creates.</summary>
public sealed class BootstrapOptions
{
    /// <summary>
    /// An administrator key for all projects, for containers and scripts that have no browser: any text of 16 to 256 visible
    /// ASCII characters. Read at the first start only; afterwards the key is a row like others and can be revoked.
    /// </summary>
    [RegularExpression(@"^$|^[\x21-\x7e]{16,256}$", ErrorMessage = "must be 16 to 256 visible ASCII characters without spaces")]
    public string ApiKey { get; set; } = "";
}

/// <summary>Section <c>Bellwether:Identity</c>: sessions and links.</summary>
public sealed class IdentityOptions
{
    /// <summary>How long a browser stays signed in without being used. Longer is handier and leaves a stolen cookie useful for longer.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "90.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a one-time sign-in or invitation link can be used.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Print a new one-time link for an administrator at this start: for when nobody can sign in any more.</summary>
    public bool ResetLink { get; set; }
}
