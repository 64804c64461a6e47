namespace Bellwether.Quality;

/// <summary>A word of a text: a number, a run of letters, or one character of a script without spaces.</summary>
/// <param name="Start">UTF-16 index in the text.</param>
/// <param name="Length">UTF-16 units.</param>
/// <param name="Stem">Hash of the word in lower case without common endings; of a number, of its digits.</param>
/// <param name="Exact">Hash of the word in lower case.</param>
internal readonly record struct Word(int Start, int Length, uint Stem, uint Exact, WordKind Kind)
{
    public int End => Start + Length;
}

[Flags]
internal enum WordKind : byte { Plain = 0, Number = 1, Capital = 2, Ideograph = 4, SentenceStart = 8 }
