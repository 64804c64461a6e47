using System.Buffers;
using System.Globalization;
using System.Text;

namespace Bellwether.Detection;

/// <summary>
/// What hides a number from a reader but not from a person or a program: invisible signs, full-width and foreign digits, escapes of
/// JSON, URLs and HTML, "[at]". They are replaced by what they stand for, and every place of the result knows its place in the text.
/// </summary>
internal static class TextFolding
{
    // Every escape but " dot " begins with one of these.
    private static readonly SearchValues<char> s_firsts = SearchValues.Create("%\\&[({");
    private static readonly SearchValues<string> s_spokenDot = SearchValues.Create([" dot "], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> s_escapes = SearchValues.Create(
        ["%40", "%2D", "%2B", "%20", "%3A", "\\u00", "\\n", "\\t", "\\r", "\\\"", "&#", "&commat;", "[at]", "(at)", "{at}", " dot ", "[dot]", "(dot)", "[.]"], StringComparison.OrdinalIgnoreCase);

    public static bool IsNeeded(ReadOnlySpan<char> text) => (text.IndexOfAny(s_firsts) is var first and >= 0 && text[first..].ContainsAny(s_escapes)) || text.ContainsAny(s_spokenDot) || (!Ascii.IsValid(text) && HasOddSign(text));

    private static bool HasOddSign(ReadOnlySpan<char> text)
    {
        var from = text.IndexOfAnyInRange('\u0080', '\uffff');
        foreach (var c in text[Math.Max(0, from)..])
        {
            if (c > 127 && (IsInvisible(c) || Fold(c) != c || c is '\ud835' or '\udb40'))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Both spans must have room for the whole text, and <paramref name="places"/> for one more.</summary>
    /// <returns>The length of the result.</returns>
    public static int Fold(ReadOnlySpan<char> text, Span<char> into, Span<int> places)
    {
        var count = 0;
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            var taken = 1;
            var put = c;
            if (c > 127)
            {
                if (IsInvisible(c)) { at++; continue; }
                if (c == '\udb40') { at += at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1; continue; }
                if (c == '\ud835' && at + 1 < text.Length && text[at + 1] is >= '\udfce' and <= '\udfff')
                {
                    (put, taken) = ((char)('0' + ((text[at + 1] - 0xdfce) % 10)), 2);
                }
                else
                {
                    put = Fold(c);
                }
            }
            else if (c is '\\' or '%' or '&' or '[' or '(' or '{' or ' ')
            {
                Escape(text[at..], ref put, ref taken);
            }
            places[count] = at;
            into[count++] = put;
            at += taken;
        }
        places[count] = text.Length;
        return count;
    }

    private static void Escape(ReadOnlySpan<char> text, ref char put, ref int taken)
    {
        switch (text[0])
        {
            case '\\' when text.Length > 5 && text[1] == 'u' && TryHex(text.Slice(2, 4), out var unit) && unit is >= 0x20 and < 0xd800:
                (put, taken) = (Fold((char)unit), 6);
                break;
            // JSON inside a string: "\\n" before a name or an address is no part of it.
            case '\\' when text.Length > 1 && text[1] is 'n' or 'r' or 't' or '"':
                (put, taken) = (text[1] switch { 'n' or 'r' => '\n', 't' => '\t', _ => '"' }, 2);
                break;
            case '%' when text.Length > 2 && TryHex(text.Slice(1, 2), out var octet) && octet is >= 0x20 and < 0x7f:
                (put, taken) = ((char)octet, 3);
                break;
            case '&' when text.StartsWith("&commat;", StringComparison.Ordinal):
                (put, taken) = ('@', 8);
                break;
            case '&' when text.Length > 3 && text[1] == '#':
                var end = text[..Math.Min(text.Length, 9)].IndexOf(';');
                var hex = text[2] is 'x' or 'X';
                if (end > 2 && int.TryParse(text[(hex ? 3 : 2)..end], hex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 0x20 and < 0xd800)
                {
                    (put, taken) = (Fold((char)code), end + 1);
                }
                break;
            case '[' or '(' or '{' or ' ':
                Spoken(text, ref put, ref taken);
                break;
        }
    }

    // "jane [at] example [dot] com", "jane at example dot com"
    private static void Spoken(ReadOnlySpan<char> text, ref char put, ref int taken)
    {
        var at = text[0] == ' ' ? 1 : 0;
        var bracket = at < text.Length && text[at] is '[' or '(' or '{';
        if (bracket)
        {
            var rest = text[(at + 1)..];
            var length = rest.StartsWith("at", StringComparison.OrdinalIgnoreCase) ? 2 : rest.StartsWith("dot", StringComparison.OrdinalIgnoreCase) ? 3 : rest.StartsWith(".") ? 1 : 0;
            if (length == 0 || rest.Length <= length || rest[length] is not (']' or ')' or '}'))
            {
                return;
            }
            put = length == 2 ? '@' : '.';
            taken = at + 1 + length + 1;
            taken += taken < text.Length && text[taken] == ' ' && at == 1 ? 1 : 0;
            return;
        }
        if (text.StartsWith(" dot ", StringComparison.OrdinalIgnoreCase))
        {
            (put, taken) = ('.', 5);
        }
        else if (text.StartsWith(" at ", StringComparison.OrdinalIgnoreCase))
        {
            var host = text[4..Math.Min(text.Length, 68)];
            var space = host.IndexOf(' ');
            if (space > 0 && host[space..].StartsWith(" dot ", StringComparison.OrdinalIgnoreCase))
            {
                (put, taken) = ('@', 4);
            }
        }
    }

    private static bool TryHex(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit(digit)) { return false; }
            value = (value << 4) | (char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
        return true;
    }

    private static bool IsInvisible(char c) => c is '\u00ad' or '\u034f' or '\u061c' or '\u180e' or (>= '\u200b' and <= '\u200f') or (>= '\u202a' and <= '\u202e') or (>= '\u2060' and <= '\u206f') or (>= '\ufe00' and <= '\ufe0f') or '\ufeff' or '\u115f' or '\u3164';

    private static char Fold(char c) => c switch
    {
        < (char)128 => c,
        >= '\uff01' and <= '\uff5e' => (char)(c - 0xfee0),
        '\u3000' or '\u2003' or '\u2002' or '\u2007' or '\u2009' or '\u202f' => ' ',
        '\u2212' or '\ufe63' or '\u2043' => '-',
        '\ufe6b' => '@',
        '\u2024' or '\u3002' => '.',
        >= '\u2460' and <= '\u2468' => (char)(c - '\u2460' + '1'),
        >= '\u2080' and <= '\u2089' => (char)(c - '\u2080' + '0'),
        _ when char.IsDigit(c) => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)),
        _ => c,
    };
}
