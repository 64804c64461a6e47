using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>Writes an answer, or an event of it, with the texts that its guard put into it. Every other byte stays.</summary>
internal static class FieldWriter
{
    /// <param name="Lane">Null for a <see cref="FieldForm.Shadow"/>.</param>
    /// <param name="Start">Of the field's text within its lane.</param>
    internal readonly record struct Placed(AnswerField Field, LaneState? Lane, int Start, int End);

    /// <summary>Whether anything of these fields is replaced.</summary>
    public static bool Changes(IReadOnlyList<Placed> fields)
    {
        foreach (var field in fields)
        {
            if (field.Lane is { } lane && lane.Within(field.Start, field.End).Any()) { return true; }
        }
        return false;
    }

    /// <param name="offset">Where the JSON begins among the bytes.</param>
    public static void Write(ReadOnlySpan<byte> bytes, int offset, IReadOnlyList<Placed> fields, IBufferWriter<byte> into)
    {
        var copied = 0;
        foreach (var placed in fields)
        {
            var (start, end) = (offset + placed.Field.Start, offset + placed.Field.End);
            if (placed.Lane is not { } lane)
            {
                into.Write(bytes[copied..start]);
                into.Write(placed.Field.Form == FieldForm.Shadow ? "null"u8 : "[]"u8);
                copied = end;
                continue;
            }
            // How far the field was gone through, in units of its text and in bytes.
            var (unit, at) = (0, start);
            var escaped = placed.Field.Form is FieldForm.Escaped or FieldForm.EscapedName;
            foreach (var replacement in lane.Within(placed.Start, placed.End))
            {
                // Only where it begins is its text; what goes on from the field before is emptied.
                var begins = replacement.Start >= placed.Start;
                if (placed.Field.Form == FieldForm.Number)
                {
                    into.Write(bytes[copied..start]);
                    if (begins) { WriteString(replacement.Text, into, quoted: true); }
                    copied = end;
                    break;
                }
                var from = at + JsonChars.Length(bytes[at..end], escaped, replacement.Start - placed.Start - unit, out var taken);
                unit += taken;
                var to = from + JsonChars.Length(bytes[from..end], escaped, Math.Min(placed.End, replacement.End) - placed.Start - unit, out taken);
                (unit, at) = (unit + taken, to);
                into.Write(bytes[copied..from]);
                if (begins)
                {
                    if (placed.Field.Form == FieldForm.Plain) { Encoding.UTF8.GetBytes(replacement.Text, into); }
                    else { WriteString(replacement.Text, into, quoted: false); }
                }
                copied = to;
            }
        }
        into.Write(bytes[copied..]);
    }

    private static void WriteString(string text, IBufferWriter<byte> into, bool quoted)
    {
        if (quoted) { into.Write("\""u8); }
        into.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        if (quoted) { into.Write("\""u8); }
    }
}
