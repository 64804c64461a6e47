namespace Bellwether.Guardrails;

/// <summary>The end of a text that comes in pieces: what waits, and as much before it as a detector wants to see.</summary>
internal sealed class TextWindow
{
    private char[] _chars = new char[512];
    private int _count;

    /// <summary>Place in the whole text of the first character that is kept.</summary>
    public int Origin { get; private set; }

    public int End => Origin + _count;

    public ReadOnlySpan<char> Text => _chars.AsSpan(0, _count);

    /// <summary>From a place in the whole text on.</summary>
    public ReadOnlySpan<char> From(int start) => Text[(start - Origin)..];

    public void Append(ReadOnlySpan<char> piece)
    {
        if (_count + piece.Length > _chars.Length)
        {
            Array.Resize(ref _chars, Math.Max(_count + piece.Length, 2 * _chars.Length));
        }
        piece.CopyTo(_chars.AsSpan(_count));
        _count += piece.Length;
    }

    /// <summary>Forgets what stands before a place. In large steps, so that it costs little.</summary>
    public void Trim(int start)
    {
        if (start - Origin < 1_024) { return; }
        Text[(start - Origin)..].CopyTo(_chars);
        _count -= start - Origin;
        Origin = start;
    }
}
