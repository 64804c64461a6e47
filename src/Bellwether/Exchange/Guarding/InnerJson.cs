namespace Bellwether.Exchange;

/// <summary>
/// JSON that is itself the text of a string, such as a tool's arguments, made readable for a guard while it comes in pieces: its
/// escapes are decoded in place, each with as many invisible signs before it as it had characters more, so that no place moves.
/// </summary>
internal sealed class InnerJson
{
    // Readers of texts pass over it.
    private const char Filler = '\u2060';

    // Where strings begin and end: an even number of quotes before a place means that it is in none.
    private readonly List<int> _quotes = [];
    private readonly List<(int Start, int End)> _escapes = [];
    private int _length;
    private int _escapeStart = -1;
    private int _unit;

    /// <summary>The place itself, or the beginning of the escape that it lies within.</summary>
    public int Align(int at)
    {
        if (_escapeStart >= 0 && at > _escapeStart) { return _escapeStart; }
        var next = _escapes.BinarySearch((at, 0)) is var found && found < 0 ? ~found : found;
        return next > 0 && at < _escapes[next - 1].End ? _escapes[next - 1].Start : at;
    }

    /// <summary>Decodes the escapes of the next piece, and notes its quotes.</summary>
    public void Take(Span<char> piece)
    {
        foreach (ref var c in piece)
        {
            var at = _length++;
            if (_escapeStart < 0)
            {
                if (c == '"') { _quotes.Add(at); }
                if (c == '\\' && IsInString(at))
                {
                    (_escapeStart, _unit, c) = (at, 0, Filler);
                }
                continue;
            }
            if (at - _escapeStart == 1 && c == 'u')
            {
                c = Filler;
                continue;
            }
            if (at - _escapeStart == 1)
            {
                c = c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => c };
                End(at);
                continue;
            }
            if (!char.IsAsciiHexDigit(c))
            {
                // Broken: it stands for itself from here on.
                _escapeStart = -1;
                if (c == '"') { _quotes.Add(at); }
                continue;
            }
            _unit = (_unit << 4) | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
            c = at - _escapeStart == 5 ? (char)_unit : Filler;
            if (at - _escapeStart == 5) { End(at); }
        }
    }

    private void End(int at)
    {
        _escapes.Add((_escapeStart, at + 1));
        _escapeStart = -1;
    }

    /// <summary>What to write so that the JSON stays JSON: escaped within a string, a string of its own elsewhere.</summary>
    public string Fit(TextReplacement replacement)
    {
        if (replacement.Text.Length == 0) { return ""; }
        var text = System.Text.Json.JsonEncodedText.Encode(replacement.Text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        return IsInString(replacement.Start) ? text : $"\"{text}\"";
    }

    /// <summary>The end of a stretch that stays within the string, or between the strings, in which it begins.</summary>
    public int EndWithin(int start, int end)
    {
        var next = _quotes.BinarySearch(start) is var at && at < 0 ? ~at : at;
        return next < _quotes.Count && _quotes[next] < end && _quotes[next] > start ? _quotes[next] : end;
    }

    private bool IsInString(int at) => (_quotes.BinarySearch(at) is var index && index < 0 ? ~index : index) % 2 == 1;
}
