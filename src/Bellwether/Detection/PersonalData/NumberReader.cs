using System.Buffers;

namespace Bellwether.Detection;

/// <summary>Numbers of digits alone: IPv4, dates of birth, social security, cards, identity numbers, telephones, accounts.</summary>
internal static class NumberReader
{
    // What stands in tables of numbers, and in no word.
    private static readonly SearchValues<char> s_noWord = SearchValues.Create("0123456789 \t\r\n-.,;:/()|+*#");

    private const int FarReach = 80;

    /// <summary>Reads from the first digit of a word that is all digits.</summary>
    /// <returns>Where to go on.</returns>
    public static int Read(ref TextScan scan, int start)
    {
        var run = scan.Found.Run;
        var end = run.Read(scan.Text, start);
        if (run.Count == 0)
        {
            return end;
        }
        // Fewer digits than any number of a person has, and no house number either.
        if (run.Count == 1 && run[0].Length < 6 && scan.At(start - 1) is not '(')
        {
            if (AddressReader.TryNumberFirst(ref scan, start, out var after))
            {
                return after;
            }
            return run[0].Length <= 4 && DateReader.TryWritten(ref scan, start, end, out after) ? after : end;
        }
        var group = 0;
        while (group < run.Count)
        {
            // A letter that touches the number makes it a part of something else.
            var taken = char.IsAsciiLetter(scan.At(run[group].Start - 1)) || scan.At(run[group].Start - 1) == '_' ? 0 : Take(ref scan, run, group);
            if (taken == 0 && run[group].Length < 6 && AddressReader.TryNumberFirst(ref scan, run[group].Start, out var after))
            {
                return after;
            }
            if (taken == 0 && run[group].Length <= 4 && DateReader.TryWritten(ref scan, run[group].Start, run[group].End, out after))
            {
                return Math.Max(after, end);
            }
            group += Math.Max(1, taken);
        }
        return Math.Max(end, scan.Floor);
    }

    // How many groups a finding at this group takes, or a number that is known to be nobody's; 0 when nothing begins here.
    private static int Take(ref TextScan scan, DigitRun run, int g)
    {
        var taken = run[g].Length == 1 ? Spelled(ref scan, run, g) : run[g].Separator == '.' ? Ip(ref scan, run, g) : run[g].Length == 8 ? DateReader.TryCompact(ref scan, run, g) : 0;
        if (taken == 0) { taken = DateReader.TryNumeric(ref scan, run, g); }
        if (taken == 0) { taken = Ssn(ref scan, run, g); }
        if (taken == 0) { taken = Card(ref scan, run, g); }
        if (taken != 0)
        {
            return taken;
        }
        var isLed = IsLed(scan, run, g);
        if (!isLed) { taken = Identity(ref scan, run, g); }
        if (taken == 0) { taken = PhoneReader.Take(ref scan, run, g, isLed); }
        if (taken == 0 && !isLed) { taken = Account(ref scan, run, g); }
        return taken;
    }

    // 4 1 1 1 1 1 …: digits one by one.
    private static int Spelled(ref TextScan scan, DigitRun run, int g)
    {
        var count = 0;
        while (run[g + count].Length == 1)
        {
            count++;
        }
        if (count < 7)
        {
            return Ip(ref scan, run, g);
        }
        var (start, end) = (run[g].Start, run[g + count - 1].End);
        if (count is >= 13 and <= 19 && Checksums.Luhn(run.Digits(g, count)) && run.Digits(g, count).IndexOfAnyExcept(run.Digits(g, 1)[0]) >= 0)
        {
            scan.Add(PersonalDataType.CreditCard, start, end, 0.8f);
        }
        else if (count == 9 && scan.HasBefore(start, Words.Ssn))
        {
            scan.Add(PersonalDataType.Ssn, start, end, 0.85f);
        }
        else if (count is >= 7 and <= 15 && scan.HasBefore(start, Words.Phone))
        {
            scan.Add(PersonalDataType.Phone, start, end, 0.75f);
        }
        return count;
    }

    private static int Ip(ref TextScan scan, DigitRun run, int g)
    {
        for (var i = g; i < g + 4; i++)
        {
            if (run[i].Length is 0 or > 3 || (i < g + 3 && run[i] is not { Separator: '.', Gap: 1 }) || Checksums.Value(run.Digits(i, 1)) > 255)
            {
                return 0;
            }
        }
        // Five numbers with dots are an object id or a version.
        if ((g > 0 && run[g - 1].Separator == '.') || (run[g + 3] is { Separator: '.', Gap: 1 } && g + 4 < run.Count) || scan.At(run[g].Start - 1) == '.')
        {
            return 0;
        }
        // Loopback, "any" and "all" are every machine's own.
        var first = Checksums.Value(run.Digits(g, 1));
        if (first is not (0 or 127 or 255) && !scan.HasBefore(run[g].Start, Words.Version, 16) && !IsProduct(scan, run[g].Start))
        {
            scan.Add(PersonalDataType.Ip, run[g].Start, run[g + 3].End, 0.9f);
        }
        return 4;
    }

