namespace Bellwether.Guardrails;

/// <summary>
/// Short texts in which nothing was found, so that what comes with every call (names of routes, lines of headers) is looked
/// through once. Compared whole, never by hash alone; the newest of two texts with one place stays.
/// </summary>
internal sealed class CleanTexts
{
    private const int Places = 1_024;
    private const int Longest = 160;

    private readonly string?[] _texts = new string?[Places];

    public bool Contains(ReadOnlySpan<char> text) => text.Length <= Longest && _texts[Place(text)] is { } known && text.SequenceEqual(known);

    public void Add(string text)
    {
        if (text.Length <= Longest)
        {
            _texts[Place(text)] = text;
        }
    }

    // Randomised for each process: nobody outside can aim at a place.
    private static int Place(ReadOnlySpan<char> text) => string.GetHashCode(text) & (Places - 1);
}
