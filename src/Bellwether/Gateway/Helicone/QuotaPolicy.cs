using System.Globalization;
using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>Reads <c>Helicone-RateLimit-Policy</c>: <c>1000;w=3600;u=cents;s=user</c>.</summary>
internal static class QuotaPolicy
{
    private const int ShortestWindow = 60;
    private const int LongestWindow = 366 * 86_400;

    /// <returns>Null when it cannot be read.</returns>
    public static CallerQuota? Parse(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        if (text.Length > 256 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or > int.MaxValue)
        {
            return null;
        }
        var window = 0;
        var cents = false;
        var segment = "";
        foreach (var part in parts.AsSpan(1))
        {
            var mark = part.IndexOf('=', StringComparison.Ordinal);
            var value = mark < 0 ? "" : part[(mark + 1)..].Trim();
            var known = (mark < 0 ? part : part[..mark].Trim()) switch
            {
                "w" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out window) && window is >= ShortestWindow and <= LongestWindow,
                "u" => value is "request" or "cents",
                "s" => value.Length is > 0 and <= 64,
                "" => true,
                _ => false,
            };
            if (!known)
            {
                return null;
            }
            cents |= part.StartsWith('u') && value == "cents";
            segment = part.StartsWith('s') ? value.ToLowerInvariant() : segment;
        }
        return window == 0 ? null : new CallerQuota(text, limit, TimeSpan.FromSeconds(window), cents, segment);
    }
}
