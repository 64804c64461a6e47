using static Bellwether.Detection.Checksums;

namespace Bellwether.Detection;

/// <summary>
/// National identity, insurance and tax numbers with a check digit, by their count of digits. Sources: the issuing authorities'
/// specifications as collected by the OECD (tax identification numbers) and, for each number, in the documentation's table.
/// A number of nine to eleven digits passes some country's check by chance one time in four, so most of these count only beside a
/// word that announces an identity number; <see cref="IsTelling"/> names those that stand alone.
/// </summary>
internal static class NationalIds
{
    /// <summary>Any country's number of this many digits.</summary>
    public static bool IsAny(ReadOnlySpan<byte> d) => d.Length switch
    {
        8 => IsChileRut(d) || IsIsraelId(d),
        9 => IsDutchBsn(d) || IsPortugueseNif(d) || IsCanadianSin(d) || IsAustralianTfn(d) || IsGreekAfm(d) || IsIsraelId(d) || IsChileRut(d) || IsHungarianTaj(d),
        10 => IsNhsNumber(d) || IsBulgarianEgn(d) || IsSwedishPersonnummer(d) || IsDanishCpr(d) || IsCzechRodneCislo(d) || IsTaxIdOfPoland(d) || IsIcelandicKennitala(d)
            || IsRussianInn(d) || IsUkrainianRnokpp(d) || IsIranianId(d) || IsSaudiId(d) || IsEcuadorianCedula(d),
        11 => IsPesel(d) || IsNorwegianNumber(d) || IsBelgianNumber(d) || IsEstonianIsikukood(d) || IsGermanTaxId(d) || IsCroatianOib(d) || IsTurkishId(d)
            || IsBrazilianCpf(d) || IsArgentineCuil(d) || IsGreekAmka(d) || IsRussianSnils(d),
        12 => IsAadhaar(d) || IsRussianInn(d) || IsJapaneseMyNumber(d) || IsMalaysianId(d) || (IsSwedishPersonnummer(d[2..]) && d[0] is 1 or 2),
        13 => IsSouthAfricanId(d) || IsRomanianCnp(d) || IsSwissAhv(d) || IsThaiId(d) || IsKoreanRrn(d) || IsYugoslavJmbg(d),
        14 => IsBrazilianCnpj(d) || IsEgyptianId(d),
        15 => IsFrenchNir(d) || IsEmiratesId(d),
        16 => IsIndonesianNik(d),
        18 => IsChineseId(d),
        _ => false,
    };

    /// <summary>Numbers whose digits hold so much structure that chance hardly makes them.</summary>
    public static bool IsTelling(ReadOnlySpan<byte> d) => d.Length switch
    {
        15 => IsFrenchNir(d),
        18 => IsChineseId(d),
        13 => IsSwissAhv(d),
        _ => false,
    };

    public static bool IsDutchBsn(ReadOnlySpan<byte> d) => d.Length == 9 && (Sum(d, [9, 8, 7, 6, 5, 4, 3, 2]) - d[8]) % 11 == 0 && Value(d) > 9_999_999;

    public static bool IsPortugueseNif(ReadOnlySpan<byte> d) => d.Length == 9 && d[0] is not (0 or 4) && Remainder11(Sum(d, [9, 8, 7, 6, 5, 4, 3, 2])) == d[8];

    public static bool IsCanadianSin(ReadOnlySpan<byte> d) => d.Length == 9 && d[0] is not (0 or 8) && Luhn(d);

