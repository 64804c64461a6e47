using System.Text;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>
/// The JSON of a request in any of the shapes that the clients give it: plain, a form field <c>data</c> with base64 or JSON, or one
/// object a line. Nothing is believed of its Content-Type.
/// </summary>
internal sealed class AnalyticsBody
{
    // A form becomes a text, which is twice as large in memory; clients that send one make batches of 50 events.
    private const int MostFormBytes = 8 * 1024 * 1024;

    private readonly ReadOnlyMemory<byte> _lines;

    private AnalyticsBody(BatchJson? json, ReadOnlyMemory<byte> lines)
    {
        Json = json;
        _lines = lines;
    }

    /// <summary>Null when it is one object a line.</summary>
    public BatchJson? Json { get; }

    public static bool IsJson(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    /// <summary>The JSON in a form's field <c>data</c>; null where there is none, or where the form is too long.</summary>
    public static byte[]? OfForm(ReadOnlySpan<byte> body)
    {
        if (body.Length > MostFormBytes)
        {
            return null;
        }
        foreach (var field in Encoding.UTF8.GetString(body).Split('&'))
        {
            if (field.StartsWith("data=", StringComparison.Ordinal))
            {
                return OfField(Uri.UnescapeDataString(field["data=".Length..].Replace('+', ' ')));
            }
        }
        return null;
    }

    /// <param name="data">Base64 or JSON. mixpanel-node does not escape the <c>+</c> of its base64, which reads as a blank.</param>
    public static byte[]? OfField(string data)
    {
        var text = data.Trim(' ', '\r', '\n', '"');
        if (text is ['{' or '[', ..])
        {
            return Encoding.UTF8.GetBytes(text);
        }
        text = text.Replace(' ', '+').Replace('-', '+').Replace('_', '/').TrimEnd('=');
        text = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var count) && count > 0 ? bytes[..count] : null;
    }

    /// <param name="json">Must not change while this is in use.</param>
    /// <param name="mayBeLines">One object a line is taken too.</param>
    /// <returns>Null for bytes that are no JSON.</returns>
    public static AnalyticsBody? Parse(ReadOnlyMemory<byte> json, bool mayBeLines)
    {
        if (BatchJson.Of(json) is { } batch)
        {
            return new AnalyticsBody(batch, default);
        }
        var first = json.Span.IndexOf((byte)'\n');
        // The first line decides; a broken one further down is that event's trouble alone.
        return mayBeLines && first > 0 && LooseJson.TryParse(json.Span[..first], out var node) && node is JsonObject ? new AnalyticsBody(null, json) : null;
    }

    /// <summary>The events one by one, so that one that cannot be worked with is alone in that: those of a list, or the one that the whole is.</summary>
    public IEnumerable<BatchItem> Events()
    {
        foreach (var item in Json?.Items() ?? [])
        {
            yield return item;
        }
        for (var rest = _lines; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                yield return new BatchItem(LooseJson.TryParse(line.Span, out var node) ? node : null, node is not null, "");
            }
        }
    }
}
