using System.Buffers;
using static Bellwether.Detection.Checksums;

namespace Bellwether.Detection;

/// <summary>Identity numbers that have letters in them, told by their whole form and, where there is one, their check letter.</summary>
internal static class LetteredIds
{
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string FinnishSigns = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    private const string TaiwaneseOrder = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    private const string CurpOrder = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";

    private static readonly SearchValues<char> s_upperOrNine = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ9");

    private static ReadOnlySpan<byte> ItalianOdd => [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /// <summary>How sure the token is an identity number: 0 for none, below 0.5 when only a word beside it could settle it.</summary>
    public static float Confidence(ReadOnlySpan<char> t) => t.Length switch
    {
        9 when IsSpanish(t) => 0.9f,
        8 or 9 when IsChileanK(t) => 0.55f,
        9 when IsNino(t) => 0.7f,
        9 when IsNric(t) => 0.85f,
        8 or 9 when IsIrishPpsn(t) => 0.6f,
        10 when IsTaiwaneseId(t) => 0.85f,
        10 when IsIndianPan(t) => 0.7f,
        16 when IsCodiceFiscale(t) => 0.95f,
        18 when IsCurp(t) => 0.95f,
        18 when t[17] is 'X' or 'x' && IsChineseWithX(t) => 0.95f,
        12 or 13 when IsMexicanRfc(t) => 0.45f,
        _ => 0,
    };

    /// <summary>DNI 12345678Z, NIE X1234567L.</summary>
    public static bool IsSpanish(ReadOnlySpan<char> t)
    {
        if (t.Length != 9 || !char.IsAsciiLetter(t[8]))
        {
            return false;
        }
        var value = (t[0] & ~0x20) switch { 'X' => 0, 'Y' => 1, 'Z' => 2, _ => char.IsAsciiDigit(t[0]) ? t[0] - '0' : -1 };
        return value >= 0 && TryValue(t[1..8], out var rest) && SpanishLetters[(int)(((value * 10_000_000L) + rest) % 23)] == char.ToUpperInvariant(t[8]);
    }

    /// <summary>Chile, 12345670K: a check of ten is written K. With a digit there it is <see cref="NationalIds.IsChileRut"/>.</summary>
    public static bool IsChileanK(ReadOnlySpan<char> t) =>
        t.Length is 8 or 9 && t[^1] is 'K' or 'k' && TryDigits(t[..^1], stackalloc byte[8], out var digits) && NationalIds.ChileCheck(digits) == 10;

    /// <summary>United Kingdom, AB123456C (HMRC manual NIM39110): no check letter.</summary>
    public static bool IsNino(ReadOnlySpan<char> t) =>
        t.Length == 9 && char.IsAsciiLetterUpper(t[0]) && char.IsAsciiLetterUpper(t[1]) && t[8] is >= 'A' and <= 'D' && TryValue(t[2..8], out _)
        && !"DFIQUV".Contains(t[0]) && !"DFIQUVO".Contains(t[1]) && !(t[0] == 'B' && t[1] == 'G') && !(t[0] == 'G' && t[1] == 'B')
        && !(t[0] == 'K' && t[1] == 'N') && !(t[0] == 'N' && t[1] is 'K' or 'T') && !(t[0] == 'T' && t[1] == 'N') && !(t[0] == 'Z' && t[1] == 'Z');

    /// <summary>Singapore, S1234567D.</summary>
    public static bool IsNric(ReadOnlySpan<char> t)
    {
        if (t.Length != 9 || !"STFG".Contains(t[0]) || !TryDigits(t[1..8], stackalloc byte[7], out var digits))
        {
            return false;
        }
        var sum = (Sum(digits, [2, 7, 6, 5, 4, 3, 2]) + (t[0] is 'T' or 'G' ? 4 : 0)) % 11;
        return (t[0] is 'S' or 'T' ? "JZIHGFEDCBA" : "XWUTRQPNMLK")[sum] == t[8];
    }

    /// <summary>Ireland, 1234567T or 1234567TW.</summary>
    public static bool IsIrishPpsn(ReadOnlySpan<char> t)
    {
        if (t.Length is not (8 or 9) || !TryDigits(t[..7], stackalloc byte[7], out var digits) || !char.IsAsciiLetterUpper(t[7]) || (t.Length == 9 && !char.IsAsciiLetterUpper(t[8])))
        {
            return false;
        }
        var sum = Sum(digits, [8, 7, 6, 5, 4, 3, 2]) + (t.Length == 9 && t[8] is not ('W' or 'T' or 'X') ? (t[8] - '@') * 9 : 0);
        return "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == t[7];
    }

    public static bool IsTaiwaneseId(ReadOnlySpan<char> t)
    {
        if (t.Length != 10 || !char.IsAsciiLetterUpper(t[0]) || t[1] is not ('1' or '2' or '8' or '9') || !TryDigits(t[1..], stackalloc byte[9], out var digits))
        {
            return false;
        }
        var letter = TaiwaneseOrder.IndexOf(t[0], StringComparison.Ordinal) + 10;
        return ((letter / 10) + (letter % 10 * 9) + Sum(digits, [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 == 0;
    }

    /// <summary>India, ABCPE1234F: the fourth letter is the kind of holder, the check letter's rule is not published.</summary>
    public static bool IsIndianPan(ReadOnlySpan<char> t) =>
        t.Length == 10 && AllUpper(t[..5]) && "PCHABGJLFT".Contains(t[3]) && TryValue(t[5..9], out var number) && number > 0 && char.IsAsciiLetterUpper(t[9]);

    public static bool IsCodiceFiscale(ReadOnlySpan<char> t)
    {
        if (t.Length != 16 || !AllLetters(t[..6]) || !char.IsAsciiDigit(t[6]) || !char.IsAsciiLetter(t[8]) || !char.IsAsciiLetter(t[11]) || !char.IsAsciiLetter(t[15]))
        {
            return false;
        }
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var c = char.ToUpperInvariant(t[i]);
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
            var place = char.IsAsciiDigit(c) ? c - '0' : c - 'A';
            sum += (i & 1) == 0 ? ItalianOdd[place] : place;
        }
        return sum % 26 == char.ToUpperInvariant(t[15]) - 'A';
    }

    public static bool IsCurp(ReadOnlySpan<char> t)
    {
        if (t.Length != 18 || !AllUpper(t[..4]) || !TryValue(t[4..10], out _) || t[10] is not ('H' or 'M' or 'X') || !AllUpper(t[11..16]) || !char.IsAsciiDigit(t[17]))
        {
            return false;
        }
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            var place = CurpOrder.IndexOf(t[i], StringComparison.Ordinal);
            if (place < 0)
            {
                return false;
            }
            sum += place * (18 - i);
        }
        return (10 - (sum % 10)) % 10 == t[17] - '0';
    }

    public static bool IsMexicanRfc(ReadOnlySpan<char> t) =>
        t.Length is 12 or 13 && AllUpper(t[..(t.Length - 9)]) && TryValue(t[(t.Length - 9)..^3], out var date) && date / 100 % 100 is >= 1 and <= 12 && date % 100 is >= 1 and <= 31;

    /// <summary>United Kingdom, MORGA753116SM9IJ: five letters of the surname, a date of birth in which a woman's month has 50 added, initials, a check.</summary>
    public static bool IsBritishLicense(ReadOnlySpan<char> t) =>
        t.Length == 16 && !t[..5].ContainsAnyExcept(s_upperOrNine) && TryValue(t[5..11], out var date) && date / 1_000 % 100 % 50 is >= 1 and <= 12 && date / 10 % 100 is >= 1 and <= 31 && !t[11..13].ContainsAnyExcept(s_upperOrNine);

    /// <summary>Finland, 131052-308T: six digits, a sign of the century, three digits, a check sign.</summary>
    public static bool IsHetu(ReadOnlySpan<char> t) =>
        t.Length == 11 && TryValue(t[..6], out var date) && TryValue(t[7..10], out var serial) && date / 10_000 is >= 1 and <= 31 && date / 100 % 100 is >= 1 and <= 12
        && FinnishSigns[(int)(((date * 1_000) + serial) % 31)] == char.ToUpperInvariant(t[10]);

    /// <summary>Hong Kong, A123456(3).</summary>
    public static bool IsHkid(ReadOnlySpan<char> t)
    {
        if (t.Length != 10 || !char.IsAsciiLetterUpper(t[0]) || t[7] != '(' || t[9] != ')' || !TryDigits(t[1..7], stackalloc byte[6], out var digits))
        {
            return false;
        }
        var sum = (36 * 9) + ((t[0] - 'A' + 10) * 8) + Sum(digits, [7, 6, 5, 4, 3, 2]);
        var check = (11 - (sum % 11)) % 11;
        return t[8] == (check == 10 ? 'A' : (char)('0' + check));
    }

    private static bool IsChineseWithX(ReadOnlySpan<char> t)
    {
        Span<byte> all = stackalloc byte[18];
        if (!TryDigits(t[..17], all, out _))
        {
            return false;
        }
        all[17] = 10;
        return NationalIds.IsChineseId(all);
    }

    private static bool TryValue(ReadOnlySpan<char> t, out long value)
    {
        value = 0;
        foreach (var c in t)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
            value = (value * 10) + (c - '0');
        }
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> t, Span<byte> into, out ReadOnlySpan<byte> digits)
    {
        digits = into[..t.Length];
        for (var i = 0; i < t.Length; i++)
        {
            if (!char.IsAsciiDigit(t[i]))
            {
                return false;
            }
            into[i] = (byte)(t[i] - '0');
        }
        return true;
    }

    private static bool AllUpper(ReadOnlySpan<char> t) => !t.ContainsAnyExceptInRange('A', 'Z');

    private static bool AllLetters(ReadOnlySpan<char> t)
    {
        foreach (var c in t)
        {
            if (!char.IsAsciiLetter(c))
            {
                return false;
            }
        }
        return true;
    }
}
