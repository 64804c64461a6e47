using System.Collections.Frozen;

namespace Bellwether.Detection;

/// <summary>Sets of words that are written as one text, to be looked up without making a string.</summary>
internal static class WordSets
{
    /// <param name="words">Between blanks or lines, in lower case.</param>
    public static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Of(string words) => Split(words).ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    public static string[] Split(string words) => words.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
