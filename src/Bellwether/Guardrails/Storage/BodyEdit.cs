using System.Buffers;
using System.Text;
using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>What takes the place of a finding.</summary>
internal abstract class PersonalDataReplacement
{
    public abstract bool Keeps(PersonalDataType type);

    /// <summary>Only ASCII, and nothing that JSON would escape.</summary>
    public abstract string Placeholder(PersonalDataType type, ReadOnlySpan<char> value);
}

/// <summary>Changes a JSON body in place: only the bytes of a finding, and a number becomes a string.</summary>
internal static class BodyEdit
{
    /// <param name="text">What was read of the body, in ascending order of its bytes.</param>
    /// <param name="found">In the text, in ascending order.</param>
    /// <param name="meters">Counts what was replaced; null when that is counted elsewhere.</param>
    /// <returns>The body itself when every finding is kept.</returns>
    public static ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> body, BodyText text, ReadOnlySpan<PersonalDataFinding> found, PersonalDataReplacement replacement, RedactionMeters? meters)
    {
        ArrayBufferWriter<byte>? into = null;
        var bytes = body.Span;
        var parts = text.Parts;
        var (part, copied) = (0, 0);
        var place = (Char: 0, Byte: 0);
        var placed = -1;
        foreach (var finding in found)
        {
            if (replacement.Keeps(finding.Type))
            {
                continue;
            }
            while (part < parts.Length && parts[part].End <= finding.Start)
            {
                part++;
            }
            // A finding that reaches over a value's end is cut there: the rest belongs to another value.
            if (part == parts.Length || parts[part].Start >= finding.End || (parts[part].Kind == BodyPartKind.Name && !finding.Type.IsStructured()))
            {
                continue;
            }
            ref readonly var at = ref parts[part];
            if (placed != part)
            {
                (placed, place) = (part, (at.Start, at.ByteStart));
            }
            var start = place = BodyText.Place(bytes, at, place, Math.Max(at.Start, finding.Start));
            var end = place = BodyText.Place(bytes, at, place, Math.Min(at.End, finding.End));
            var placeholder = replacement.Placeholder(finding.Type, text.Text[Math.Max(at.Start, finding.Start)..Math.Min(at.End, finding.End)]);
            into ??= new ArrayBufferWriter<byte>(bytes.Length + 64);
            var isNumber = at.Kind == BodyPartKind.Number;
            var (from, to) = isNumber ? (at.ByteStart, at.ByteEnd) : (start.Byte, end.Byte);
            if (from < copied)
            {
                continue;
            }
            into.Write(bytes[copied..from]);
            if (isNumber) { into.Write("\""u8); }
            Encoding.ASCII.GetBytes(placeholder, into);
            if (isNumber) { into.Write("\""u8); }
            copied = to;
            meters?.Redacted(finding.Type);
        }
        if (into is null)
        {
            return body;
        }
        into.Write(bytes[copied..]);
        return into.WrittenMemory;
    }
}
