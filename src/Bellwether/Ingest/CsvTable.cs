using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Sylvan.Data.Csv;

namespace Bellwether.Ingest;

/// <summary>A CSV file with a header (RFC 4180): quoted values may hold commas, quotes and line ends; a byte order mark and empty lines are passed over.</summary>
internal sealed class CsvTable
{
    private const int MostColumns = 1_000;
    private static readonly CsvDataReaderOptions s_strict = new() { Delimiter = ',', HasHeaders = false, CsvStyle = CsvStyle.Standard, MaxBufferSize = 32 * 1024 * 1024 };

    private CsvTable(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows) => (Columns, Rows) = (columns, rows);

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Each as long as the header.</summary>
    public IReadOnlyList<string[]> Rows { get; }

    /// <summary>Throws <see cref="IngestRefusal"/> that names the row and what is wrong with it.</summary>
    public static CsvTable Read(ReadOnlySpan<byte> file, int mostRows)
    {
        if (!Utf8.IsValid(file))
        {
            throw Wrong("is not UTF-8");
        }
        using var text = new StringReader(Encoding.UTF8.GetString(file).TrimStart('\uFEFF'));
        // Looks at the first row already.
        using var reader = Checked(1, () => CsvDataReader.Create(text, s_strict));
        var header = Checked(1, () => Next(reader)) ?? throw Wrong("is empty");
        if (header.Length > MostColumns)
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
        // The header is row 1, as in a spreadsheet.
        while (Checked(rows.Count + 2, () => Next(reader)) is { } row)
        {
            if (rows.Count == mostRows)
            {
                throw Wrong($"may have at most {mostRows} rows");
            }
            if (row.Length != header.Length)
            {
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"row {rows.Count + 2} has {row.Length} values and the header has {header.Length}"));
            }
            rows.Add(row);
        }
        return new CsvTable(header, rows);
    }

    // Null at the end; an empty line is no row.
    private static string[]? Next(CsvDataReader reader)
    {
        while (reader.Read())
        {
            var row = new string[reader.RowFieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.GetString(i);
            }
            if (row is not ([] or [""]))
            {
                return row;
            }
        }
        return null;
    }

    private static T Checked<T>(int row, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is CsvFormatException or CsvRecordTooLargeException)
        {
            // It says what is wrong with the form and quotes nothing of the file.
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"row {row}: {error.Message}"));
        }
    }

    private static IngestRefusal Wrong(string problem) => new(StatusCodes.Status422UnprocessableEntity, "invalid", $"file: {problem}");
}
