namespace Bellwether.Detection;

/// <summary>Dates, which count only as a date of birth: where a word before them says so. Every other date is passed over, so that no other kind takes it.</summary>
internal static class DateReader
{
    private const int LongestMonth = 12;
    private const int CompactReach = 20;

    private static readonly string[] s_months =
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "ene", "abr", "ago", "dic", "fév", "fev", "avr", "mai", "juin", "juil", "aoû", "déc", "mär", "okt", "dez",
        "gen", "mag", "giu", "lug", "set", "ott", "out", "maa", "mei", "янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек", "sty", "lut", "kwi", "cze", "lip", "sie", "wrz", "paź", "lis", "gru",
    ];

    // By their first letter in lower case, since a month is asked for behind and before every small number.
    private static readonly string[][] s_byFirst = [.. Enumerable.Range(0, 128).Select(first => s_months.Where(month => month[0] == first).ToArray())];

    /// <returns>How many groups of the run are a date; 0 for none.</returns>
    public static int TryNumeric(ref TextScan scan, DigitRun run, int g)
    {
        ref readonly var a = ref run[g];
        ref readonly var b = ref run[g + 1];
        ref readonly var c = ref run[g + 2];
        if (a.Separator is not ('-' or '/' or '.') || a.Gap > 3 || b.Separator != a.Separator || c.Length == 0)
        {
            return 0;
        }
        var (x, y, z) = (Checksums.Value(run.Digits(g, 1)), Checksums.Value(run.Digits(g + 1, 1)), Checksums.Value(run.Digits(g + 2, 1)));
        var yearFirst = a.Length == 4 && b.Length <= 2 && c.Length <= 2 && x is > 1_000 and < 2_200 && y is >= 1 and <= 12 && z is >= 1 and <= 31;
        var yearLast = a.Length <= 2 && b.Length <= 2 && c.Length is 4 && z is > 1_000 and < 2_200 && x is >= 1 and <= 31 && y is >= 1 and <= 31 && (x <= 12 || y <= 12);
        var shortYear = a.Length <= 2 && b.Length <= 2 && c.Length == 2 && x is >= 1 and <= 31 && y is >= 1 and <= 31 && (x <= 12 || y <= 12) && c.Gap == 0;
        if (!yearFirst && !yearLast && !shortYear)
        {
            return 0;
        }
        if (IsBirth(scan, a.Start) || BirthColumn.Has(ref scan, a.Start))
        {
            scan.Add(PersonalDataType.BirthDate, a.Start, c.End, 0.9f);
        }
        return 3;
    }

    /// <summary>19800312, 12031980: eight digits right behind a word for birth.</summary>
    /// <returns>How many groups of the run are a date; 0 for none.</returns>
    public static int TryCompact(ref TextScan scan, DigitRun run, int g)
    {
        var value = Checksums.Value(run.Digits(g, 1));
        var isDate = IsDay(value / 10_000, value / 100 % 100, value % 100) || IsDay(value % 10_000, value / 10_000 % 100, value / 1_000_000);
        if (!isDate || char.IsLetterOrDigit(scan.At(run[g].End)) || (run[g].Gap == 1 && run[g].Separator is not ' ') || !Words.Birth.IsIn(scan.Before(run[g].Start, CompactReach)) || !IsBirth(scan, run[g].Start))
        {
            return 0;
        }
        scan.Add(PersonalDataType.BirthDate, run[g].Start, run[g].End, 0.85f);
        return 1;

        static bool IsDay(long year, long month, long day) => year is > 1_900 and < 2_100 && month is >= 1 and <= 12 && day is >= 1 and <= 31;
    }

    /// <summary>"12 March 1980", "12 de marzo de 1980", "March 12, 1980", from the day or the year.</summary>
    public static bool TryWritten(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        var number = 0;
        foreach (var digit in scan.Text[start..Math.Min(end, start + 5)])
        {
            number = char.IsAsciiDigit(digit) ? (number * 10) + digit - '0' : 0;
        }
        if (number is < 1 or > 31)
        {
            return false;
        }
        if (IsWordNear(scan, end) && IsMonth(scan, Skip(scan, Skip(scan, end, ["st", "nd", "rd", "th", "."]), ["of", "de", "del"]), out var monthEnd) && TryYear(scan, monthEnd, out after) && IsBirth(scan, start))
        {
            scan.Add(PersonalDataType.BirthDate, start, after, 0.9f);
            return true;
        }
        if (IsMonthBefore(scan, start, out var first) && TryYear(scan, Skip(scan, end, ["st", "nd", "rd", "th"]), out after) && IsBirth(scan, first))
        {
            scan.Add(PersonalDataType.BirthDate, first, after, 0.9f);
            return true;
        }
        after = end;
        return false;
    }

    // "March 12", "Mar. 12". The word was read before, as a name that it is not; what is found may begin there all the same.
    private static bool IsMonthBefore(in TextScan scan, int start, out int first)
    {
        first = start - 1;
        if (scan.At(first) is not (' ' or '\u00a0'))
        {
            return false;
        }
        first -= scan.At(first - 1) == '.' ? 1 : 0;
        var end = first;
        while (first > 0 && end - first < LongestMonth && char.IsLetter(scan.Text[first - 1])) { first--; }
        return end - first > 2 && IsMonth(scan, first, out _);
    }

    /// <summary>1990年5月17日, 昭和55年5月17日, 1990년 5월 17일, from the year.</summary>
    public static bool TryEastAsian(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        if (scan.At(end) is not ('年' or '년') || !TryPart(scan, end + 1, '月', '월', out var month) || !TryPart(scan, month, '日', '일', out var day) || !IsBirth(scan, start))
        {
            return false;
        }
        after = day;
        scan.Add(PersonalDataType.BirthDate, start, day, 0.9f);
        return true;
    }

    private static bool TryPart(in TextScan scan, int at, char sign, char korean, out int after)
    {
        after = scan.At(at) == ' ' ? at + 1 : at;
        var digits = after;
        while (char.IsAsciiDigit(scan.At(after)) && after - digits < 2) { after++; }
        return after > digits && (scan.At(after) == sign || scan.At(after) == korean) && after++ > 0;
    }

    // Behind a number, its point and a blank: nearly always something that is no word, and then no month.
    private static bool IsWordNear(in TextScan scan, int at)
    {
        while (scan.At(at) == ' ') { at++; }
        if (scan.At(at) == '.')
        {
            at++;
            while (scan.At(at) == ' ') { at++; }
        }
        return char.IsLetter(scan.At(at));
    }

    /// <summary>"3rd March 1980": a day with its ending.</summary>
    public static bool TryOrdinal(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        var digits = end;
        while (digits > start && char.IsAsciiLetter(scan.Text[digits - 1])) { digits--; }
        return end - digits == 2 && digits - start is 1 or 2 && TryWritten(ref scan, start, digits, out after);
    }

    // The nearest word counts: "DOB 1990-01-02, admitted 2020-03-04" has one date of birth.
    private static bool IsBirth(in TextScan scan, int start)
    {
        var before = scan.Before(start);
        // Between the word and the date there is no other date or line.
        var digits = before.LastIndexOfAnyInRange('0', '9');
        return Words.Birth.IsIn(before[(digits + 1)..]);
    }

    private static bool IsMonth(in TextScan scan, int at, out int end)
    {
        end = at;
        while (end < scan.Text.Length && char.IsLetter(scan.Text[end]) && end - at < 12)
        {
            end++;
        }
        var word = scan.Text[at..end];
        if (word.Length < 3)
        {
            return false;
        }
        foreach (var month in word[0] < 128 ? s_byFirst[word[0] | 0x20] : s_months)
        {
            if (word.StartsWith(month, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static bool TryYear(in TextScan scan, int at, out int end)
    {
        at = Skip(scan, at, [",", ".", "de", "del", "of"]);
        end = at;
        while (end < scan.Text.Length && char.IsAsciiDigit(scan.Text[end]) && end - at < 5)
        {
            end++;
        }
        return end - at == 4 && scan.Text[at] is '1' or '2';
    }

    private static int Skip(in TextScan scan, int at, ReadOnlySpan<string> words)
    {
        while (scan.At(at) == ' ') { at++; }
        foreach (var word in words)
        {
            if (scan.Text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase) && !char.IsLetter(scan.At(at + word.Length)))
            {
                at += word.Length;
                break;
            }
        }
        while (scan.At(at) == ' ') { at++; }
        return at;
    }
}
