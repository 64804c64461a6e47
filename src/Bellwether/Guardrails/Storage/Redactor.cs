using System.Buffers;
using System.Text;
using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>Replaces findings in bodies and texts. What has none is given back as it is, and costs no allocation.</summary>
internal sealed class Redactor(StoragePolicy policy, RedactionMeters meters)
{
    [ThreadStatic]
    private static FindingBuffer? s_found;

    [ThreadStatic]
    private static BodyText? s_text;

    /// <summary>A JSON body stays valid JSON: only the bytes of a finding change, and a number becomes a string.</summary>
    public ReadOnlyMemory<byte> Redact(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return body;
        }
        var text = s_text ??= new BodyText();
        text.Read(body.Span);
        var found = Scan(text.Text);
        return found.Count == 0 ? body : Replace(body, text, found.Items);
    }

    public string Redact(string text, string name = "")
    {
        if (text.Length < 4)
        {
            return text;
        }
        if (name.Length == 0)
        {
            var found = Scan(text);
            return found.Count == 0 ? text : Replace(text, text, 0, found.Items);
        }
        // With its name before it, as a field of a body has.
        var named = ArrayPool<char>.Shared.Rent(name.Length + 2 + text.Length);
        try
        {
            name.CopyTo(named);
            named[name.Length] = ':';
            named[name.Length + 1] = ' ';
            text.CopyTo(named.AsSpan(name.Length + 2));
            var whole = named.AsSpan(0, name.Length + 2 + text.Length);
            var found = Scan(whole);
            return found.Count == 0 ? text : Replace(text, whole, name.Length + 2, found.Items);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(named, clearArray: true);
        }
    }

    private static FindingBuffer Scan(ReadOnlySpan<char> text)
    {
        var found = s_found ??= new FindingBuffer();
        PersonalDataScanner.Scan(text, found);
        return found;
    }

    private string Replace(string text, ReadOnlySpan<char> scanned, int offset, ReadOnlySpan<PersonalDataFinding> found)
    {
        var into = new StringBuilder(text.Length);
        var copied = offset;
        foreach (var finding in found)
        {
            if (finding.Start < offset || policy.Keeps(finding.Type))
            {
                continue;
            }
            into.Append(scanned[copied..finding.Start]).Append(policy.Placeholder(finding.Type, scanned[finding.Start..finding.End]));
            meters.Redacted(finding.Type);
            copied = finding.End;
        }
        return copied == offset ? text : into.Append(scanned[copied..]).ToString();
    }

    private ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> body, BodyText text, ReadOnlySpan<PersonalDataFinding> found)
    {
        ArrayBufferWriter<byte>? into = null;
        var bytes = body.Span;
        var parts = text.Parts;
        var (part, copied) = (0, 0);
        var place = (Char: 0, Byte: 0);
        var placed = -1;
        foreach (var finding in found)
        {
            if (policy.Keeps(finding.Type))
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
            var placeholder = policy.Placeholder(finding.Type, text.Text[Math.Max(at.Start, finding.Start)..Math.Min(at.End, finding.End)]);
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
            meters.Redacted(finding.Type);
        }
        if (into is null)
        {
            return body;
        }
        into.Write(bytes[copied..]);
        return into.WrittenMemory;
    }
}
