using System.Buffers;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

public sealed class ObservationLinesTests
{
    [Fact]
    public void A_body_over_many_lines_stands_in_one()
    {
        var observation = new Observation
        {
            Id = Guid.Parse("0193585a-2c00-7abc-8def-0123456789ab"), Project = ProjectId.Default, StartTime = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero),
            Kind = ObservationKind.Llm, State = ObservationState.Ok, Name = "two\nlines",
        };
        var payload = new ObservationPayload { Input = "{\r\n  \"a\": \"x\\ny\"\n}"u8.ToArray(), Output = "no\njson"u8.ToArray() };
        var lines = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(lines, new JsonWriterOptions { SkipValidation = true });
        ObservationLines.Write(lines, json, observation, new ObservationDetail(observation, payload, []));
        ObservationLines.Write(lines, json, observation, null);

        var written = Encoding.UTF8.GetString(lines.WrittenSpan).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(2, written.Count);
        Assert.Equal(("two\nlines", "x\ny", "no\njson"), (written[0].GetProperty("name").GetString(), written[0].GetProperty("input").GetProperty("a").GetString(), written[0].GetProperty("output").GetString()));
        Assert.False(written[1].TryGetProperty("input", out _));
    }
}
