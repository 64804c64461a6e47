namespace Bellwether.Detection;

/// <summary>Tables as text: a date in the column whose head says "dob" is a date of birth, however many lines below it stands.</summary>
internal static class BirthColumn
{
    private const int LongestHead = 1_000;

    public static bool Has(ref TextScan scan, int date)
    {
        if (scan.BirthColumn == TextScan.Unknown)
        {
            scan.BirthColumn = Find(scan.Text, out scan.BirthSeparator);
        }
        if (scan.BirthColumn < 0)
        {
            return false;
        }
        var line = scan.Text[Math.Max(0, date - LongestHead)..date];
        line = line[(line.LastIndexOf('\n') + 1)..];
        return Columns(line, scan.BirthSeparator) == scan.BirthColumn;
    }

    // The first line that has separators, and in which column it speaks of birth.
    private static int Find(ReadOnlySpan<char> text, out char separator)
    {
        separator = ',';
        text = text[..Math.Min(text.Length, LongestHead)];
        foreach (var range in text.Split('\n'))
        {
            var line = text[range];
            separator = line.Contains('\t') ? '\t' : line.Contains('|') ? '|' : line.Contains(';') ? ';' : ',';
            if (line.Count(separator) < 2)
            {
                continue;
            }
            var column = 0;
            foreach (var cell in line.Split(separator))
            {
                if (line[cell].Length < 24 && !line[cell].ContainsAnyInRange('0', '9') && Words.Birth.IsIn(line[cell]))
                {
                    return column;
                }
                column++;
            }
            return -1;
        }
        return -1;
    }

    private static int Columns(ReadOnlySpan<char> line, char separator)
    {
        var columns = 0;
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"') { quoted = !quoted; }
            else if (c == separator && !quoted) { columns++; }
        }
        return columns;
    }
}
