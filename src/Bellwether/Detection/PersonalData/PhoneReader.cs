namespace Bellwether.Detection;

/// <summary>Telephone numbers: international ones by <see cref="CallingCodes"/>, national ones by their grouping or by a word beside them.</summary>
internal static class PhoneReader
{
    /// <param name="isLed">Whether the group goes on from something.</param>
    public static int Take(ref TextScan scan, DigitRun run, int g, bool isLed)
    {
        var start = run[g].Start;
        var bracket = scan.At(start - 1) == '(';
        var plus = scan.At(start - 1) == '+' || (bracket && scan.At(start - 2) == '+');
        if (plus)
        {
            return International(ref scan, run, g, bracket ? start - 2 : start - 1);
        }
        if (run[g].Length > 4 && run[g].Length < 15 && Checksums.Value(run.Digits(g, 1)[..2]) == 0)
        {
            return isLed ? 0 : Dialled(ref scan, run, g);
        }
        if (isLed)
        {
            return 0;
        }
        var taken = American(ref scan, run, g, bracket ? start - 1 : start);
        return taken > 0 ? taken : National(ref scan, run, g, bracket ? start - 1 : start);
    }

    private static int International(ref TextScan scan, DigitRun run, int g, int start)
    {
        var total = 0;
        var best = 0;
        for (var i = g; i < run.Count && i < g + 8; i++)
        {
            total += run[i].Length;
            // "+44 (0)20 …", "+44(0)20 …": the trunk's nought is a digit more than the plan has.
            var trunk = i > g + 1 && run.Digits(g + 1, 1)[0] == 0 && scan.At(run[g + 1].Start - 1) == '(' ? 1 : 0;
            if (total > 15 || (best > 0 && total > CallingCodes.Most(run.Digits(g, 1)) + trunk))
            {
                break;
            }
            if (total >= 8)
            {
                best = i - g + 1;
                if (CallingCodes.IsWhole(run.Digits(g, best)) && total == CallingCodes.Most(run.Digits(g, best)))
                {
                    break;
                }
            }
        }
        if (best == 0)
        {
            return 0;
        }
        scan.Add(PersonalDataType.Phone, start, Extension(scan, run[g + best - 1].End), CallingCodes.IsWhole(run.Digits(g, best)) ? 0.95f : 0.75f);
        return best;
    }

    // 00351 912 345 678: the international prefix in place of a plus. Other numbers are filled up with noughts too, so only beside a word.
    private static int Dialled(ref TextScan scan, DigitRun run, int g)
    {
        const int prefix = 2;
        var (total, best) = (-prefix, 0);
        for (var i = g; i < run.Count && i < g + 8 && best == 0; i++)
        {
            total += run[i].Length;
            if (total > 15 || (i > g && run[i - 1].Gap > 1)) { break; }
            var digits = run.Digits(g, i - g + 1)[prefix..];
            if (total >= 8 && digits[0] != 0 && CallingCodes.IsWhole(digits) && (total == CallingCodes.Most(digits) || run[i] is not { Gap: 1, Separator: ' ' or '-' })) { best = i - g + 1; }
        }
        if (best == 0 || !scan.HasBefore(run[g].Start, Words.Phone, 28) || TechnicalNames.Announce(scan, run[g].Start))
        {
            return 0;
        }
        scan.Add(PersonalDataType.Phone, run[g].Start, Extension(scan, run[g + best - 1].End), 0.9f);
        return best;
    }

    // 415-555-2671, (415) 555-2671, 1-415-555-2671.
    private static int American(ref TextScan scan, DigitRun run, int g, int start)
    {
        var lead = run[g].Length == 1 && run.Digits(g, 1)[0] == 1 ? 1 : 0;
        ref readonly var area = ref run[g + lead];
        if (area.Length != 3)
        {
            return 0;
        }
        ref readonly var middle = ref run[g + lead + 1];
        ref readonly var last = ref run[g + lead + 2];
        if ( middle.Length != 3 || last.Length != 4 || area.Separator is not ('-' or ')' or '.' or ' ' or '/') || middle.Separator is not ('-' or '.' or ' ') || last is { Gap: 1, Separator: '.' or '-' })
        {
            return 0;
        }
        var digits = run.Digits(g + lead, 3);
        var plausible = digits[0] > 1 && digits[3] > 1;
        var named = scan.HasBefore(start, Words.Phone);
        var written = area.Separator == ')' || area.Separator == '-' || (area.Separator == '.' && middle.Separator == '.');
        var confidence = named ? 0.9f : !written ? (plausible && middle.Separator == '-' ? 0.6f : plausible && !scan.HasBefore(start, Words.Impersonal) ? 0.5f : 0)
            : scan.HasBefore(start, Words.Impersonal, 20) ? 0.3f : plausible ? 0.8f : area.Separator == ')' ? 0.6f : 0.5f;
        if (confidence < 0.5f)
        {
            return 0;
        }
        scan.Add(PersonalDataType.Phone, start, Extension(scan, last.End), confidence);
        return lead + 3;
    }

