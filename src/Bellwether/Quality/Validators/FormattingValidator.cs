using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>Broken form: brackets that do not pair, a code fence that is never closed, a Markdown table with missing cells, JSON that does not parse.</summary>
internal static class FormattingValidator
{
    private const int MostSpans = 20;
    private const int MostJson = 16, LongestJson = 16_000;

    public static ValidatorResult Check(AnswerUnderTest test) => Of(AnswerReading.Of(test));

    public static ValidatorResult Of(AnswerReading reading)
    {
        var (test, answer) = (reading.Test, reading.Test.Answer);
        if (answer.Length == 0) { return ValidatorResult.Unknown(ValidatorNames.Formatting, "The answer is empty."); }
        var faults = new List<(ValidatorVerdict Verdict, string Reason, TextSpan Span)>();
        var code = reading.Code;
        if (code.Unclosed is { } open) { faults.Add((ValidatorVerdict.Fail, "A code fence is not closed.", open)); }
        Json(test, code, faults);
        Tables(answer, code, faults);
        var pairs = faults.Exists(fault => fault.Reason == NotJson) || LooksLikeJson(answer) ? 0 : Brackets(answer, code, faults);
        if (faults.Count == 0) { return ValidatorResult.Pass(ValidatorNames.Formatting); }
        var verdict = faults.Max(fault => fault.Verdict);
        var score = verdict == ValidatorVerdict.Fail ? 0 : Math.Max(0.1, 0.6 - (0.5 * faults.Count / (pairs + faults.Count)));
        return new(ValidatorNames.Formatting, score, verdict, string.Join(" ", faults.Select(fault => fault.Reason).Distinct(StringComparer.Ordinal)))
        {
            Spans = [.. faults.Select(fault => fault.Span).OrderBy(span => span.Start).Take(MostSpans)],
        };
    }

    private const string NotJson = "The answer is not valid JSON.";

    private static void Json(AnswerUnderTest test, CodeRanges code, List<(ValidatorVerdict, string, TextSpan)> faults)
    {
        var answer = test.Answer;
        foreach (var block in code.Json)
        {
            // Examples leave things out: "..." and comments make it a sketch and no fault.
            var text = answer.AsSpan(block.Start, block.End - block.Start);
            if (!IsJson(text) && !text.Contains("...", StringComparison.Ordinal) && !text.Contains('…') && !text.Contains("//", StringComparison.Ordinal))
            {
                faults.Add((ValidatorVerdict.Warn, "A block that is marked as JSON does not parse.", block));
            }
        }
        var wanted = test.WantsJson || test.Schema.Length > 0;
        if ((wanted || LooksLikeJson(answer)) && !test.CallsTools && !IsJson(JsonAnswer.Of(answer)) && !(code.Json.Count > 0 && !wanted))
        {
            faults.Add((wanted ? ValidatorVerdict.Fail : ValidatorVerdict.Warn, NotJson, new(0, answer.Length)));
        }
    }

    // {"a":1}  [1, 2]  [{…}]: begins and ends as JSON does. "[1] says that" and "{name} is" do not.
    private static bool LooksLikeJson(string answer)
    {
        var text = answer.AsSpan().Trim();
        if (text.Length < 2 || !((text[0] == '{' && text[^1] == '}') || (text[0] == '[' && text[^1] == ']'))) { return false; }
        var inside = text[1..].TrimStart();
        return inside[0] == '"' || inside[0] == '{' || (text[0] == '{' ? inside[0] == '}' : inside[0] is '[' or ']');
    }

