using System.Buffers;

namespace Bellwether.Detection;

/// <summary>
/// Compares an answer with a system prompt while it comes in, and says how much of its end must wait: what may be the beginning
/// of a leak is held back until it is one, or is not. The wait is bounded by <see cref="MostHeld"/>.
/// <code>
/// stream.Append(piece);
/// if (stream.IsLeak) { cut the answer; nothing of what was held goes out }
/// else { everything but the last stream.Held characters may go out }
/// </code>
/// </summary>
public sealed class LeakStream
{
    /// <summary>UTF-16 units that wait at most.</summary>
    public static readonly int MostHeld = 4096;

    // How often a stretch of base64 or hex that goes on is decoded again: each time it has grown by this much.
    private const int DecodeEvery = 32;
    private static readonly SearchValues<char> s_betweenWords = SearchValues.Create(" \t\r\n,;.:!?()[]{}<>\"'`|");
    private static readonly SearchValues<char> s_hexMarks = SearchValues.Create("0123456789abcdefABCDEFx\\");
    private readonly PromptIndex _index;
    private readonly double _leakAt;
    private readonly LeakScan _scan = new();
    private readonly LeakScan _decoded = new();
    private readonly int _longestCanary;
    // The end of the answer, from the beginning of the stretch without spaces that it is in.
    private readonly ArrayBufferWriter<char> _tail = new();
    private int _tailStart;
    private int _wordLength;
    private int _seen;
    private int _decodedAt;
    private int _canaryFrom;
    private int _encodedLongest;
    private int _encodedCovered;

    internal LeakStream(PromptIndex index, double leakAt)
    {
        (_index, _leakAt) = (index, leakAt);
        _longestCanary = index.Canaries.Count == 0 ? 0 : index.Canaries.Max(canary => canary.Length);
        _scan.Begin(index);
    }

    /// <summary>UTF-16 units seen so far.</summary>
    public int Length { get; private set; }

    /// <summary>Whether what was seen gives the prompt away; it stays true.</summary>
    public bool IsLeak { get; private set; }

    /// <summary>The highest score so far, as <see cref="LeakDetector"/> gives it.</summary>
    public double Score { get; private set; }

    /// <summary>UTF-16 units at the end that may become part of a leak. 0 after <see cref="Finish"/>.</summary>
    public int Held { get; private set; }

    /// <summary>Takes the next piece, which may end anywhere, also within a character of two units.</summary>
    public void Append(ReadOnlySpan<char> piece)
    {
        if (piece.IsEmpty) { return; }
        _scan.Append(piece, Length);
        AppendTail(piece);
        Length += piece.Length;
        Judge(final: false);
        Held = IsLeak ? 0 : Math.Min(MostHeld, Length - HeldFrom());
    }

    /// <summary>The answer is complete: judges what was held.</summary>
    public void Finish()
    {
        _scan.Finish();
        Judge(final: true);
        Held = 0;
    }

    private void Judge(bool final)
    {
        Decode(final);
        var canary = IsLeak;
        if (_longestCanary > 0 && !canary)
        {
            // Only what is new, and as much before it as a token is long.
            canary = LeakDetector.HasCanary(_scan.Text.Chars[_canaryFrom..], _index);
            _canaryFrom = Math.Max(0, _scan.Text.Length - _longestCanary);
        }
        var findings = new LeakFindings
        {
            PromptLength = _index.Length, Longest = Math.Max(_encodedLongest, Math.Max(_scan.Longest, _scan.OpenLength)),
            Covered = Math.Max(_encodedCovered, _scan.Covered + (_scan.OpenLength > _scan.Longest ? _scan.OpenLength : 0)), Canary = canary, Announced = false,
        };
        Score = Math.Max(Score, findings.Score);
        IsLeak |= canary || findings.Score >= _leakAt;
    }

    private int HeldFrom()
    {
        var compact = _scan.OpenStart;
        if (_longestCanary > 0) { compact = Math.Min(compact, Math.Max(0, _scan.Text.Length - _longestCanary)); }
        var from = compact < _scan.Text.Length ? _scan.Text.Source(compact) : Length;
        return EncodedLength >= EncodedRuns.Shortest / 2 ? Math.Min(from, _tailStart) : from;
    }

    private int EncodedLength => Length - _tailStart;

    // A stretch goes on over a separator only behind words that look encoded: 59 6f 75 20, and lines of base64.
    private void AppendTail(ReadOnlySpan<char> piece)
    {
        while (!piece.IsEmpty)
        {
            var space = piece.IndexOfAny(s_betweenWords);
            var word = space < 0 ? piece : piece[..space];
            _tail.Write(word);
            _wordLength += word.Length;
            _seen += word.Length;
            if (space >= 0)
            {
                if (LooksEncoded(_tail.WrittenSpan[^_wordLength..])) { _tail.Write(piece.Slice(space, 1)); }
                else { EndTail(keep: 0); }
                _seen++;
                _wordLength = 0;
            }
            if (_tail.WrittenCount == 0) { _tailStart = _seen; }
            // Longer than may wait: what came before is looked at as far as it went.
            if (_tail.WrittenCount > 2 * MostHeld) { EndTail(keep: MostHeld / 2); }
            piece = piece[(space < 0 ? piece.Length : space + 1)..];
        }
    }

    private static bool LooksEncoded(ReadOnlySpan<char> word) =>
        word.Length == 0 || word.Length >= 60 || (word.Length <= 4 && !word.ContainsAnyExcept(s_hexMarks));

    private void EndTail(int keep)
    {
        Decode(final: true);
        var kept = _tail.WrittenSpan[^Math.Min(_tail.WrittenCount, keep)..].ToArray();
        _tail.ResetWrittenCount();
        _tail.Write(kept);
        _tailStart = _seen - kept.Length;
        _wordLength = kept.Length;
        _decodedAt = 0;
    }

    private void Decode(bool final)
    {
        if (_tail.WrittenCount < EncodedRuns.Shortest / 2 || (!final && _tail.WrittenCount - _decodedAt < DecodeEvery)) { return; }
        _decodedAt = _tail.WrittenCount;
        EncodedRuns.Decode(_tail.WrittenSpan, (_, _, said) =>
        {
            _decoded.Begin(_index);
            _decoded.Append(said, 0);
            _decoded.Finish();
            _encodedLongest = Math.Max(_encodedLongest, _decoded.Longest);
            _encodedCovered = Math.Max(_encodedCovered, _decoded.Covered);
            IsLeak |= LeakDetector.HasCanary(_decoded.Text.Chars, _index);
        });
    }
}
