using System.Buffers;

namespace Bellwether.Detection;

/// <summary>Groups of hexadecimal digits: MAC addresses and IPv6.</summary>
internal static class HexReader
{
    private const int Near = 8;
    private static readonly SearchValues<char> s_letters = SearchValues.Create("abcdefABCDEF");
    private static readonly SearchValues<char> s_signs = SearchValues.Create("0123456789ABCDEFabcdef:.");

    public static bool TryRead(ref TextScan scan, int start, out int after)
    {
        after = start;
        var text = scan.Text;
        if (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is ':' or '-' or '_'))
        {
            return false;
        }
        if (TryMac(text[start..], out var length) && !char.IsAsciiLetterOrDigit(scan.At(start + length)) && scan.At(start + length) is not ('-' or ':'))
        {
            after = start + length;
            scan.Add(PersonalDataType.Mac, start, after, 0.9f);
            return true;
        }
        var limit = Math.Min(text.Length, start + 48);
        var end = start;
        // A search costs more to begin than to do where the first signs end it.
        while (end < limit && end < start + Near && (char.IsAsciiHexDigit(text[end]) || text[end] is ':' or '.')) { end++; }
        if (end == start + Near)
        {
            end = text[end..limit].IndexOfAnyExcept(s_signs) is var stop and >= 0 ? end + stop : limit;
        }
        while (end > start && text[end - 1] is '.' || (end > start + 1 && text[end - 1] == ':' && text[end - 2] != ':'))
        {
            end--;
        }
        if (!IsIpv6(text[start..end]) || char.IsLetterOrDigit(scan.At(end)) || scan.At(end) == '_')
        {
            return false;
        }
        after = end;
        scan.Add(PersonalDataType.Ip, start, end, 0.9f);
        return true;
    }

    // 00:1b:44:11:3a:b7, 00-1B-44-11-3A-B7, 001b.4411.3ab7
    private static bool TryMac(ReadOnlySpan<char> text, out int length)
    {
        length = 17;
        if (text.Length >= 17 && text[2] is ':' or '-' && IsGrouped(text[..17], 2, text[2]))
        {
            return text[..17].ContainsAnyExcept(text[2], '0');
        }
        length = 14;
        return text.Length >= 14 && text[4] == '.' && IsGrouped(text[..14], 4, '.') && text[..14].ContainsAny(s_letters) && text[..14].ContainsAnyInRange('0', '9');
    }

    private static bool IsGrouped(ReadOnlySpan<char> text, int size, char separator)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i % (size + 1) == size ? text[i] != separator : !char.IsAsciiHexDigit(text[i]))
            {
                return false;
            }
        }
        return true;
    }

    // RFC 4291, 2.2
    private static bool IsIpv6(ReadOnlySpan<char> text)
    {
        if (text.Length < 5 || !text.Contains(':') || !text.ContainsAnyInRange('0', '9'))
        {
            return false;
        }
        var groups = 0;
        var widest = 0;
        var gap = false;
        var at = 0;
        while (at < text.Length)
        {
            var end = at;
            while (end < text.Length && char.IsAsciiHexDigit(text[end])) { end++; }
            if (end < text.Length && text[end] == '.')
            {
                // ::ffff:192.0.2.1
                return gap && System.Net.IPAddress.IsValid(text[at..]) && groups > 0;
            }
            if (end - at > 4) { return false; }
            if (end > at) { groups++; }
            widest = Math.Max(widest, end - at);
            if (end == text.Length) { break; }
            if (end + 1 < text.Length && text[end + 1] == ':')
            {
                if (gap) { return false; }
                gap = true;
                at = end + 2;
            }
            else
            {
                if (end == at && at > 0 && !gap) { return false; }
                at = end + 1;
            }
        }
        return gap ? groups is >= 1 and < 8 && widest >= 2 : groups == 8;
    }
}
