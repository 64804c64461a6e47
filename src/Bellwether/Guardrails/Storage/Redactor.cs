using System.Buffers;
using System.Text;
using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>Replaces findings in bodies and texts. What has none is given back as it is, and costs no allocation.</summary>
internal sealed class Redactor(StoragePolicy policy, RedactionMeters meters, CleanValues clean)
{
    private const int ShortestText = 4;

    private readonly Saved _saved = new(policy);

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
        text.Read(body.Span, clean);
        var found = Scan(text.Text);
        if (found.Count == 0)
        {
            text.AddTo(clean);
            return body;
        }
        if (text.LeftOut)
        {
            // A name that is found in one value is looked for in the others.
            text.Read(body.Span);
            found = Scan(text.Text);
        }
        return BodyEdit.Replace(body, text, found.Items, policy, meters);
    }

    /// <summary>
    /// For what somebody saved to work with it: only kinds that have a form, since a question about a person is not that person's
    /// data and would be no question without the name.
    /// </summary>
    public string RedactSaved(string text)
    {
        if (text.Length < ShortestText)
        {
            return text;
        }
        var body = Encoding.UTF8.GetBytes(text);
        var read = s_text ??= new BodyText();
        read.Read(body);
        var found = Scan(read.Text);
        if (found.Count == 0)
        {
            return text;
        }
        var kept = BodyEdit.Replace(body, read, found.Items, _saved, meters);
        return kept.Equals(body) ? text : Encoding.UTF8.GetString(kept.Span);
    }

    public string Redact(string text, string name = "")
    {
        if (text.Length < ShortestText)
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

    private sealed class Saved(StoragePolicy policy) : PersonalDataReplacement
    {
        public override bool Keeps(PersonalDataType type) => !type.IsStructured() || policy.Keeps(type);

        public override string Placeholder(PersonalDataType type, ReadOnlySpan<char> value) => policy.Placeholder(type, value);
    }
}
