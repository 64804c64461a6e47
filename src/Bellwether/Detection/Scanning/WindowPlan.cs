using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>How a model cuts a text: the score of a text is that of its worst window.</summary>
/// <param name="Tokens">The most tokens of a window.</param>
/// <param name="Sentences">A window ends with its sentence: what is planted in a document is a sentence among others.</param>
internal readonly record struct WindowShape(int Tokens, bool Sentences)
{
    /// <summary>Tokens between two windows of a long stretch.</summary>
    public int Stride => Math.Max(1, Tokens / 4);
}

/// <summary>Says after which token a window ends. Training and inference cut a text by this one type.</summary>
internal struct WindowPlan(WindowShape shape)
{
    // Shorter sentences ("OK.", "1.") go with the next one.
    private const int LeastTokens = 4;

    // Tokens since the plan began, until the next window ends, and what that count began with.
    private int _added, _left = shape.Tokens, _from = shape.Tokens;

    /// <summary>Tokens of the window that would end now.</summary>
    public readonly int Filled => Math.Min(_added, shape.Tokens);

    /// <summary>Whether a window ends before the token that starts a sentence or line; the next one then starts with it.</summary>
    public readonly bool EndsBefore(bool startsSentence) => shape.Sentences && startsSentence && Filled >= LeastTokens;

    public void Reset() => (_added, _left, _from) = (0, shape.Tokens, shape.Tokens);

    /// <summary>Adds a token; true when a window ends with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add()
    {
        _added++;
        return --_left == 0 && Next();
    }

    private bool Next()
    {
        _left = _from = shape.Stride;
        return true;
    }

    /// <summary>Whether the end of the text leaves tokens that no window has ended with.</summary>
    public readonly bool EndsAtLast => _left < _from;
}
