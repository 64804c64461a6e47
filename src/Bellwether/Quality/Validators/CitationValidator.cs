using System.Buffers;
using System.Collections.Immutable;
using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>
/// What an answer cites must exist in its context: numbers in brackets (<c>[2]</c>, <c>【3】</c>, <c>(source 4)</c>), addresses, and quotations of five or more
/// words. Whether the source says what the answer makes of it is groundedness.
/// </summary>
internal static class CitationValidator
{
    private const int MostFound = 200;
    private static readonly SearchValues<char> s_opens = SearchValues.Create("[【("), s_closes = SearchValues.Create("]】†)");
    private static readonly string[] s_names = ["documents", "document", "docs", "doc", "sources", "source", "reference", "ref", "passage", "quellen", "quelle", "fuente", "fonte"];
    private static readonly SearchValues<char> s_endOfAddress = SearchValues.Create(" \t\r\n<>\"'`)]}|，。、");
    private static readonly SearchValues<char> s_quotes = SearchValues.Create("\"“„«");

    public static ValidatorResult Check(AnswerUnderTest test)
    {
        if (test.Context.Length == 0) { return ValidatorResult.Unknown(ValidatorNames.Citations, "There is no context."); }
        var missing = new List<TextSpan>();
        var cited = Numbers(test, missing) + Addresses(test, missing) + Quotations(test, missing);
        if (cited == 0) { return ValidatorResult.Unknown(ValidatorNames.Citations, "The answer cites nothing."); }
        if (missing.Count == 0) { return ValidatorResult.Pass(ValidatorNames.Citations); }
        return new(ValidatorNames.Citations, 1 - ((double)missing.Count / cited), ValidatorVerdict.Fail,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{missing.Count} of {cited} citations are not in the context."))
        {
            Spans = [.. missing.OrderBy(span => span.Start)],
        };
    }

    // Only where the context numbers its parts: else nobody knows what [2] should be.
    private static int Numbers(AnswerUnderTest test, List<TextSpan> missing)
    {
        var known = Marks(test.Context).Concat(Headings(test.Context)).Select(mark => mark.Number).ToHashSet();
        if (known.Count == 0) { return 0; }
        var cited = 0;
        foreach (var (number, span) in Marks(test.Answer))
        {
            cited++;
            if (!known.Contains(number)) { missing.Add(span); }
        }
        return cited;
    }

    private static List<(int Number, TextSpan Span)> Marks(string text)
    {
        var marks = new List<(int, TextSpan)>();
        for (var at = text.AsSpan().IndexOfAny(s_opens); at >= 0 && marks.Count < MostFound;)
        {
            // [1]  [1, 3]  [2–4]  [^2]  [doc 4]  [Source: 5]  【6†source】  (source 7)
            var inside = text.AsSpan(at + 1, Math.Min(40, text.Length - at - 1));
            var close = inside.IndexOfAny(s_closes);
            if (close > 0 && (text[at] != '(' || IsNamed(inside))) { AddNumbers(inside[..close], at + 1, marks); }
            var next = text.AsSpan(at + 1).IndexOfAny(s_opens);
            at = next < 0 ? -1 : at + 1 + next;
        }
        return marks;
    }

    // "Source 1: The bridge …", "Document 2", at the beginning of a line.
    private static List<(int Number, TextSpan Span)> Headings(string context)
    {
        var marks = new List<(int, TextSpan)>();
        var start = 0;
        foreach (var line in context.AsSpan().EnumerateLines())
        {
            var head = line.TrimStart(" #*<-\t");
            if (IsNamed(head) && head.IndexOfAnyInRange('0', '9') is >= 0 and < 14 and var digit)
            {
                var end = digit;
                while (end < head.Length && char.IsAsciiDigit(head[end])) { end++; }
                AddNumbers(head[..end], start, marks);
            }
            start += line.Length + 1;
        }
        return marks;
    }

    private static bool IsNamed(ReadOnlySpan<char> text)
    {
        foreach (var name in s_names)
        {
            if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        return false;
    }

    private static void AddNumbers(ReadOnlySpan<char> inside, int offset, List<(int, TextSpan)> marks)
    {
        foreach (var range in inside.SplitAny(',', ';'))
        {
            var item = inside[range];
            var digits = item.Trim();
            foreach (var word in s_names)
            {
                if (digits.StartsWith(word, StringComparison.OrdinalIgnoreCase)) { digits = digits[word.Length..].TrimStart(" :#."); }
            }
            digits = digits.TrimStart("^:#");
            if (digits.IndexOfAny('-', '–') is > 0 and var dash && dash + 1 < digits.Length)
            {
                // Of a stretch its two ends.
                AddNumbers(digits[(dash + 1)..], offset + range.Start.GetOffset(inside.Length), marks);
                digits = digits[..dash].TrimEnd();
            }
            if (digits.Length is > 0 and <= 3 && int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                var start = offset + range.Start.GetOffset(inside.Length);
                marks.Add((number, new(start, start + item.Length)));
            }
        }
    }

    private static int Addresses(AnswerUnderTest test, List<TextSpan> missing)
    {
        var (answer, cited) = (test.Answer, 0);
        for (var at = answer.IndexOf("http", StringComparison.OrdinalIgnoreCase); at >= 0 && cited < MostFound;)
        {
            var end = answer.AsSpan(at).IndexOfAny(s_endOfAddress);
            end = end < 0 ? answer.Length : at + end;
            var address = answer.AsSpan(at, end - at).TrimEnd(".,;:!?*");
            if (address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            {
                cited++;
                if (!test.Context.AsSpan().Contains(address.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) { missing.Add(new(at, at + address.Length)); }
            }
            at = end >= answer.Length ? -1 : answer.IndexOf("http", end, StringComparison.OrdinalIgnoreCase);
        }
        return cited;
    }

    private static int Quotations(AnswerUnderTest test, List<TextSpan> missing)
    {
        var (answer, cited) = (test.Answer, 0);
        HashSet<ulong>? grams = null;
        for (var at = 0; at < answer.Length && cited < MostFound;)
        {
            var open = answer.AsSpan(at).IndexOfAny(s_quotes);
            if (open < 0) { break; }
            open += at;
            var close = answer.AsSpan(open + 1).IndexOfAny('"', '”', '»');
            if (close < 0) { break; }
            var quote = answer.AsSpan(open + 1, close);
            at = open + 1 + close + 1;
            if (quote.Length > 1_000 || quote.Contains('\n')) { continue; }
            var words = WordList.Of(quote).Words;
            if (words.Length < 5) { continue; }
            cited++;
            grams ??= [.. Grams(WordList.Of(test.Context).Words)];
            var quoted = Grams(words);
            if (quoted.Count(grams.Contains) * 10 < quoted.Count * 8) { missing.Add(new(open, at)); }
        }
        return cited;
    }

    private static List<ulong> Grams(ReadOnlySpan<Word> words)
    {
        var grams = new List<ulong>(words.Length);
        for (var i = 1; i < words.Length; i++) { grams.Add(((ulong)words[i - 1].Exact << 32) | words[i].Exact); }
        return grams;
    }
}
