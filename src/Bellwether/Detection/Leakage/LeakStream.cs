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

    private readonly PromptIndex _index;
    private readonly double _leakAt;
    private readonly StreamReading _plain;

    internal LeakStream(PromptIndex index, double leakAt)
    {
        (_index, _leakAt, _plain) = (index, leakAt, new StreamReading(index, depth: 0));
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
        var places = ArrayPool<int>.Shared.Rent(piece.Length);
        for (var i = 0; i < piece.Length; i++) { places[i] = Length + i; }
        _plain.Append(piece, places.AsSpan(0, piece.Length));
        ArrayPool<int>.Shared.Return(places);
        Length += piece.Length;
        Judge();
        Held = IsLeak ? 0 : Math.Min(MostHeld, Length - _plain.HeldFrom(Length));
    }

    /// <summary>The answer is complete: judges what was held.</summary>
    public void Finish()
    {
        _plain.Finish();
        Judge();
        Held = 0;
    }

    private void Judge()
    {
        var findings = new LeakFindings { PromptLength = _index.Length, Longest = _plain.Longest, Covered = _plain.Covered, Canary = _plain.Canary, Announced = false };
        Score = Math.Max(Score, findings.Score);
        IsLeak |= findings.Canary || findings.Score >= _leakAt;
    }
}
