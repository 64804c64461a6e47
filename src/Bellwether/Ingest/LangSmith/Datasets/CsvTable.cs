using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Bellwether.Ingest;

/// <summary>A CSV file with a header (RFC 4180): quoted values may hold commas, quotes and line ends; a byte order mark and empty lines are passed over.</summary>
internal sealed class CsvTable
{
    private const int MostColumns = 1_000;

    private CsvTable(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows) => (Columns, Rows) = (columns, rows);

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Each as long as the header.</summary>
    public IReadOnlyList<string[]> Rows { get; }

    /// <summary>Throws <see cref="LangSmithRefusal"/> that names the row and what is wrong with it.</summary>
    public static CsvTable Read(ReadOnlySpan<byte> file, int mostRows)
    {
        if (!Utf8.IsValid(file))
        {
            throw Wrong("is not UTF-8");
        }
        var text = Encoding.UTF8.GetString(file).TrimStart('\uFEFF');
        var at = 0;
        var header = ReadRow(text, ref at, 1) ?? throw Wrong("is empty");
        if (header.Count > MostColumns)
        {
            throw Wrong($"may have at most {MostColumns} columns");
        }
        foreach (var column in header)
        {
            if (column.Length is 0 or > 200 || header.Count(other => other == column) > 1)
            {
                throw Wrong($"column \"{JsonFields.Short(column, 100)}\": names must have 1 to 200 characters and be different");
            }
        }
        var rows = new List<string[]>();
        while (ReadRow(text, ref at, rows.Count + 2) is { } row)
        {
            if (rows.Count == mostRows)
            {
                throw Wrong($"may have at most {mostRows} rows");
            }
            if (row.Count != header.Count)
            {
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"row {rows.Count + 2} has {row.Count} values and the header has {header.Count}"));
            }
            rows.Add([.. row]);
        }
        return new CsvTable(header, rows);
    }

    // Null at the end. The header is row 1, as in a spreadsheet.
    private static List<string>? ReadRow(string text, ref int at, int number)
    {
        while (at < text.Length && text[at] is '\r' or '\n')
        {
            at++;
        }
        if (at == text.Length)
        {
            return null;
        }
        var row = new List<string>();
        while (true)
        {
            row.Add(at < text.Length && text[at] == '"' ? ReadQuoted(text, ref at, number) : ReadPlain(text, ref at));
            if (at == text.Length || text[at] is '\r' or '\n')
            {
                return row;
            }
            if (text[at] != ',')
            {
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"row {number}: behind a quoted value must come a comma or the end of the line"));
            }
            at++;
        }
    }

    private static string ReadPlain(string text, ref int at)
    {
        var from = at;
        while (at < text.Length && text[at] is not (',' or '\r' or '\n'))
        {
            at++;
        }
        return text[from..at];
    }

    private static string ReadQuoted(string text, ref int at, int number)
    {
        var value = new StringBuilder();
        at++;
        while (true)
        {
            var end = text.IndexOf('"', at);
            if (end < 0)
            {
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"row {number}: a quoted value is not closed"));
            }
            value.Append(text, at, end - at);
            at = end + 1;
            if (at == text.Length || text[at] != '"')
            {
                return value.ToString();
            }
            value.Append('"');
            at++;
        }
    }

    private static LangSmithRefusal Wrong(string problem) => LangSmithRefusal.Invalid("file", problem);
}
