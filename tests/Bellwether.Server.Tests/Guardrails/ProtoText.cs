using System.Text;
using System.Text.Json.Nodes;

namespace Bellwether.Server.Tests;

/// <summary>An OTLP trace request of JSON as protobuf: just the fields that <see cref="CanaryIngest"/> writes (opentelemetry-proto, trace.proto).</summary>
internal static class ProtoText
{
    public static byte[] Traces(JsonNode json) => Of(json["resourceSpans"]!.AsArray().Select(resource => Field(1, Of(
        [Field(1, Of(Attributes(1, resource!["resource"]))), .. resource["scopeSpans"]!.AsArray().Select(scope => Field(2, Of(scope!["spans"]!.AsArray().Select(span => Field(2, Span(span!))))))]))));

    private static byte[] Span(JsonNode span) => Of(
    [
        Field(1, Convert.FromHexString((string)span["traceId"]!)), Field(2, Convert.FromHexString((string)span["spanId"]!)), Field(5, Utf8(span["name"])),
        [0x30, .. Varint((ulong)(int)span["kind"]!)], Fixed(0x39, span["startTimeUnixNano"]), Fixed(0x41, span["endTimeUnixNano"]), .. Attributes(9, span),
        .. span["events"]!.AsArray().Select(occurred => Field(11, Of([Fixed(0x09, occurred!["timeUnixNano"]), Field(2, Utf8(occurred["name"])), .. Attributes(3, occurred)]))),
        Field(15, Of([Field(2, Utf8(span["status"]!["message"])), [0x18, .. Varint((ulong)(int)span["status"]!["code"]!)]])),
    ]);

    private static IEnumerable<byte[]> Attributes(int number, JsonNode? owner) => (owner?["attributes"]?.AsArray() ?? []).Select(attribute =>
        Field(number, Of([Field(1, Utf8(attribute!["key"])), Field(2, Field(1, Utf8(attribute["value"]!["stringValue"])))])));

    private static byte[] Field(int number, byte[] content) => [.. Varint((ulong)(number << 3 | 2)), .. Varint((ulong)content.Length), .. content];

    private static byte[] Fixed(byte tag, JsonNode? text) => [tag, .. BitConverter.GetBytes(ulong.Parse((string)text!, System.Globalization.CultureInfo.InvariantCulture))];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7) { bytes.Add((byte)(value | 0x80)); }
        return [.. bytes, (byte)value];
    }

    private static byte[] Utf8(JsonNode? text) => Encoding.UTF8.GetBytes((string)text!);

    private static byte[] Of(IEnumerable<byte[]> fields) => [.. fields.SelectMany(field => field)];
}
