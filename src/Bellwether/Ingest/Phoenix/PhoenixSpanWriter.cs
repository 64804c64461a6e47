using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>Writes Phoenix's spans as OTLP JSON, so that a span has one meaning by whichever route it comes.</summary>
internal static class PhoenixSpanWriter
{
    /// <summary>What is wrong with a span; empty when it can be written.</summary>
    public static string Check(JsonNode? span)
    {
        var context = JsonFields.Get(span, "context");
        return span is not JsonObject ? "must be an object that holds no name twice and is not nested too deeply"
            : JsonFields.Text(span["name"]).Length == 0 ? "name: is needed"
            : !IsHex(JsonFields.Text(JsonFields.Get(context, "trace_id")), 32) ? "context.trace_id: must be 32 hex digits, not all of them 0"
            : !IsHex(JsonFields.Text(JsonFields.Get(context, "span_id")), 16) ? "context.span_id: must be 16 hex digits, not all of them 0"
            : JsonFields.Text(span["parent_id"]) is { Length: > 0 } parent && !IsHex(parent, 16) ? "parent_id: must be 16 hex digits"
            : JsonFields.Time(span["start_time"]) is null ? "start_time: must be an ISO time"
            : JsonFields.Time(span["end_time"]) is null ? "end_time: must be an ISO time"
            : "";
    }

    public static byte[] Write(IEnumerable<JsonNode> spans, string project) => ChatWriter.Json(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        json.WriteStartArray("attributes");
        Attribute(json, "openinference.project.name", JsonValue.Create(project));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("scopeSpans");
        json.WriteStartObject();
        json.WriteStartArray("spans");
        foreach (var span in spans)
        {
            Span(json, span);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Span(Utf8JsonWriter json, JsonNode span)
    {
        var context = JsonFields.Get(span, "context");
        json.WriteStartObject();
        json.WriteString("traceId", JsonFields.Text(JsonFields.Get(context, "trace_id")));
        json.WriteString("spanId", JsonFields.Text(JsonFields.Get(context, "span_id")));
        if (JsonFields.Text(span["parent_id"]) is { Length: > 0 } parent)
        {
            json.WriteString("parentSpanId", parent);
        }
        json.WriteString("name", JsonFields.Text(span["name"]));
        json.WriteString("startTimeUnixNano", Nanoseconds(span["start_time"]));
        json.WriteString("endTimeUnixNano", Nanoseconds(span["end_time"]));
        json.WriteStartArray("attributes");
        if (JsonFields.Text(span["span_kind"]) is { Length: > 0 } kind)
        {
            Attribute(json, "openinference.span.kind", JsonValue.Create(kind));
        }
        Attributes(json, span["attributes"]);
        json.WriteEndArray();
        json.WriteStartArray("events");
        foreach (var item in span["events"] as JsonArray ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", JsonFields.Text(JsonFields.Get(item, "name")));
            json.WriteString("timeUnixNano", Nanoseconds(JsonFields.Get(item, "timestamp")));
            json.WriteStartArray("attributes");
            Attributes(json, JsonFields.Get(item, "attributes"));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("status");
        json.WriteNumber("code", JsonFields.Text(span["status_code"]).ToUpperInvariant() switch { "OK" => 1, "ERROR" => 2, _ => 0 });
        json.WriteString("message", JsonFields.Text(span["status_message"]));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Attributes(Utf8JsonWriter json, JsonNode? attributes)
    {
        foreach (var (name, value) in attributes as JsonObject ?? [])
        {
            if (name != "openinference.span.kind")
            {
                Flat(json, name, value);
            }
        }
    }

    // {"llm":{"input_messages":[{"message":{"role":"user"}}]}} is llm.input_messages.0.message.role, as spans have it on the wire.
    private static void Flat(Utf8JsonWriter json, string name, JsonNode? value)
    {
        switch (value)
        {
            case null:
                break;
            case JsonObject members:
                foreach (var (member, inner) in members)
                {
                    Flat(json, $"{name}.{member}", inner);
                }
                break;
            case JsonArray items when items.Any(item => item is JsonObject or JsonArray):
                for (var i = 0; i < items.Count; i++)
                {
                    Flat(json, string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"), items[i]);
                }
                break;
            default:
                Attribute(json, name, value);
                break;
        }
    }

    private static void Attribute(Utf8JsonWriter json, string key, JsonNode value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
        Value(json, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, JsonNode value)
    {
        if (value is JsonArray items)
        {
            json.WriteStartObject("arrayValue");
            json.WriteStartArray("values");
            foreach (var item in items)
            {
                json.WriteStartObject();
                if (item is not null)
                {
                    Value(json, item);
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            return;
        }
        switch (value.GetValueKind())
        {
            case JsonValueKind.True or JsonValueKind.False:
                json.WriteBoolean("boolValue", value.GetValueKind() == JsonValueKind.True);
                break;
            case JsonValueKind.Number when long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                json.WriteString("intValue", whole.ToString(CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.Number when JsonFields.Number(value) is { } number:
                json.WriteNumber("doubleValue", number);
                break;
            case JsonValueKind.Number:
                break;
            default:
                json.WriteString("stringValue", JsonFields.Text(value));
                break;
        }
    }

    private static string Nanoseconds(JsonNode? time) =>
        (((JsonFields.Time(time) ?? DateTimeOffset.UnixEpoch) - DateTimeOffset.UnixEpoch).Ticks * (Int128)100).ToString(CultureInfo.InvariantCulture);

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigit) && text.Any(digit => digit != '0');
}
