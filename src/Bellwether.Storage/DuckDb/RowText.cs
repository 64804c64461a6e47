using DuckDB.NET.Data;

namespace Bellwether.Storage.DuckDb;

/// <summary>Text on its way into a row.</summary>
internal static class RowText
{
    /// <summary>
    /// DuckDB takes a text up to its first NUL, so whoever puts one into a prompt would hide the rest of it from the store and
    /// from every search. It becomes the sign for what cannot be shown.
    /// </summary>
    public static IDuckDBAppenderRow AppendText(this IDuckDBAppenderRow row, string? text) =>
        row.AppendValue(text is not null && text.Contains('\0') ? text.Replace('\0', '\ufffd') : text);
}
