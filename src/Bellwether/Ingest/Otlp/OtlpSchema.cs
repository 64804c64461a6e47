using System.Text.Json;

namespace Bellwether.Ingest;

internal enum OtlpType { Varint, Fixed64, Double, Bool, Text, Hex, Base64, Message }

/// <summary>One field of OTLP: its JSON name and its protobuf number.</summary>
internal sealed record OtlpField(string Name, int Number, OtlpType Type, Func<OtlpMessage>? Message = null)
{
    /// <summary>What is wrong inside it is its own fault: the rest of the request is read on.</summary>
    public bool IsItem { get; init; }
    /// <summary>Of an enum, what its values are called, by number: the standard has integers alone, protobuf's own JSON writers have names.</summary>
    public string[] Names { get; init; } = [];
}

/// <summary>The fields of a message that are read. opentelemetry-proto 1.11.</summary>
internal sealed class OtlpMessage(params OtlpField[] fields)
{
    public OtlpField? Find(ref Utf8JsonReader reader)
    {
        foreach (var field in fields)
        {
            if (reader.ValueTextEquals(field.Name))
            {
                return field;
            }
        }
        return null;
    }
}

internal static class OtlpSchema
{
    private static readonly OtlpMessage s_array = new(Many("values", 1, () => AnyValue!));
    private static readonly OtlpMessage s_list = new(Many("values", 1, () => KeyValue!));

    private static readonly OtlpMessage AnyValue = new(
        new("stringValue", 1, OtlpType.Text), new("boolValue", 2, OtlpType.Bool), new("intValue", 3, OtlpType.Varint), new("doubleValue", 4, OtlpType.Double),
        Many("arrayValue", 5, () => s_array), Many("kvlistValue", 6, () => s_list), new("bytesValue", 7, OtlpType.Base64));

    private static readonly OtlpMessage KeyValue = new(new("key", 1, OtlpType.Text), Many("value", 2, () => AnyValue));
    private static readonly OtlpMessage s_resource = new(Many("attributes", 1, () => KeyValue));
    private static readonly OtlpMessage s_scope = new(new("name", 1, OtlpType.Text), new("version", 2, OtlpType.Text));

    private static readonly OtlpMessage s_event = new(
        new("timeUnixNano", 1, OtlpType.Fixed64), new("name", 2, OtlpType.Text), Many("attributes", 3, () => KeyValue));

    private static readonly OtlpMessage s_status = new(new("message", 2, OtlpType.Text), new("code", 3, OtlpType.Varint) { Names = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"] });

    private static readonly OtlpMessage s_span = new(
        new("traceId", 1, OtlpType.Hex), new("spanId", 2, OtlpType.Hex), new("parentSpanId", 4, OtlpType.Hex), new("name", 5, OtlpType.Text),
        new("kind", 6, OtlpType.Varint) { Names = ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"] },
        new("startTimeUnixNano", 7, OtlpType.Fixed64), new("endTimeUnixNano", 8, OtlpType.Fixed64),
        Many("attributes", 9, () => KeyValue), Many("events", 11, () => s_event), Many("status", 15, () => s_status));

    private static readonly OtlpMessage s_log = new(
        new("timeUnixNano", 1, OtlpType.Fixed64), Many("body", 5, () => AnyValue), Many("attributes", 6, () => KeyValue), new("traceId", 9, OtlpType.Hex),
        new("spanId", 10, OtlpType.Hex), new("observedTimeUnixNano", 11, OtlpType.Fixed64), new("eventName", 12, OtlpType.Text));

    private static readonly OtlpMessage s_metric = new(new OtlpField("name", 1, OtlpType.Text));

    public static readonly OtlpMessage Traces = Request("resourceSpans", "scopeSpans", "spans", s_span);
    public static readonly OtlpMessage Logs = Request("resourceLogs", "scopeLogs", "logRecords", s_log);
    public static readonly OtlpMessage Metrics = Request("resourceMetrics", "scopeMetrics", "metrics", s_metric);

    private static OtlpMessage Request(string resources, string scopes, string items, OtlpMessage item)
    {
        var scope = new OtlpMessage(Many("scope", 1, () => s_scope), Many(items, 2, () => item) with { IsItem = true });
        var resource = new OtlpMessage(Many("resource", 1, () => s_resource), Many(scopes, 2, () => scope));
        return new OtlpMessage(Many(resources, 1, () => resource));
    }

    private static OtlpField Many(string name, int number, Func<OtlpMessage> message) => new(name, number, OtlpType.Message, message);
}
