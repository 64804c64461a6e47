namespace Bellwether.Detection;

/// <summary>A sentence or two of a long text, to be judged by themselves.</summary>
internal static class TextPieces
{
    /// <summary>From here on a text is long enough for a sentence to drown in it.</summary>
    public static readonly int LongText = 300;

    private const int Reach = 90, Shortest = 40, Longest = 180;

    // What a Chinese or Japanese sign says takes some three letters elsewhere.
    private const int Ideograph = 3;

    /// <summary>The sentence that a place is in, and those behind it while they are short.</summary>
    public static TextSpan Around(ReadOnlySpan<char> text, int at)
    {
        var (start, end, length) = (at, at, 0);
        while (start > 0 && length < Reach && !IsEnd(text[start - 1])) { length += Width(text[--start]); }
        while (end < text.Length && length < Longest && (length < Shortest || !IsEnd(text[end]))) { length += Width(text[end++]); }
        return new TextSpan(start, Math.Min(text.Length, end + 1));
    }

    private static int Width(char sign) => sign is >= '\u3040' and <= '\u9fff' ? Ideograph : 1;

    private static bool IsEnd(char sign) => sign is '.' or '!' or '?' or '\n' or '。' or '！' or '？' or '؟' or '।';
}