    private static bool IsJson(ReadOnlySpan<char> text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text.ToString()), new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            var any = false;
            while (reader.Read()) { any = true; }
            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // | a | b |
    // |---|---|
    // | 1 |        a row with fewer cells than the head
    private static void Tables(string answer, CodeRanges code, List<(ValidatorVerdict, string, TextSpan)> faults)
    {
        var (before, columns) = (0, 0);
        for (var start = 0; start < answer.Length;)
        {
            var length = answer.AsSpan(start).IndexOf('\n');
            var end = length < 0 ? answer.Length : start + length;
            var line = answer.AsSpan(start, end - start).Trim();
            var cells = line.Contains('|') && !code.Contains(start) ? Cells(line) : 0;
            if (cells == 0) { columns = 0; }
            else if (columns == 0) { columns = IsRule(line) && before == cells ? cells : 0; }
            else if (cells != columns) { faults.Add((ValidatorVerdict.Warn, "A row of a table has another number of cells than its head.", new(start, end))); }
            before = cells;
            start = end + 1;
        }
    }

    private static bool IsRule(ReadOnlySpan<char> line) => line.Contains('-') && line.IndexOfAnyExcept("|-: ") < 0;

    private static int Cells(ReadOnlySpan<char> line)
    {
        var bars = 0;
        for (var i = 0; i < line.Length; i++) { bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1 : 0; }
        return bars + 1 - (line[0] == '|' ? 1 : 0) - (line[^1] == '|' && line.Length > 1 ? 1 : 0);
    }

    // Pairs of a kind, and in order: "(]" has as many of each side and is wrong.
    private static int Brackets(string answer, CodeRanges code, List<(ValidatorVerdict, string, TextSpan)> faults)
    {
        const string Reason = "Brackets do not pair.";
        var open = new List<int>();
        var (pairs, tries) = (0, 0);
        for (var i = answer.AsSpan().IndexOfAny(s_brackets); i >= 0;)
        {
            var c = answer[i];
            if (code.EndAt(i) is { } end) { i = end - 1; }
            else if (c == '`') { }
            else if (c is '[' or '{' && tries < MostJson && JsonEnd(answer, i, ref tries) is { } json)
            {
                // Brackets within its texts pair with nothing.
                pairs++;
                i = json - 1;
            }
            else if (c is '(' or '[' or '{') { if (!BracketForms.IsSmiley(answer, i)) { open.Add(i); } }
            else if (open.Count > 0 && Fits(answer[open[^1]], c, answer, open[^1], i))
            {
                pairs++;
                open.RemoveAt(open.Count - 1);
            }
            else if (!BracketForms.IsSmiley(answer, i) && !BracketForms.IsListMark(answer, i, open))
            {
                // The one that was open is closed by the wrong kind: both are said at once.
                faults.Add((ValidatorVerdict.Warn, Reason, new(open.Count > 0 && c != ')' ? open[^1] : i, i + 1)));
                if (open.Count > 0) { open.RemoveAt(open.Count - 1); }
            }
            var next = i + 1 < answer.Length ? answer.AsSpan(i + 1).IndexOfAny(s_brackets) : -1;
            i = next < 0 ? -1 : i + 1 + next;
        }
        foreach (var at in open) { faults.Add((ValidatorVerdict.Warn, Reason, new(at, at + 1))); }
        return pairs;
    }

    // Where a JSON value with texts in it, which begins here, ends; null when none does.
    private static int? JsonEnd(string answer, int at, ref int tries)
    {
        var text = answer.AsSpan(at, Math.Min(LongestJson, answer.Length - at));
        if (text[1..].TrimStart() is not ['"' or '{' or '[', ..] || !text.Contains('"'))
        {
            return null;
        }
        tries++;
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, state: new JsonReaderState(new JsonReaderOptions { MaxDepth = 64 }));
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    return at + Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.BytesConsumed));
                }
            }
        }
        catch (JsonException)
        {
            // Prose in brackets: they are paired one by one.
        }
        return null;
    }

    private static readonly System.Buffers.SearchValues<char> s_brackets = System.Buffers.SearchValues.Create("()[]{}`");

    private static bool Fits(char open, char close, string text, int from, int to) =>
        (open, close) is ('(', ')') or ('[', ']') or ('{', '}') || BracketForms.IsInterval(text.AsSpan(from + 1, to - from - 1), open, close);
}