    // "Chrome/120.0.0.0", as programs name themselves; "db-host/192.0.2.1" is an address.
    private static bool IsProduct(in TextScan scan, int start)
    {
        if (scan.At(start - 1) != '/' || !char.IsAsciiLetterOrDigit(scan.At(start - 2)))
        {
            return false;
        }
        var before = scan.Before(start - 1, 24);
        var name = before[(before.LastIndexOfAny(' ', '"', '(') + 1)..];
        return char.IsAsciiLetterUpper(name[0]) && !name.ContainsAny('/', '.', ':');
    }

    private static int Ssn(ref TextScan scan, DigitRun run, int g)
    {
        var whole = run[g].Length == 9 && run[g].Separator is '\0' or ' ';
        var parts = run[g].Length == 3 && run[g + 1].Length == 2 && run[g + 2].Length == 4 && run[g].Separator == run[g + 1].Separator && run[g].Gap == 1 && run[g].Separator is '-' or ' ' or '.';
        if ((!whole && !parts) || IsLed(scan, run, g) || (parts && IsFollowed(scan, run, g + 2)))
        {
            return 0;
        }
        var count = whole ? 1 : 3;
        var (start, end) = (run[g].Start, run[g + count - 1].End);
        var valid = NationalIds.IsSsn(run.Digits(g, count));
        var named = scan.HasBefore(start, Words.Ssn);
        var confidence = named ? 0.95f
            : whole || scan.HasBefore(start, Words.Impersonal, 20) ? 0
            : run[g].Separator == '-' ? (valid ? 0.85f : 0.7f)
            : valid ? 0.55f : 0;
        if (confidence == 0)
        {
            return 0;
        }
        scan.Add(PersonalDataType.Ssn, start, end, confidence);
        return count;
    }

    private static int Card(ref TextScan scan, DigitRun run, int g)
    {
        var count = CardGroups(run, g);
        if (count == 0 || IsLed(scan, run, g))
        {
            return 0;
        }
        var digits = run.Digits(g, count);
        if (digits.Length is < 13 or > 19 || digits[0] is 0 or 1 or 7 or 8 or 9)
        {
            return 0;
        }
        var (start, end) = (run[g].Start, run[g + count - 1].End);
        var luhn = Checksums.Luhn(digits) && digits.IndexOfAnyExcept(digits[0]) >= 0;
        var named = scan.HasNear(start, end, Words.Card);
        var confidence = luhn ? (named ? 0.98f : count > 1 ? 0.9f : IsIssued(digits) && !scan.HasBefore(start, Words.Impersonal) ? 0.75f : 0.3f)
            : named && count > 1 ? 0.75f
            : named && digits.Length is 15 or 16 && IsIssued(digits) ? 0.6f : 0;
        if (confidence < 0.5f || (count == 1 && !named && TechnicalNames.Announce(scan, start)))
        {
            return 0;
        }
        scan.Add(PersonalDataType.CreditCard, start, end, confidence);
        return count;
    }

    // 4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4 or all in one.
    private static int CardGroups(DigitRun run, int g)
    {
        if (run[g].Length >= 13)
        {
            return 1;
        }
        if (run[g].Length != 4 || run[g].Separator is not (' ' or '-' or '.') || run[g + 1].Separator != run[g].Separator)
        {
            return 0;
        }
        if (run[g + 1].Length == 6)
        {
            return run[g + 2].Length is 4 or 5 ? 3 : 0;
        }
        return run[g + 1].Length == 4 && run[g + 2].Length == 4 && run[g + 3].Length is >= 1 and <= 4 && run[g + 2].Separator == run[g].Separator
            ? (run[g + 3].Length == 4 && run[g + 4].Length == 3 && run[g + 3].Separator == run[g].Separator ? 5 : 4) : 0;
    }

    // Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro.
    private static bool IsIssued(ReadOnlySpan<byte> d)
    {
        var two = (d[0] * 10) + d[1];
        return d.Length switch
        {
            13 => d[0] == 4,
            14 => two is 30 or 36 or 38 or 39,
            15 => two is 34 or 37,
            16 => d[0] == 4 || two is (>= 51 and <= 55) or (>= 22 and <= 27) or 60 or 62 or 64 or 65 or 35 or 50 or 56 or 57 or 58 or 67,
            _ => d[0] == 4 || two is 50 or 56 or 57 or 58 or 60 or 62 or 63 or 67,
        };
    }

