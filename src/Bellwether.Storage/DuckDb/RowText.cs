using System.Runtime.InteropServices;
using DuckDB.NET.Data;

namespace Bellwether.Storage.DuckDb;

/// <summary>Text on its way into a row.</summary>
internal static class RowText
{
    /// <summary>Text that is UTF-8 already. It must be valid: of other bytes DuckDB makes a null.</summary>
    public static IDuckDBAppenderRow AppendText(this IDuckDBAppenderRow row, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            // Of no bytes the appender makes a null.
            return row.AppendValue("");
        }
        // The appender asks for a writable span and only reads it.
        return row.AppendValue(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(utf8), utf8.Length));
    }

    /// <summary>
    /// DuckDB takes a text up to its first NUL, so whoever puts one into a prompt would hide the rest of it from the store and
    /// from every search. It becomes the sign for what cannot be shown.
    /// </summary>
    public static IDuckDBAppenderRow AppendText(this IDuckDBAppenderRow row, string? text) =>
        row.AppendValue(text is not null && text.Contains('\0') ? text.Replace('\0', '\ufffd') : text);
}
