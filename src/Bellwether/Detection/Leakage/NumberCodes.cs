using System.Text;

namespace Bellwether.Detection;

/// <summary>Finds and decodes characters that are written as numbers: <c>89 111 117</c>, <c>[89,111,117]</c>, <c>131 157 165</c> (octal), <c>0059 006f</c>, <c>01011001 01101111</c>.</summary>
internal static class NumberCodes
{
    private const int Fewest = 12;
    // Signs between two numbers.
    private const int MostBetween = 4;
    private const int Longest = 8;

    /// <summary>Calls back with each stretch that is long enough to carry a sentence and what it says in each way that it can be read. Each character is read at most five times.</summary>
    public static void Decode(ReadOnlySpan<char> text, Action<TextSpan, Encoded, string> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAnyInRange('0', '9');
            if (next < 0) { return; }
            var start = at + next;
            at = WordEnd(text, start);
            if (start > 0 && char.IsAsciiLetterOrDigit(text[start - 1])) { continue; }
            var (end, count, ways) = Stretch(text, start);
            at = Math.Max(at, end);
            if (count < Fewest) { continue; }
            foreach (var way in (ReadOnlySpan<Ways>)[Ways.Binary, Ways.Octal, Ways.Units, Ways.Decimal])
            {
                if ((ways & way) != 0 && Read(text[start..end], way, count) is { } said) { found(new(start, end), Encoded.Numbers, said); }
            }
        }
    }

    [Flags]
    private enum Ways { None = 0, Decimal = 1, Octal = 2, Units = 4, Binary = 8, All = 15 }

    private static (int End, int Count, Ways Ways) Stretch(ReadOnlySpan<char> text, int start)
    {
        var (end, count, ways) = (start, 0, Ways.All);
        for (var at = start; at < text.Length;)
        {
            var word = text[at..WordEnd(text, at)];
            var still = ways & WaysOf(word);
            if (still == 0) { break; }
            ways = still;
            count++;
            end = at + word.Length;
            at = end;
            while (at < text.Length && at - end < MostBetween && !char.IsAsciiLetterOrDigit(text[at])) { at++; }
            if (at == text.Length || !char.IsAsciiLetterOrDigit(text[at])) { break; }
        }
        return (end, count, ways);
    }

    private static Ways WaysOf(ReadOnlySpan<char> word)
    {
        if (word.Length > Longest) { return Ways.None; }
        var ways = Ways.None;
        if (word.Length is >= 2 and <= 5 && !word.ContainsAnyExceptInRange('0', '9')) { ways |= Ways.Decimal; }
        if (word.Length == 3 && !word.ContainsAnyExceptInRange('0', '7')) { ways |= Ways.Octal; }
        if (word.Length == 4 && IsHex(word)) { ways |= Ways.Units; }
        if (word.Length is 7 or 8 && !word.ContainsAnyExcept('0', '1')) { ways |= Ways.Binary; }
        return ways;
    }

    private static bool IsHex(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiHexDigit(c)) { return false; }
        }
        return true;
    }

    private static int WordEnd(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiLetterOrDigit(text[at])) { at++; }
        return at;
    }

    private static string? Read(ReadOnlySpan<char> stretch, Ways way, int count)
    {
        var radix = way switch { Ways.Binary => 2, Ways.Octal => 8, Ways.Units => 16, _ => 10 };
        var units = new char[count];
        var written = 0;
        for (var at = 0; at < stretch.Length; at++)
        {
            if (!char.IsAsciiLetterOrDigit(stretch[at])) { continue; }
            var value = 0;
            for (; at < stretch.Length && char.IsAsciiLetterOrDigit(stretch[at]); at++) { value = (value * radix) + Value(stretch[at]); }
            if (value > char.MaxValue) { return null; }
            units[written++] = (char)value;
        }
        // Numbers of no character are no text. Those that are bytes are read as UTF-8 where they are that.
        var odd = units.Count(unit => unit < 32 && unit is not ('\n' or '\r' or '\t'));
        if (odd * 20 > count) { return null; }
        return units.Any(unit => unit > 127) && units.All(unit => unit < 256) && EncodedRuns.AsText(Encoding.Latin1.GetBytes(units)) is { } text ? text : new string(units);
    }

    private static int Value(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
