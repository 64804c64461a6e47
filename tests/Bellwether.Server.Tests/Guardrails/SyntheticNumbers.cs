using System.Globalization;

namespace Bellwether.Server.Tests;

/// <summary>Numbers that nobody has and that are valid by the checksum of who would give them out; always the same for a number.</summary>
internal static class SyntheticNumbers
{
    /// <summary>Spreads a number over a range without meeting itself again.</summary>
    /// <param name="range">Not a multiple of 7919.</param>
    public static long Spread(int number, long range) => (long)((UInt128)(uint)number * 2_654_435_761 * 7_919 % (UInt128)range);

    public static string Card(int number)
    {
        var body = Invariant($"{(number % 2 == 0 ? "4539" : "5412")}{Spread(number, 99_999_999_977):00000000000}");
        var digits = body + LuhnDigit(body);
        var groups = digits.Chunk(4).Select(part => new string(part));
        return (number % 3) switch { 0 => string.Join(' ', groups), 1 => string.Join('-', groups), _ => digits };
    }

    public static string Iban(int number)
    {
        var account = Spread(number, 9_999_999_967);
        var iban = (number % 4) switch
        {
            0 => Check("DE", Invariant($"37040044{account:0000000000}")),
            1 => Check("GB", Invariant($"WEST123456{account % 100_000_000:00000000}")),
            2 => Check("NL", Invariant($"ABNA{account:0000000000}")),
            _ => Check("FR", Invariant($"2004101005{account:00000000000}06")),
        };
        return number % 2 == 0 ? iban : string.Join(' ', iban.Chunk(4).Select(part => new string(part)));
    }

    public static string Ssn(int number) => Invariant($"{100 + (number % 500):000}-{1 + (number / 500 % 99):00}-{1 + Spread(number, 9_998):0000}");

    /// <summary>What a person of one of eight countries says of its number.</summary>
    public static (string Said, string Number) National(int number)
    {
        var serial = Spread(number, 99_999_989);
        var birth = new DateOnly(1950, 1, 1).AddDays(number * 7 % 18_000);
        switch (number % 8)
        {
            case 0:
                var dni = Invariant($"{serial:00000000}{"TRWAGMYFPDXBNJZSQVHLCKE"[(int)(serial % 23)]}");
                return ($"Mi DNI es {dni}", dni);
            case 1:
                var cpf = Cpf(serial * 10 % 1_000_000_000);
                return ($"Meu CPF: {cpf}", cpf);
            case 2:
                var bsn = Bsn(serial);
                return ($"Mijn BSN is {bsn}", bsn);
            case 3:
                var pesel = Pesel(birth, (int)(serial % 10_000));
                return ($"PESEL: {pesel}", pesel);
            case 4:
                var body = Invariant($"{birth:yyMMdd}{serial % 1_000:000}");
                var personnummer = $"{body[..6]}-{body[6..]}{LuhnDigit(body)}";
                return ($"Mitt personnummer är {personnummer}", personnummer);
            case 5:
                var individual = 2 + (serial % 898);
                var check = (long.Parse(Invariant($"{birth:ddMMyy}{individual:000}"), CultureInfo.InvariantCulture)) % 31;
                var hetu = Invariant($"{birth:ddMMyy}-{individual:000}{"0123456789ABCDEFHJKLMNPRSTUVWXY"[(int)check]}");
                return ($"Henkilötunnus: {hetu}", hetu);
            case 6:
                var eight = Invariant($"{1 + (serial % 7)}{serial % 10_000_000:0000000}");
                var sin = string.Join(' ', (eight + LuhnDigit(eight)).Chunk(3).Select(part => new string(part)));
                return ($"My SIN is {sin}", sin);
            default:
                var nino = Invariant($"{"ABCEHJKL"[number % 7]}{"PRSTWXYZ"[number / 7 % 8]}{serial % 1_000_000:000000}{"ABCD"[number % 4]}");
                return ($"My National Insurance number is {nino}", nino);
        }
    }

    private static string Cpf(long nine)
    {
        var digits = nine.ToString("000000000", CultureInfo.InvariantCulture);
        for (var round = 0; round < 2; round++)
        {
            var sum = digits.Select((c, i) => (c - '0') * (digits.Length + 1 - i)).Sum();
            digits += sum % 11 < 2 ? 0 : 11 - (sum % 11);
        }
        return $"{digits[..3]}.{digits[3..6]}.{digits[6..9]}-{digits[9..]}";
    }

    private static string Bsn(long eight)
    {
        for (var body = 10_000_000 + (eight % 89_000_000); ; body++)
        {
            var digits = body.ToString(CultureInfo.InvariantCulture);
            var last = digits.Select((c, i) => (c - '0') * (9 - i)).Sum() % 11;
            if (last < 10) { return digits + last; }
        }
    }

    private static string Pesel(DateOnly birth, int serial)
    {
        var body = Invariant($"{birth:yyMMdd}{serial:0000}");
        int[] weights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];
        return body + ((10 - (body.Select((c, i) => (c - '0') * weights[i]).Sum() % 10)) % 10);
    }

    private static int LuhnDigit(string body) =>
        (10 - (body.Reverse().Select((c, i) => i % 2 == 0 ? (c - '0') * 2 is var twice && twice > 9 ? twice - 9 : (c - '0') * 2 : c - '0').Sum() % 10)) % 10;

    private static string Check(string country, string account)
    {
        var remainder = 0;
        foreach (var c in account + country + "00")
        {
            remainder = char.IsAsciiLetter(c) ? ((remainder * 100) + (c - 'A' + 10)) % 97 : ((remainder * 10) + (c - '0')) % 97;
        }
        return Invariant($"{country}{98 - remainder:00}{account}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
