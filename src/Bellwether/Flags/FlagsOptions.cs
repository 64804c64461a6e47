using System.ComponentModel.DataAnnotations;

namespace Bellwether.Flags;

/// <summary>Section <c>Bellwether:Flags</c>: who may ask for flags how often.</summary>
public sealed class FlagsOptions : IValidatableObject
{
    /// <summary>
    /// Origins whose pages may ask for flags from a browser: <c>https://shop.example</c>. Empty for all: a page needs a key in any case, and
    /// cookies are not looked at.
    /// </summary>
    public IList<string> Origins { get; set; } = [];

    /// <summary>Requests of one key in a second; more get 429. A change makes all pages that are open ask at once, so a small figure makes some of them late.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 5_000;

    /// <summary>Pages that may wait for changes at once; others poll. Each holds a connection and a few KB.</summary>
    [Range(0, 1_000_000)]
    public int MostStreams { get; set; } = 5_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var origin in Origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin)
            {
                yield return new ValidationResult($"'{origin}' is not an origin such as https://shop.example, without a path or a slash at its end", [nameof(Origins)]);
            }
        }
    }
}
