using System.Buffers;

namespace Bellwether.Detection;

/// <summary>
/// Finds personal data and secrets in one walk over a text. Pure, without allocation while nothing is found, and linear in the
/// text's length whatever it says: every reader looks a bounded way to its left and right or begins where the last one ended.
/// </summary>
public static class PersonalDataScanner
{
    // Everything begins with, or contains, one of these: digits, capitals, and the signs of addresses and labels.
    private const string Triggers = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ@:=";
    private static readonly SearchValues<char> s_quiet = SearchValues.Create([.. Enumerable.Range(0, 128).Select(c => (char)c).Where(c => !Triggers.Contains(c))]);

    // Where triggers stand close together a search costs more to begin than to do.
    private const int Near = 8;
    private static readonly bool[] s_triggers = [.. Enumerable.Range(0, 128).Select(static code => Triggers.Contains((char)code))];

    // Steps after which the clock is asked again.
    private const int StepsBetweenLooks = 1024;

    /// <summary>Replaces what <paramref name="found"/> holds by what the text holds, sorted and without overlaps, in UTF-16 units of the text.</summary>
    /// <returns>False: the deadline passed before the end of the text, and what was found until then is not all.</returns>
    public static bool Scan(ReadOnlySpan<char> text, FindingBuffer found, Deadline deadline = default)
    {
        found.Clear();
        if (!TextFolding.IsNeeded(text))
        {
            return Walk(text, found, inside: false, deadline);
        }
        var folded = ArrayPool<char>.Shared.Rent(text.Length);
        var places = ArrayPool<int>.Shared.Rent(text.Length + 1);
        try
        {
            var whole = Walk(folded.AsSpan(0, TextFolding.Fold(text, folded, places)), found, inside: false, deadline);
            foreach (ref var finding in found.From(0))
            {
                finding = finding with { Start = places[finding.Start], End = places[finding.End] };
            }
            return whole;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(folded);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    /// <summary>Adds what a decoded text holds; what is encoded once more is not decoded.</summary>
    internal static void ScanInside(ReadOnlySpan<char> text, FindingBuffer found) => Walk(text, found, inside: true, default);

    private static bool Walk(ReadOnlySpan<char> text, FindingBuffer found, bool inside, Deadline deadline)
    {
        var from = found.Count;
        var outside = found.Quiet;
        found.Quiet = new();
        var scan = new TextScan(text, found) { IsInside = inside };
        var (at, steps, whole) = (0, 0, true);
        while (true)
        {
            if (++steps % StepsBetweenLooks == 0 && deadline.HasPassed)
            {
                whole = false;
                break;
            }
            var next = NextTrigger(text[at..]);
            if (next < 0)
            {
                break;
            }
            // A reader that did not move would be asked for ever.
            at = Math.Max(Step(ref scan, at + next), at + next + 1);
            scan.Floor = at;
        }
        if (found.Count > from)
        {
            NameReader.ReadAgain(ref scan, from);
            found.Resolve(from);
        }
        found.Quiet = outside;
        return whole;
    }

    private static int Step(ref TextScan scan, int at)
    {
        var c = scan.Text[at];
        int after;
        switch (c)
        {
            case '@':
                return EmailReader.Read(ref scan, at);
            case ':' or '=':
                if (c == ':' && ((at > scan.Floor && char.IsAsciiHexDigit(scan.Text[at - 1])) || scan.At(at + 1) == ':'))
                {
                    var hex = scan.WordStart(at);
                    if (at - hex <= 4 && HexReader.TryRead(ref scan, hex, out after))
                    {
                        return after;
                    }
                }
                if (c == ':' && (scan.At(at + 1) is '/' ? ServiceTokens.TryHook(ref scan, at, out after) : ServiceTokens.TryTelegram(ref scan, at, out after)))
                {
                    return after;
                }
                return LabelReader.Read(ref scan, at);
        }
        if (c > 127)
        {
            return Foreign(ref scan, at);
        }
        var start = char.IsAsciiDigit(c) || scan.At(at - 1) is '-' or '_' || char.IsAsciiLetterOrDigit(scan.At(at - 1)) ? scan.WordStart(at) : at;
        var end = scan.WordEnd(at);
        if (char.IsAsciiDigit(c) && start == at && !char.IsLetter(scan.At(end)) && scan.Text[start..end] is var word && !word.ContainsAnyExceptInRange('0', '9'))
        {
            if (scan.At(end) is ':' or '-' or '.' && end - start <= 4 && HexReader.TryRead(ref scan, start, out after))
            {
                return after;
            }
            // A key's middle, and 131052-308T, which begin like numbers.
            if (scan.At(start - 1) is '-' && TokenReader.TryRead(ref scan, start, end, out after))
            {
                return after;
            }
            if (end - start == 6 && scan.At(end) == '-' && TryHetu(ref scan, start, out after))
            {
                return after;
            }
            if (end - start >= 20 && EncodedReader.TryRead(ref scan, start, end, out after))
            {
                return after;
            }
            // A letter of another script before it: a part of a word.
            return Math.Max(NumberReader.Read(ref scan, start), start + 1);
        }
        var mixed = char.IsAsciiDigit(c) || scan.Text[at..end].ContainsAnyInRange('0', '9');
        // A plain word is no token, unless something is joined to it; two letters may begin a spaced number, five a key ("BEGIN").
        var joined = scan.At(end) is '-' or '_' or ':' || scan.At(start - 1) is '-' || (end - start <= 5 && scan.At(end) is '.' or ' ' && end - start is 2 or 3 or 5);
        if ((mixed || end - start >= 12 || joined) && TokenReader.TryRead(ref scan, start, end, out after))
        {
            return after;
        }
        if (end - start >= 16 || scan.At(end) is '+' or '/')
        {
            if (EncodedReader.TryRead(ref scan, start, end, out after))
            {
                return after;
            }
        }
        if (mixed)
        {
            return Mixed(ref scan, start, end);
        }
        if (start == at && (NameReader.TryRead(ref scan, at, out after) || AddressReader.TryNameFirst(ref scan, at, LetterEnd(scan, at), out after)))
        {
            return after;
        }
        return Math.Max(end, LetterEnd(scan, at));
    }

    // "tel5551234567" and "12345678Z" that no reader took: a finding may still begin behind the letters.
    private static int Mixed(ref TextScan scan, int start, int end)
    {
        if (LabelReader.TrySpokenPassword(ref scan, start, out var spoken))
        {
            return spoken;
        }
        if (char.IsAsciiDigit(scan.Text[start]))
        {
            // "131052-308T" and "2nd Street": numbers with a letter at their end.
            if (TryHetu(ref scan, start, out var after) || AddressReader.TryNumberFirst(ref scan, start, out after) || DateReader.TryOrdinal(ref scan, start, end, out after)
                || DateReader.TryEastAsian(ref scan, start, end, out after))
            {
                return after;
            }
        }
        return end;
    }

    private static bool TryHetu(ref TextScan scan, int start, out int after)
    {
        after = scan.TokenEnd(start, 12);
        if (after - start != 11 || !LetteredIds.IsHetu(scan.Text[start..after]))
        {
            return false;
        }
        scan.Add(PersonalDataType.NationalId, start, after, 0.85f);
        return true;
    }

    // A letter or sign that is not ASCII.
    private static int Foreign(ref TextScan scan, int at)
    {
        int after;
        if (NameReader.IsEastAsian(scan.Text[at]))
        {
            var end = at;
            while (NameReader.IsEastAsian(scan.At(end))) { end++; }
            return AddressReader.TryEastern(ref scan, at, end, out after) || NameReader.TryEastAsian(ref scan, at, end, out after) ? after : end;
        }
        // Behind kana, which stand between them, other signs may begin a name.
        var last = at;
        while (last < scan.Text.Length && char.IsLetter(scan.Text[last]) && !NameReader.IsEastAsian(scan.Text[last])) { last++; }
        if ((at == 0 || !char.IsLetterOrDigit(scan.Text[at - 1])) && (char.IsUpper(scan.Text[at]) || char.GetUnicodeCategory(scan.Text[at]) == System.Globalization.UnicodeCategory.OtherLetter)
            && (NameReader.TryRead(ref scan, at, out after) || AddressReader.TryNameFirst(ref scan, at, last, out after)))
        {
            return after;
        }
        return Math.Max(last, at + 1);
    }

    private static int LetterEnd(in TextScan scan, int at)
    {
        while (at < scan.Text.Length && char.IsLetter(scan.Text[at])) { at++; }
        return at;
    }

    private static int NextTrigger(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c >= 128)
            {
                if (c >= 0xc0 && char.IsLetter(c) && !char.IsLower(c)) { return i; }
                continue;
            }
            if (s_triggers[c])
            {
                return i;
            }
            if (i >= Near)
            {
                // Many signs at once up to a trigger or to what is not ASCII; that goes one by one.
                var quiet = text[i..].IndexOfAnyExcept(s_quiet);
                if (quiet < 0)
                {
                    return -1;
                }
                i += quiet - 1;
            }
        }
        return -1;
    }
}
