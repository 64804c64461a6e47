using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Ingest;

/// <summary>Makes OTLP requests and shows what becomes of them.</summary>
internal static class OtlpSpans
{
    public const string TraceId = "5b8efff798038103d269b633813fc60c";
    public const string SpanId = "eee19b7ec3c1b174";
    private const int Limit = 64 * 1024 * 1024;

    public static readonly DateTimeOffset Now = new(2026, 8, 20, 12, 0, 0, TimeSpan.Zero);

    public static string Nanoseconds(DateTimeOffset time) => ((time - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A span of a second that began a minute ago.</summary>
    public static JsonObject Span(string spanId = SpanId, params (string Key, object Value)[] attributes) => new()
    {
        ["traceId"] = TraceId,
        ["spanId"] = spanId,
        ["name"] = "a step",
        ["kind"] = 3,
        ["startTimeUnixNano"] = Nanoseconds(Now.AddMinutes(-1)),
        ["endTimeUnixNano"] = Nanoseconds(Now.AddMinutes(-1).AddSeconds(1)),
        ["attributes"] = Attributes(attributes),
    };

    public static JsonArray Attributes(params (string Key, object Value)[] attributes) =>
        [.. attributes.Select(attribute => new JsonObject { ["key"] = attribute.Key, ["value"] = Value(attribute.Value) })];

    public static JsonObject Value(object value) => value switch
    {
        string text => new JsonObject { ["stringValue"] = text },
        int number => new JsonObject { ["intValue"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        double number => new JsonObject { ["doubleValue"] = number },
        bool truth => new JsonObject { ["boolValue"] = truth },
        string[] texts => new JsonObject { ["arrayValue"] = new JsonObject { ["values"] = new JsonArray([.. texts.Select(Value)]) } },
        (string Key, object Value)[] members => new JsonObject { ["kvlistValue"] = new JsonObject { ["values"] = Attributes(members) } },
        JsonObject raw => raw,
        _ => throw new ArgumentException(value.GetType().Name),
    };

    public static JsonObject Event(string name, params (string Key, object Value)[] attributes) =>
        new() { ["name"] = name, ["timeUnixNano"] = Nanoseconds(Now.AddMinutes(-1).AddMilliseconds(400)), ["attributes"] = Attributes(attributes) };

    public static byte[] Traces(params JsonObject[] spans) => Traces([], spans);

    public static byte[] Traces((string Key, object Value)[] resource, params JsonObject[] spans) =>
        Request("resourceSpans", "scopeSpans", "spans", resource, spans);

    public static byte[] Logs(params JsonObject[] records) => Request("resourceLogs", "scopeLogs", "logRecords", [], records);

    public static byte[] Protobuf(byte[] json, OtlpSignal signal = OtlpSignal.Traces) =>
        OtlpJson.ToProtobuf(json, signal == OtlpSignal.Traces ? OtlpSchema.Traces : OtlpSchema.Logs, Limit).Message.ToArray();

    public static OtlpSender Sender(string surface = "otlp", string project = "") => new(
        new ApiKey { Id = "key_1", Name = "test", Project = ProjectId.Default, Role = Role.Editor, Models = [] }, surface, Now, TimeSpan.FromDays(90), project);

    /// <summary>What a span with these attributes becomes.</summary>
    public static TelemetryRecord Map(params (string Key, object Value)[] attributes) => Map(Traces(Span(SpanId, attributes)));

    public static TelemetryRecord Map(byte[] json, string project = "")
    {
        var body = Protobuf(json);
        var item = Assert.Single(OtlpWalk.Items(body));
        var attributes = new SpanAttributes(body);
        var span = SpanRecord.Read(body, item.Bytes, attributes);
        return SpanMapper.Map(Sender(project: project), span, attributes, item.Resource, item.Scope);
    }

    public static string Input(TelemetryRecord record) => Encoding.UTF8.GetString(record.Payload.Input.Span);

    public static string Output(TelemetryRecord record) => Encoding.UTF8.GetString(record.Payload.Output.Span);

    public static JsonElement Unmapped(TelemetryRecord record) =>
        JsonDocument.Parse(record.Payload.Attributes.IsEmpty ? "{}"u8.ToArray() : record.Payload.Attributes.ToArray()).RootElement;

    public static string Property(TelemetryRecord record, string name) =>
        record.Observation!.Properties.FirstOrDefault(property => property.Key == name).Value ?? "";

    private static byte[] Request(string resources, string scopes, string items, (string Key, object Value)[] resource, JsonObject[] spans) =>
        Encoding.UTF8.GetBytes(new JsonObject
        {
            [resources] = new JsonArray(new JsonObject
            {
                ["resource"] = new JsonObject { ["attributes"] = Attributes(resource) },
                [scopes] = new JsonArray(new JsonObject { ["scope"] = new JsonObject { ["name"] = "a.scope" }, [items] = new JsonArray([.. spans]) }),
            }),
        }.ToJsonString());
}
