namespace Bellwether.Exchange;

/// <summary>One text of an answer with its guard, and what is known of its places.</summary>
internal sealed class LaneState(AnswerLane lane, IAnswerText text)
{
    private readonly InnerJson? _inner = lane.Kind is AnswerTextKind.Arguments or AnswerTextKind.WholeArguments ? new InnerJson() : null;
    private int _passed;
    private int _flushed;

    public AnswerLane Lane { get; } = lane;

    public int Length { get; private set; }

    public Refusal? Cut => text.Cut;

    /// <summary>How much may go out; never half of an escape.</summary>
    public int Released => _inner is null || text.Released == _flushed ? text.Released : _inner.Align(text.Released);

    public void Append(Span<char> piece)
    {
        _inner?.Take(piece);
        Length += piece.Length;
        text.Append(piece);
    }

    public void Flush()
    {
        _flushed = Length;
        text.Flush();
    }

    /// <summary>What replaces parts of the text from <paramref name="start"/> to <paramref name="end"/>, in order. Must be asked for in ascending order.</summary>
    public IEnumerable<TextReplacement> Within(int start, int end)
    {
        while (_passed < text.Replacements.Count && text.Replacements[_passed].End <= start) { _passed++; }
        for (var i = _passed; i < text.Replacements.Count; i++)
        {
            var replacement = Fit(text.Replacements[i]);
            if (replacement.Start >= end) { yield break; }
            yield return replacement;
        }
    }

    // Escapes whole, JSON within JSON: the first character of a replacement may be an escape that began a piece before.
    private TextReplacement Fit(TextReplacement replacement) => _inner is null ? replacement
        : new TextReplacement(_inner.Align(replacement.Start), _inner.Align(_inner.EndWithin(replacement.Start, replacement.End)), _inner.Fit(replacement));
}
