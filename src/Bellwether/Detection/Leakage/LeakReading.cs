using System.Buffers;

namespace Bellwether.Detection;

/// <summary>
/// Compares a whole text with a system prompt in every way that it can be read: as it stands, without separators, behind escapes, decoded, and what comes out
/// of that again. How much is read is bounded, so that work stays linear however texts are packed into each other.
/// </summary>
internal sealed class LeakReading
{
    // A text in base64 that is in base64 again …
    private const int MostDepth = 4;
    // Characters read for each of the text, and in any case: what is packed into a long text is read as far as these last.
    private const int MostTimes = 2;
    private const int Fair = 256 * 1024;
    private const int Piece = 64 * 1024;
    // Plain text before the first escape that is read with what follows, so that nothing is missed that is half escaped.
    private const int Before = 64;

    // A few escapes leave stretches between them that are found as they stand, unless it is a token.
    private const int Fewest = 4;

    private readonly LeakScan[] _scans = [.. Enumerable.Range(0, MostDepth + 1).Select(_ => new LeakScan())];
    private readonly SpacedLetters _spaced = new();
    private readonly SpacedLetters _spacedLetters = new();
    private readonly List<TextSpan> _spans = [];
    private PromptIndex _index = null!;
    private Deadline _deadline;
    private long _left;

    public int Longest { get; private set; }

    /// <summary>How the longest was written.</summary>
    public LeakView LongestView { get; private set; }

    public Encoded? LongestForm { get; private set; }

    public int Covered { get; private set; }

    public bool Canary { get; private set; }

    /// <summary>The time was over before all was read.</summary>
    public bool IsLate { get; private set; }

    public IEnumerable<TextSpan> Spans => _spans.OrderBy(span => span.Start);

    /// <summary>Compares a text, in place of what was compared before.</summary>
    public void Read(ReadOnlySpan<char> text, PromptIndex index, Deadline deadline)
    {
        Begin(index, deadline, text.Length);
        Read(text, [], null, null, 0);
    }

    /// <summary>Compares what is encoded in a text, and not the text itself.</summary>
    public void ReadEncoded(ReadOnlySpan<char> text, PromptIndex index)
    {
        Begin(index, default, text.Length);
        Decode(text, [], null, 0);
    }

    private void Begin(PromptIndex index, Deadline deadline, int length)
    {
        (_index, _deadline, _left) = (index, deadline, Math.Max(Fair, MostTimes * (long)length));
        (Longest, LongestView, LongestForm, Covered, Canary, IsLate) = (0, LeakView.Plain, null, 0, false, false);
        _spans.Clear();
    }

    /// <param name="places">For each character its place in the outermost text; empty when it is its own.</param>
    /// <param name="whole">The stretch of the outermost text that this was decoded from; null when places are exact.</param>
    private void Read(ReadOnlySpan<char> text, ReadOnlySpan<int> places, TextSpan? whole, Encoded? form, int depth)
    {
        if (IsLate || depth > MostDepth || _left == 0) { return; }
        text = text[..(int)Math.Min(text.Length, _left)];
        _left -= text.Length;
        var scan = _scans[depth];
        scan.Begin(_index);
        _spaced.Begin(_index);
        _spacedLetters.Begin(_index);
        for (var at = 0; at < text.Length && !IsLate; at += Piece)
        {
            IsLate = _deadline.HasPassed && (at > 0 || depth > 0);
            var piece = text[at..Math.Min(text.Length, at + Piece)];
            var where = places.IsEmpty ? places : places.Slice(at, piece.Length);
            var before = scan.Text.Length;
            if (places.IsEmpty) { scan.Append(piece, at); } else { scan.Append(piece, where); }
            _spaced.Append(piece, where, at);
            _spacedLetters.Append(scan.Text.Chars[before..], scan.Text.Sources[before..]);
        }
        if (IsLate) { return; }
        scan.Finish();
        Note(scan, whole, form);
        Note(_spaced.Finish(), whole, form);
        Note(_spacedLetters.Finish(), whole, form);
        Decode(text, places, whole, depth);
        Unescape(text, places, whole, form, depth);
    }

    private void Note(LeakScan scan, TextSpan? whole, Encoded? form)
    {
        var planted = LeakDetector.HasCanary(scan.Text.Chars, _index);
        if (scan.Longest == 0 && !planted) { return; }
        Canary |= planted;
        Covered = Math.Max(Covered, scan.Covered);
        // A canary alone has no stretch of its own.
        var found = whole is { } one ? [one] : scan.Spans;
        _spans.AddRange(found.Where(span => !_spans.Contains(span)));
        if (scan.Longest > Longest) { (Longest, LongestView, LongestForm) = (scan.Longest, scan.LongestView, form); }
    }

    private void Decode(ReadOnlySpan<char> text, ReadOnlySpan<int> places, TextSpan? whole, int depth)
    {
        // Collected first: what is found is decoded in turn, and a span cannot be taken along.
        List<(TextSpan Span, Encoded Form, string Said)>? pieces = null;
        EncodedRuns.Decode(text, (span, form, said) => (pieces ??= []).Add((span, form, said)));
        foreach (var (span, form, said) in pieces ?? [])
        {
            var original = whole ?? (places.IsEmpty ? span : new TextSpan(places[span.Start], places[span.End - 1] + 1));
            Read(said, [], original, form, depth + 1);
        }
    }

    private void Unescape(ReadOnlySpan<char> text, ReadOnlySpan<int> places, TextSpan? whole, Encoded? form, int depth)
    {
        var first = Escapes.Find(text, '\0', final: true, out _);
        if (first < 0 || !Escapes.AreThere(text[first..], _index.Canaries.Count > 0 ? 1 : Fewest)) { return; }
        var from = Math.Max(0, first - Before);
        var rest = text[from..];
        var chars = ArrayPool<char>.Shared.Rent(rest.Length);
        var sources = ArrayPool<int>.Shared.Rent(rest.Length);
        try
        {
            var (_, count) = Escapes.Decode(rest, '\0', final: true, chars, sources);
            foreach (ref var source in sources.AsSpan(0, count)) { source = places.IsEmpty ? from + source : places[from + source]; }
            Read(chars.AsSpan(0, count), sources.AsSpan(0, count), whole, form ?? Encoded.Escapes, depth + 1);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
            ArrayPool<int>.Shared.Return(sources);
        }
    }
}
