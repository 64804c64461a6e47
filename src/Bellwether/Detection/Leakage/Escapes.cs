using System.Buffers;
using System.Text;

namespace Bellwether.Detection;

/// <summary>
/// Reads what programs write for a character: <c>&amp;#89;</c>, <c>&amp;#x59;</c>, <c>\u0059</c>, <c>\u{59}</c>, <c>\x59</c>, <c>\131</c>, <c>%59</c>, <c>%u0059</c>, <c>=59</c>, <c>U+0059</c>;
/// and the signs that stand for letters in leetspeak within words: <c>th!$</c>.
/// </summary>
internal static class Escapes
{
    /// <summary>Characters of the longest escape that is read.</summary>
    public const int Longest = 16;

    private const string Signs = "@$!|+";
    private const string Letters = "asiit";
    private static readonly SearchValues<char> s_marks = SearchValues.Create("&\\%=Uu" + Signs);

    /// <summary>One that was read. Length 0: it is none; below 0: the text ends within it.</summary>
    private readonly record struct Escape(int Length, int Value);

    private static Escape None => default;
    private static readonly Escape s_open = new(-1, 0);

    /// <summary>Where the first one begins, or −1. <paramref name="open"/> is where one that the text ends within may begin, else the text's end.</summary>
    /// <param name="before">The character before the text; 0 for none.</param>
    public static int Find(ReadOnlySpan<char> text, char before, bool final, out int open)
    {
        open = text.Length;
        for (var at = NextMark(text, 0); at < text.Length; at = NextMark(text, at + 1))
        {
            var escape = Read(text[at..], at > 0 ? text[at - 1] : before, final, found: false);
            // The signs of base64 and of tables alone are no hint that a text is in leetspeak.
            if (escape.Length > 0 && text[at] is not ('+' or '|')) { return at; }
            if (escape.Length < 0)
            {
                open = at;
                return -1;
            }
        }
        return -1;
    }

    /// <summary>Whether a text has so many.</summary>
    public static bool AreThere(ReadOnlySpan<char> text, int fewest)
    {
        for (int at = 0, next; fewest > 0 && at < text.Length && (next = Find(text[at..], at > 0 ? text[at - 1] : '\0', final: true, out _)) >= 0; at += next + 1) { fewest--; }
        return fewest == 0;
    }

    /// <summary>Decodes as far as the text says for certain; the rest is the beginning of an escape.</summary>
    /// <param name="into">Gets the characters; as long as the text.</param>
    /// <param name="places">Gets for each the index in the text that it came from.</param>
    /// <returns>How much of the text was read, and how much written.</returns>
    public static (int Read, int Written) Decode(ReadOnlySpan<char> text, char before, bool final, Span<char> into, Span<int> places)
    {
        var (at, count) = (0, 0);
        while (at < text.Length)
        {
            for (var mark = NextMark(text, at); at < mark; at++) { (into[count], places[count++]) = (text[at], at); }
            if (at == text.Length) { break; }
            var escape = Read(text[at..], at > 0 ? text[at - 1] : before, final, found: true);
            if (escape.Length < 0) { break; }
            if (escape.Length == 0)
            {
                (into[count], places[count++]) = (text[at], at);
                at++;
                continue;
            }
            // A half of a pair is taken as it is: its other half may be the next escape.
            var units = escape.Value is >= 0xD800 and <= 0xDFFF ? 1 : new Rune(escape.Value).EncodeToUtf16(into[count..]);
            if (escape.Value is >= 0xD800 and <= 0xDFFF) { into[count] = (char)escape.Value; }
            for (; units > 0; units--) { places[count++] = at; }
            at += escape.Length;
        }
        return (at, count);
    }

    private static int NextMark(ReadOnlySpan<char> text, int from)
    {
        var at = text[from..].IndexOfAny(s_marks);
        return at < 0 ? text.Length : from + at;
    }

    // Where one was found others are more likely: a sign at a word's end may be a letter too.
    private static Escape Read(ReadOnlySpan<char> text, char before, bool final, bool found)
    {
        var escape = text[0] switch
        {
            '&' => OfEntity(text),
            '\\' => OfBackslash(text),
            '%' when At(text, 1) is 'u' => Digits(text, 2, 4, 4, hex: true),
            '%' or '=' => OfBytes(text, 1),
            'U' or 'u' => At(text, 1) == '+' ? Digits(text, 2, 4, 6, hex: true) : text.Length == 1 ? s_open : None,
            _ => OfSign(text, before, found),
        };
        if (escape.Length < 0) { return final || text.Length >= Longest ? None : escape; }
        return escape.Value is < 0 or > 0x10FFFF ? None : escape;
    }

