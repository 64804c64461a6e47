using System.Text;
using System.Text.Json;

namespace Bellwether.Ingest;

/// <summary>
/// One message of a chat as an event of its own, which instrumentations of 2024 and 2025 emit on spans and as log records:
/// <c>gen_ai.user.message {"content":"Hi"}</c>, <c>gen_ai.choice {"index":0,"finish_reason":"stop","message":{"content":"Hello"}}</c>.
/// </summary>
internal sealed record SpanMessage(string Role, bool IsAnswer, List<AttributeValue> Members)
{
    /// <returns>Null when the event is no message.</returns>
    public static SpanMessage? Of(ReadOnlySpan<byte> eventName) => Encoding.UTF8.GetString(eventName[..Math.Min(64, eventName.Length)]) switch
    {
        "gen_ai.system.message" => new SpanMessage("system", false, []),
        "gen_ai.user.message" => new SpanMessage("user", false, []),
        "gen_ai.assistant.message" => new SpanMessage("assistant", false, []),
        "gen_ai.tool.message" => new SpanMessage("tool", false, []),
        "gen_ai.choice" => new SpanMessage("assistant", true, []),
        _ => null,
    };

    public AttributeValue? Member(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        foreach (var member in Members)
        {
            if (member.Key.In(body).SequenceEqual(name))
            {
                return member;
            }
        }
        return null;
    }

    public void Write(Utf8JsonWriter json, ReadOnlySpan<byte> body)
    {
        json.WriteStartObject();
        json.WriteString("role", Member(body, "role"u8)?.Text(body) is { Length: > 0 and <= 64 } role ? role : Role);
        var names = new HashSet<string>(StringComparer.Ordinal) { "role", "event.name", "gen_ai.system", "gen_ai.provider.name" };
        foreach (var member in Members)
        {
            var name = Encoding.UTF8.GetString(member.Key.In(body));
            name = name == "id" && Role == "tool" ? "tool_call_id" : name;
            if (!names.Add(name))
            {
                continue;
            }
            json.WritePropertyName(name);
            // As attributes of a span event, structures come as the text of one.
            if (member.Kind != ValueKind.Text || name == "content" || !WriteParsed(json, member.Bytes.In(body)))
            {
                member.Write(json, body, int.MaxValue);
            }
        }
        json.WriteEndObject();
    }

    private static bool WriteParsed(Utf8JsonWriter json, ReadOnlySpan<byte> text)
    {
        if (text.Length == 0 || text[0] is not ((byte)'{' or (byte)'['))
        {
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(text.ToArray());
            document.RootElement.WriteTo(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
