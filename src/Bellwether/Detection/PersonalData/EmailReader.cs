using System.Buffers;

namespace Bellwether.Detection;

/// <summary>Addresses around an '@', and passwords in URLs (https://user:password@host).</summary>
internal static class EmailReader
{
    private const int LongestLocal = 64;
    private const int LongestHost = 253;
    private static readonly SearchValues<char> s_host = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.");
    // "icon@2x.png", "react@18.2.0.tgz": what stands behind the last point is no domain.
    private static readonly WordTable s_files = WordTable.Set(["png", "jpg", "jpeg", "gif", "svg", "webp", "tgz", "js", "ts", "css", "json", "html"], ignoresCase: true);
    private static readonly SearchValues<char> s_noUser = SearchValues.Create(" \t\r\n\"'<>/");
    private static readonly SearchValues<char> s_url = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~:/?#[]@!$&'()*+,;=%");

    /// <returns>Where to go on.</returns>
    public static int Read(ref TextScan scan, int at)
    {
        // Hosts of services are often one word or a number: amqp://guest:guest@rabbit:5672.
        if (char.IsLetterOrDigit(scan.At(at + 1)) && TryUrl(scan, at, out var urlStart, out var urlEnd))
        {
            scan.Add(PersonalDataType.CredentialUrl, urlStart, urlEnd, 0.95f);
            return urlEnd;
        }
        var end = HostEnd(scan, at + 1);
        if (end < 0)
        {
            return at + 1;
        }
        var lowest = Math.Max(0, at - LongestLocal);
        var start = at;
        while (start > lowest && IsLocal(scan.Text[start - 1]))
        {
            start--;
        }
        while (start < at && scan.Text[start] is '.' or '\'' or '-' or '/' or '=' or '&' or '*' or '`' or '|' or '{')
        {
            start++;
        }
        // "git@github.com:owner/repository.git" is nobody's address.
        if (start == at || (scan.At(end) == ':' && scan.Text[start..at] is "git"))
        {
            return at + 1;
        }
        // A literal address in brackets, or a name that ends in a top-level domain.
        scan.Add(PersonalDataType.Email, start, end, 0.97f);
        return end;
    }

    // The end of a host with at least one dot and letters at its end, or -1.
    private static int HostEnd(in TextScan scan, int start)
    {
        var limit = Math.Min(scan.Text.Length, start + LongestHost);
        var end = start;
        while (end < limit && (s_host.Contains(scan.Text[end]) || (scan.Text[end] > 127 && char.IsLetterOrDigit(scan.Text[end]))))
        {
            end++;
        }
        while (end > start && scan.Text[end - 1] is '.' or '-')
        {
            end--;
        }
        var host = scan.Text[start..end];
        var dot = host.LastIndexOf('.');
        if (dot < 1)
        {
            return -1;
        }
        // "a@b.com-x": a hyphen does not belong to a top-level domain, except in punycode.
        var top = host[(dot + 1)..];
        if (!top.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) && top.IndexOf('-') is var hyphen and > 0)
        {
            top = top[..hyphen];
            end = start + dot + 1 + hyphen;
        }
        foreach (var c in top)
        {
            if (!char.IsLetter(c) && top[0] is not ('x' or 'X'))
            {
                return -1;
            }
        }
        return top.Length is >= 2 and <= 24 && !s_files.Contains(top) ? end : -1;
    }

    private static bool TryUrl(in TextScan scan, int at, out int start, out int end)
    {
        start = end = 0;
        var before = scan.Before(at, 160);
        var scheme = before.LastIndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return false;
        }
        var user = before[(scheme + 3)..];
        var colon = user.IndexOf(':');
        // "${PASSWORD}" and "***" are nobody's.
        if (colon < 0 || colon == user.Length - 1 || user.ContainsAny(s_noUser) || user[colon..].ContainsAny('{', '}') || !user[(colon + 1)..].ContainsAnyExcept('*'))
        {
            return false;
        }
        start = at - before.Length + scheme;
        // The colon was looked at before, as a label's; the scheme lies behind it.
        var slashes = start;
        while (start > 0 && slashes - start < 16 && (char.IsAsciiLetterOrDigit(scan.Text[start - 1]) || scan.Text[start - 1] is '+' or '.'))
        {
            start--;
        }
        end = at + 1;
        while (end < scan.Text.Length && (s_url.Contains(scan.Text[end]) || (scan.Text[end] > 127 && char.IsLetterOrDigit(scan.Text[end]))))
        {
            end++;
        }
        while (end > at + 2 && scan.Text[end - 1] is '.' or ',' or ')' or '\'' or ';' or ']')
        {
            end--;
        }
        return true;
    }

    private static bool IsLocal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '%' or '+' or '-' or '\'' or '&' or '=' or '~' or '#' or '!' or '/' or '*' or '|' or '{' or '`' || (c > 127 && char.IsLetterOrDigit(c));
}