    public static bool IsAustralianTfn(ReadOnlySpan<byte> d) => d.Length == 9 && Sum(d, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0;

    public static bool IsGreekAfm(ReadOnlySpan<byte> d) =>
        d.Length == 9 && ((d[0] * 256) + (d[1] * 128) + (d[2] * 64) + (d[3] * 32) + (d[4] * 16) + (d[5] * 8) + (d[6] * 4) + (d[7] * 2)) % 11 % 10 == d[8] && Value(d) > 0;

    public static bool IsIsraelId(ReadOnlySpan<byte> d) => d.Length is 8 or 9 && Luhn(d) && Value(d) > 0;

    public static bool IsChileRut(ReadOnlySpan<byte> d) => d.Length is 8 or 9 && ChileCheck(d[..^1]) == d[^1];

    /// <summary>The check digit of a RUT; 10 stands for K.</summary>
    public static int ChileCheck(ReadOnlySpan<byte> body)
    {
        var sum = 0;
        for (var i = 0; i < body.Length; i++)
        {
            sum += body[^(i + 1)] * (2 + (i % 6));
        }
        return (11 - (sum % 11)) % 11;
    }

    public static bool IsNhsNumber(ReadOnlySpan<byte> d) => d.Length == 10 && (11 - (Sum(d, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 == d[9];

    public static bool IsBulgarianEgn(ReadOnlySpan<byte> d) =>
        d.Length == 10 && IsDay((((d[2] * 10) + d[3] - 1) % 20) + 1, (d[4] * 10) + d[5]) && Sum(d, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == d[9];

    public static bool IsSwedishPersonnummer(ReadOnlySpan<byte> d) => d.Length == 10 && IsDay((d[2] * 10) + d[3], ((d[4] * 10) + d[5]) % 60) && Luhn(d);

    /// <summary>No check digit since 2007: only the date.</summary>
    public static bool IsDanishCpr(ReadOnlySpan<byte> d) => d.Length == 10 && IsDay((d[2] * 10) + d[3], (d[0] * 10) + d[1]) && Sum(d, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0;

    public static bool IsCzechRodneCislo(ReadOnlySpan<byte> d) => d.Length == 10 && IsDay(((d[2] * 10) + d[3]) % 50, (d[4] * 10) + d[5]) && Value(d) % 11 == 0;

    public static bool IsTaxIdOfPoland(ReadOnlySpan<byte> d) => d.Length == 10 && Sum(d, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == d[9] && d[0] > 0;

    public static bool IsPesel(ReadOnlySpan<byte> d) =>
        d.Length == 11 && IsDay(((d[2] * 10) + d[3]) % 20, (d[4] * 10) + d[5]) && (10 - (Sum(d, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 == d[10];

    public static bool IsNorwegianNumber(ReadOnlySpan<byte> d) =>
        d.Length == 11 && IsDay((d[2] * 10) + d[3], ((d[0] * 10) + d[1]) % 40) && Sum(d, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0 && Sum(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0;

    public static bool IsBelgianNumber(ReadOnlySpan<byte> d)
    {
        if (d.Length != 11 || (d[2] * 10) + d[3] > 12)
        {
            return false;
        }
        var check = (d[9] * 10) + d[10];
        var body = Value(d[..9]);
        return 97 - (body % 97) == check || 97 - ((body + 2_000_000_000) % 97) == check;
    }

    public static bool IsEstonianIsikukood(ReadOnlySpan<byte> d)
    {
        if (d.Length != 11 || d[0] is 0 or > 8 || !IsDay((d[3] * 10) + d[4], (d[5] * 10) + d[6]))
        {
            return false;
        }
        var check = Sum(d, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
        return (check < 10 ? check : Sum(d, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10) == d[10];
    }

    public static bool IsGermanTaxId(ReadOnlySpan<byte> d) => d.Length == 11 && d[0] > 0 && Mod1110(d);

    public static bool IsCroatianOib(ReadOnlySpan<byte> d) => d.Length == 11 && Mod1110(d);

    public static bool IsTurkishId(ReadOnlySpan<byte> d)
    {
        if (d.Length != 11 || d[0] == 0)
        {
            return false;
        }
        var odd = d[0] + d[2] + d[4] + d[6] + d[8];
        var even = d[1] + d[3] + d[5] + d[7];
        return ((odd * 7) - even + 100) % 10 == d[9] && (odd + even + d[9]) % 10 == d[10];
    }

    public static bool IsBrazilianCpf(ReadOnlySpan<byte> d) =>
        d.Length == 11 && d.IndexOfAnyExcept(d[0]) >= 0 && Remainder11(Sum(d, [10, 9, 8, 7, 6, 5, 4, 3, 2])) == d[9] && Remainder11(Sum(d, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) == d[10];

    public static bool IsBrazilianCnpj(ReadOnlySpan<byte> d) =>
        d.Length == 14 && d.IndexOfAnyExcept(d[0]) >= 0 && Remainder11(Sum(d, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == d[12]
        && Remainder11(Sum(d, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == d[13];

    public static bool IsArgentineCuil(ReadOnlySpan<byte> d) =>
        d.Length == 11 && d[0] is 2 or 3 && d[1] is 0 or 3 or 4 or 7 && (11 - (Sum(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 == d[10];

    public static bool IsGreekAmka(ReadOnlySpan<byte> d) => d.Length == 11 && IsDay((d[2] * 10) + d[3], (d[0] * 10) + d[1]) && Luhn(d);

    public static bool IsAadhaar(ReadOnlySpan<byte> d) => d.Length == 12 && d[0] > 1 && Verhoeff(d);

    public static bool IsSouthAfricanId(ReadOnlySpan<byte> d) => d.Length == 13 && IsDay((d[2] * 10) + d[3], (d[4] * 10) + d[5]) && d[10] < 3 && Luhn(d);

    public static bool IsRomanianCnp(ReadOnlySpan<byte> d) =>
        d.Length == 13 && d[0] > 0 && IsDay((d[3] * 10) + d[4], (d[5] * 10) + d[6]) && Sum(d, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 is var r && (r == 10 ? 1 : r) == d[12];

    public static bool IsSwissAhv(ReadOnlySpan<byte> d) =>
        d.Length == 13 && d[0] == 7 && d[1] == 5 && d[2] == 6 && (10 - (Sum(d, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 == d[12];

    public static bool IsThaiId(ReadOnlySpan<byte> d) => d.Length == 13 && d[0] is > 0 and < 9 && (11 - (Sum(d, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 == d[12];

    public static bool IsKoreanRrn(ReadOnlySpan<byte> d) =>
        d.Length == 13 && IsDay((d[2] * 10) + d[3], (d[4] * 10) + d[5]) && (11 - (Sum(d, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 == d[12];

    public static bool IsFrenchNir(ReadOnlySpan<byte> d) =>
        d.Length == 15 && d[0] is 1 or 2 && (d[3] * 10) + d[4] is (> 0 and < 13) or (> 19 and < 43) && 97 - (Value(d[..13]) % 97) == (d[13] * 10) + d[14];

    /// <summary>GB 11643: a digit 10 in the last place is the letter X.</summary>
    public static bool IsChineseId(ReadOnlySpan<byte> d) =>
        d.Length == 18 && d[0] is > 0 and < 9 && d[6] is 1 or 2 && IsDay((d[10] * 10) + d[11], (d[12] * 10) + d[13])
        && (12 - (Sum(d, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11)) % 11 == d[17];

    public static bool IsHungarianTaj(ReadOnlySpan<byte> d) => d.Length == 9 && Sum(d, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 == d[8] && Value(d) > 0;

    public static bool IsIcelandicKennitala(ReadOnlySpan<byte> d) =>
        d.Length == 10 && IsDay((d[2] * 10) + d[3], ((d[0] * 10) + d[1]) % 40) && d[9] is 0 or 8 or 9 && Remainder11Of(Sum(d, [3, 2, 7, 6, 5, 4, 3, 2])) == d[8];

    /// <summary>Of organisations 10 digits, of persons 12.</summary>
    public static bool IsRussianInn(ReadOnlySpan<byte> d) => Value(d) > 0 && d.Length switch
    {
        10 => Sum(d, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[9],
        12 => Sum(d, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[10] && Sum(d, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[11],
        _ => false,
    };

    public static bool IsRussianSnils(ReadOnlySpan<byte> d) => d.Length == 11 && Sum(d, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100 == (d[9] * 10) + d[10] && Value(d) > 0;

    public static bool IsUkrainianRnokpp(ReadOnlySpan<byte> d) =>
        d.Length == 10 && ((-d[0] + (d[1] * 5) + (d[2] * 7) + (d[3] * 9) + (d[4] * 4) + (d[5] * 6) + (d[6] * 10) + (d[7] * 5) + (d[8] * 7)) % 11 + 11) % 11 % 10 == d[9];

    public static bool IsIranianId(ReadOnlySpan<byte> d) =>
        d.Length == 10 && d.IndexOfAnyExcept(d[0]) >= 0 && Sum(d, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11 is var rest && (rest < 2 ? rest : 11 - rest) == d[9];

    public static bool IsSaudiId(ReadOnlySpan<byte> d) => d.Length == 10 && d[0] is 1 or 2 && Luhn(d);

    public static bool IsEcuadorianCedula(ReadOnlySpan<byte> d) => d.Length == 10 && (d[0] * 10) + d[1] is (> 0 and < 25) or 30 && d[2] < 6 && Luhn(d);

    public static bool IsJapaneseMyNumber(ReadOnlySpan<byte> d) => d.Length == 12 && Remainder11(Sum(d, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) == d[11];

    /// <summary>No check digit: date of birth and place.</summary>
    public static bool IsMalaysianId(ReadOnlySpan<byte> d) => d.Length == 12 && IsDay((d[2] * 10) + d[3], (d[4] * 10) + d[5]) && (d[6] * 10) + d[7] is > 0 and < 60;

    /// <summary>Serbia, Bosnia, Montenegro, North Macedonia, Slovenia (EMŠO).</summary>
    public static bool IsYugoslavJmbg(ReadOnlySpan<byte> d) =>
        d.Length == 13 && IsDay((d[2] * 10) + d[3], (d[0] * 10) + d[1]) && d[4] is 0 or 9 && Remainder11(Sum(d, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) == d[12];

    /// <summary>No published check digit: century, date of birth, governorate.</summary>
    public static bool IsEgyptianId(ReadOnlySpan<byte> d) => d.Length == 14 && d[0] is 2 or 3 && IsDay((d[3] * 10) + d[4], (d[5] * 10) + d[6]) && (d[7] * 10) + d[8] is (> 0 and < 36) or 88;

    public static bool IsEmiratesId(ReadOnlySpan<byte> d) => d.Length == 15 && d[0] == 7 && d[1] == 8 && d[2] == 4 && d[3] is 1 or 2 && Luhn(d);

    /// <summary>No check digit: province, date of birth (of women with 40 added to the day).</summary>
    public static bool IsIndonesianNik(ReadOnlySpan<byte> d) => d.Length == 16 && (d[0] * 10) + d[1] is > 10 and < 97 && IsDay((d[8] * 10) + d[9], ((d[6] * 10) + d[7]) % 40);

    /// <summary>USA: no check digit, but areas, groups and serials that are never given out (ssa.gov, "Social Security Number Randomization").</summary>
    public static bool IsSsn(ReadOnlySpan<byte> d) => d.Length == 9 && Value(d[..3]) is > 0 and not 666 and < 900 && (d[3] | d[4]) != 0 && Value(d[5..]) > 0;

    private static int Remainder11(int sum) => sum % 11 is var r && r < 2 ? 0 : 11 - r;

    // No number is given out whose check digit would be 10.
    private static int Remainder11Of(int sum) => sum % 11 is 0 ? 0 : 11 - (sum % 11);

    private static bool IsDay(int month, int day) => month is >= 1 and <= 12 && day is >= 1 and <= 31;
}
