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
            var quote = isNumber ? "\"" : at.Kind == BodyPartKind.Text ? QuoteWithin(text.Text[at.Start..at.End], finding.Start - at.Start, finding.End - at.Start) : "";
            Encoding.ASCII.GetBytes(quote, into);
            Encoding.ASCII.GetBytes(placeholder, into);
            Encoding.ASCII.GetBytes(quote, into);
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

    // Arguments of tools are JSON within a string: {"ssn":536904399} becomes {"ssn":"[SSN]"} there too. How the quotes of the member's name are escaped says how deep it lies.
    private static string QuoteWithin(ReadOnlySpan<char> text, int start, int end)
    {
        const int deepest = 7;
        if (start <= 0 || end > text.Length || text[start..end].ContainsAnyExcept(s_number) || text[end..].TrimStart() is [not (',' or '}' or ']'), ..])
        {
            return "";
        }
        var before = text[..start].TrimEnd();
        var name = before is [.., ':'] ? before[..^1].TrimEnd() : [];
        if (name is not [.., '"'])
        {
            return "";
        }
        var escapes = name[..^1].Length - name[..^1].TrimEnd('\\').Length;
        return escapes > deepest ? "" : new string('\\', (2 * escapes) + 1) + "\"";
    }

    private static readonly SearchValues<char> s_number = SearchValues.Create("0123456789-+.eE");
}