    private static int Identity(ref TextScan scan, DigitRun run, int g)
    {
        // DNI 12345678-Z
        if (run[g].Length == 8 && scan.At(run[g].End) == '-' && char.IsAsciiLetterUpper(scan.At(run[g].End + 1)) && !char.IsLetterOrDigit(scan.At(run[g].End + 2)))
        {
            Span<char> compact = stackalloc char[9];
            scan.Text.Slice(run[g].Start, 8).CopyTo(compact);
            compact[8] = scan.Text[run[g].End + 1];
            if (LetteredIds.IsSpanish(compact))
            {
                scan.Add(PersonalDataType.NationalId, run[g].Start, run[g].End + 2, 0.85f);
                return 1;
            }
        }
        // RUT 48.286.001-K
        if (run[g] is { Length: 1 or 2, Separator: '.', Gap: 1 } && run[g + 1] is { Length: 3, Separator: '.', Gap: 1 } && run[g + 2].Length == 3 && run[g + 2].End is var last
            && scan.At(last) == '-' && scan.At(last + 1) is 'K' or 'k' && !char.IsLetterOrDigit(scan.At(last + 2)) && NationalIds.ChileCheck(run.Digits(g, 3)) == 10)
        {
            scan.Add(PersonalDataType.NationalId, run[g].Start, last + 2, 0.9f);
            return 3;
        }
        bool? isSpoken = null;
        // The longest beginning here that is some country's number.
        var total = 0;
        var best = 0;
        for (var i = g; i < run.Count && i < g + 8; i++)
        {
            total += run[i].Length;
            if (total > 18)
            {
                break;
            }
            if (total >= 8 && (total is 13 or 15 or 18 || run[g].Separator == '.' || (isSpoken ??= IsSpoken(scan, run[g]))) && !IsFollowed(scan, run, i) && NationalIds.IsAny(run.Digits(g, i - g + 1)))
            {
                best = i - g + 1;
            }
            if (run[i].Gap > 1)
            {
                break;
            }
        }
        if (best == 0)
        {
            return Announced(ref scan, run, g);
        }
        var digits = run.Digits(g, best);
        var (start, end) = (run[g].Start, run[g + best - 1].End);
        var cpf = best == 4 && run[g] is { Length: 3, Separator: '.' } && run[g + 2] is { Length: 3, Separator: '-' } && digits.Length == 11;
        var cnpj = best == 5 && run[g] is { Length: 2, Separator: '.' } && digits.Length == 14;
        var confidence = scan.HasNear(start, end, Words.Identity) ? 0.9f : cpf || cnpj || NationalIds.IsTelling(digits) ? 0.85f : 0;
        if (confidence == 0)
        {
            // It passes some check by chance, and may be what the word before it says.
            return Announced(ref scan, run, g);
        }
        if (!cpf && !cnpj && (scan.HasBefore(start, Words.Phone, 16) || TechnicalNames.Announce(scan, start)))
        {
            return 0;
        }
        scan.Add(PersonalDataType.NationalId, start, end, confidence);
        return best;
    }

    // Countries whose numbers have no check digit.
    private static int Announced(ref TextScan scan, DigitRun run, int g)
    {
        const int fewest = 7, most = 16;
        var (total, last) = (run[g].Length, g);
        while (last + 1 < run.Count && run[last] is { Gap: 1, Separator: ' ' or '-' or '.' } && total + run[last + 1].Length <= most)
        {
            total += run[++last].Length;
        }
        if (total is < fewest or > most || IsFollowed(scan, run, last) || LabelReader.Announced(scan, run[g].Start) is not { } type)
        {
            return 0;
        }
        scan.Add(type, run[g].Start, run[last].End, 0.75f);
        return last - g + 1;
    }

    // Without a word within reach only a few kinds count. In a table of numbers that is nearly always so, and trying all kinds would be most of the work.
    private static bool IsSpoken(in TextScan scan, in DigitGroup group) =>
        !IsTabular(scan, group.Start - TextScan.ContextReach, group.End + FarReach)
        && (scan.Before(group.Start).ContainsAnyExcept(s_noWord) || scan.After(group.End, FarReach).ContainsAnyExcept(s_noWord));

    private static bool IsTabular(in TextScan scan, int start, int end) => scan.IsQuiet(Math.Max(0, start), Math.Min(scan.Text.Length, end), s_noWord, ref scan.Found.Quiet.Tabular);

    private static int Account(ref TextScan scan, DigitRun run, int g)
    {
        if (run[g].Length is < 6 or > 17 || run[g].Separator is '.' or '/' || !scan.HasBefore(run[g].Start, Words.Account, 24) || TechnicalNames.Announce(scan, run[g].Start))
        {
            return 0;
        }
        scan.Add(PersonalDataType.BankAccount, run[g].Start, run[g].End, 0.7f);
        return 1;
    }

    /// <summary>Whether the group goes on from something: a hyphen, a point or a sign of money before it.</summary>
    public static bool IsLed(in TextScan scan, DigitRun run, int g)
    {
        if (g > 0 && run[g - 1] is { Gap: 1, Separator: '-' or '.' or '/' })
        {
            return true;
        }
        return scan.At(run[g].Start - 1) is '$' or '€' or '£' or '#' or '.' or '+' or '%' || (scan.At(run[g].Start - 1) == '-' && char.IsAsciiLetterOrDigit(scan.At(run[g].Start - 2)));
    }

    private static bool IsFollowed(in TextScan scan, DigitRun run, int last) =>
        (run[last] is { Gap: 1, Separator: '-' or '.' or '/' } && last + 1 < run.Count) || char.IsAsciiLetter(scan.At(run[last].End)) || scan.At(run[last].End) is '_';
}
