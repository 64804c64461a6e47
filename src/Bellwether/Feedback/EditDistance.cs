namespace Bellwether.Feedback;

/// <summary>How much of an answer its reader changed.</summary>
internal static class EditDistance
{
    /// <summary>Characters that are compared of each text: the time grows with their product, some 20 ms at this length.</summary>
    public static readonly int MostCharacters = 5_000;

    /// <summary>Fewest characters to insert, delete or replace to make the one text into the other (Levenshtein), within the first <see cref="MostCharacters"/> of each.</summary>
    public static int Of(string before, string after)
    {
        var left = before.AsSpan(0, Math.Min(before.Length, MostCharacters));
        var right = after.AsSpan(0, Math.Min(after.Length, MostCharacters));
        // Most edits leave the ends as they were.
        var same = left.CommonPrefixLength(right);
        left = left[same..];
        right = right[same..];
        while (!left.IsEmpty && !right.IsEmpty && left[^1] == right[^1])
        {
            left = left[..^1];
            right = right[..^1];
        }
        var row = new int[right.Length + 1];
        for (var j = 0; j < row.Length; j++) { row[j] = j; }
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }

    /// <summary>The distance as a share of the longer text, 0 (nothing) to 1 (everything).</summary>
    public static double Share(string before, string after, int distance)
    {
        var longer = Math.Min(MostCharacters, Math.Max(before.Length, after.Length));
        return longer == 0 ? 0 : (double)distance / longer;
    }
}