    private static int National(ref TextScan scan, DigitRun run, int g, int start)
    {
        // Too few digits for any telephone, whatever stands before them: dates, versions, prices.
        var digits = 0;
        for (var i = g; i < run.Count && i < g + 7; i++) { digits += run[i].Length; }
        if (digits < 7)
        {
            return 0;
        }
        var named = scan.HasBefore(start, Words.Phone, 28);
        // A date of the year 1 or so, as an unset one is written, begins with a nought too.
        var isDate = g + 2 < run.Count && run[g].Length == 4 && run[g + 1].Length == 2 && run[g + 2].Length == 2;
        var trunk = !isDate && run.Digits(g, 1)[0] == 0 && run[g].Length is >= 2 and <= 5 && run[g].Separator is ' ' or '-' or '/' or ')' && run.Digits(g, 1) is not [0, 0, 0, ..];
        // 01.44.55.66.77: nobody else writes five pairs with points.
        var french = run[g] is { Length: 2, Separator: '.' } && run.Digits(g, 1)[0] == 0 && Pairs(run, g) == 5;
        // 138 0013 8000: a Chinese mobile number.
        var chinese = run[g] is { Length: 3, Separator: ' ' or '-' } && run[g + 1].Length == 4 && run[g + 2] is { Length: 4, Separator: '\0' or ' ' } && run.Digits(g, 1) is [1, >= 3, _] && run[g + 1].Separator == run[g].Separator;
        if (!named && !trunk && !french && !chinese)
        {
            return 0;
        }
        var total = 0;
        var best = 0;
        var pairs = 0;
        for (var i = g; i < run.Count && i < g + 7; i++)
        {
            total += run[i].Length;
            if (total > 15 || run[i].Length > 13)
            {
                break;
            }
            pairs += run[i].Length is 1 ? 1 : 0;
            if (total >= (named ? 7 : 9) && total <= (named ? 15 : french ? 10 : chinese ? 11 : 12) && (named || i > g))
            {
                best = i - g + 1;
            }
            if (run[i].Separator is '/' && i > g)
            {
                break;
            }
        }
        if (best == 0 || pairs > 1 || scan.HasBefore(start, Words.Impersonal, 14) || TechnicalNames.Announce(scan, start))
        {
            return 0;
        }
        scan.Add(PersonalDataType.Phone, start, Extension(scan, run[g + best - 1].End), named ? 0.85f : 0.6f);
        return best;
    }

    private static int Pairs(DigitRun run, int g)
    {
        var pairs = 0;
        while (run[g + pairs].Length == 2 && run[g + pairs].Separator is '.' or '\0' && pairs < 6)
        {
            pairs++;
            if (run[g + pairs - 1].Separator == '\0') { break; }
        }
        return pairs;
    }

    // " ext. 123", " x123"
    private static int Extension(in TextScan scan, int end)
    {
        var after = scan.Text[end..Math.Min(scan.Text.Length, end + 12)];
        var at = 0;
        while (at < after.Length && after[at] is ' ' or ',' or ';') { at++; }
        if (after[at..].StartsWith("ext", StringComparison.OrdinalIgnoreCase)) { at += 3; }
        else if (at < after.Length && after[at] is 'x' or 'X') { at++; }
        else { return end; }
        while (at < after.Length && after[at] is ' ' or '.' or ':') { at++; }
        var digits = at;
        while (digits < after.Length && char.IsAsciiDigit(after[digits])) { digits++; }
        return digits > at ? end + digits : end;
    }
}