    private static char At(ReadOnlySpan<char> text, int at) => at < text.Length ? text[at] : '\0';

    // &#89; &#x59; &amp; &eacute;
    private static Escape OfEntity(ReadOnlySpan<char> text)
    {
        if (text.Length < 3) { return s_open; }
        if (text[1] == '#')
        {
            var hex = text[2] is 'x' or 'X';
            var number = Digits(text, hex ? 3 : 2, 1, 10, hex);
            return number.Length > 0 && At(text, number.Length) == ';' ? number with { Length = number.Length + 1 } : number;
        }
        var end = text[..Math.Min(text.Length, Longest)].IndexOf(';');
        if (end < 0) { return text[1..].ContainsAnyExceptInRange('a', 'z') ? None : s_open; }
        return text[1..end] switch
        {
            "amp" => new(end + 1, '&'),
            "nbsp" => new(end + 1, ' '),
            _ => char.IsAsciiLetter(text[1]) && text[2..end] is "acute" or "grave" or "circ" or "uml" or "tilde" or "cedil" or "ring" or "caron" ? new(end + 1, text[1]) : None,
        };
    }

    // \u0059 \u{59} \U00000059 \x59 \x{59} \131
    private static Escape OfBackslash(ReadOnlySpan<char> text) => At(text, 1) switch
    {
        '\0' => s_open,
        'u' or 'x' when At(text, 2) == '{' => Digits(text, 3, 1, 8, hex: true) is { Length: > 0 } number ? At(text, number.Length) == '}' ? number with { Length = number.Length + 1 } : number : s_open,
        'u' => Digits(text, 2, 4, 4, hex: true),
        'U' => Digits(text, 2, 8, 8, hex: true),
        'x' => OfBytes(text, 2),
        >= '0' and <= '3' => text.Length < 4 ? s_open
            : char.IsBetween(text[2], '0', '7') && char.IsBetween(text[3], '0', '7') ? new(4, ((text[1] - '0') * 64) + ((text[2] - '0') * 8) + text[3] - '0') : None,
        _ => None,
    };

    private static Escape Digits(ReadOnlySpan<char> text, int from, int fewest, int most, bool hex)
    {
        var (at, value) = (from, 0L);
        for (; at < text.Length && at - from < most && (hex ? char.IsAsciiHexDigit(text[at]) : char.IsAsciiDigit(text[at])); at++)
        {
            value = (value * (hex ? 16 : 10)) + Value(text[at]);
        }
        if (at == text.Length && at - from < most) { return s_open; }
        return at - from < fewest ? None : new(at, (int)Math.Min(value, int.MaxValue));
    }

    private static int Value(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    // The bytes of one character in UTF-8, each behind the same mark.
    private static Escape OfBytes(ReadOnlySpan<char> text, int mark)
    {
        Span<byte> bytes = stackalloc byte[4];
        var (at, count, wanted) = (0, 0, 1);
        while (count < wanted)
        {
            if (text.Length < at + mark + 2)
            {
                // What is there of the next byte may still become one.
                return text[at..].StartsWith(text[..Math.Min(mark, text.Length - at)]) ? s_open : None;
            }
            if ((count > 0 && !text[at..].StartsWith(text[..mark])) || !char.IsAsciiHexDigit(text[at + mark]) || !char.IsAsciiHexDigit(text[at + mark + 1])) { return None; }
            bytes[count] = (byte)((Value(text[at + mark]) * 16) + Value(text[at + mark + 1]));
            wanted = count > 0 ? wanted : bytes[0] switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
            count++;
            at += mark + 2;
        }
        return count == 1 ? new(at, bytes[0]) : Rune.DecodeFromUtf8(bytes[..count], out var rune, out _) == OperationStatus.Done ? new(at, rune.Value) : None;
    }

    // A sign within a word: th!s, tr@ve!!er. At a word's end it is punctuation more often than not.
    private static Escape OfSign(ReadOnlySpan<char> text, char before, bool atEnds)
    {
        if (text.Length == 1) { return s_open; }
        var within = atEnds ? IsOfWord(before) || IsOfWord(text[1]) : IsOfWord(before) && IsOfWord(text[1]) && (char.IsLetterOrDigit(before) || char.IsLetterOrDigit(text[1]));
        return within ? new(1, Letters[Signs.IndexOf(text[0], StringComparison.Ordinal)]) : None;
    }

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || Signs.Contains(c, StringComparison.Ordinal);
}
