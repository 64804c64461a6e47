using System.Collections.Immutable;
using System.Text;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using CsCheck;

namespace Bellwether.Tests.Telemetry;

public sealed class RecordCodecTests
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid s_id = Guid.Parse("0193585a-2c00-7abc-8def-0123456789ab");

    // Lone surrogates are no text; UTF-8 has no bytes for them.
    private static readonly Gen<string> s_text = Gen.String[Gen.Char["aé€ \0\n\"Ω日"], 0, 60];
    private static readonly Gen<ReadOnlyMemory<byte>> s_bytes = Gen.Byte.Array[0, 3000].Select(bytes => (ReadOnlyMemory<byte>)bytes);
    private static readonly Gen<decimal> s_money = Gen.Decimal[0m, 1000m];

    [Fact]
    public void Every_field_of_an_observation_comes_back()
    {
        var texts = s_text.Array[30];
        var numbers = Gen.Long.Array[20];
        var doubles = Gen.Double[0, 1e6].Array[8];
        Gen.Select(texts, numbers, doubles, s_bytes, s_money, Gen.Bool.Array[8], Gen.Guid, Gen.Int[0, 6]).Sample((t, n, d, bytes, money, b, id, state) =>
        {
            var observation = new Observation
            {
                Id = id, Project = new ProjectId(t[0]), StartTime = s_time.AddTicks(n[0] % 1_000_000), Kind = (ObservationKind)state, State = (ObservationState)state,
                TraceId = t[1], ParentId = t[2], Name = t[3], Operation = t[4], Surface = t[5], Provider = t[6], PriceProvider = t[7], RequestModel = t[8],
                Model = t[9], Endpoint = t[10], User = t[11], Session = t[12], KeyId = t[13], RequestId = t[14], ProviderRequestId = t[15], ResponseId = t[16],
                Stream = b[0], ServiceTier = t[17], FinishReason = t[18], SystemFingerprint = t[19], Parameters = t[20], RetryCount = (int)n[1], HttpStatus = (int)n[2],
                ErrorType = t[21], ErrorCode = t[22], ErrorMessage = t[23], RequestBytes = (int)n[3], ResponseBytes = n[4], MessageCount = (int)n[5], ToolCallCount = (int)n[6],
                Properties = [new(t[24], t[25]), new("", t[26])],
                Timings = new Timings
                {
                    TotalMs = d[0], QueueMs = d[1], UpstreamMs = d[2], PostMs = d[3], TtftMs = b[1] ? d[4] : null, GapP50Ms = b[2] ? d[5] : null,
                    GapP95Ms = b[3] ? 0 : null, TokensPerSecond = b[4] ? d[7] : null,
                },
                Usage = new Usage
                {
                    InputTokens = b[5] ? n[7] : null, OutputTokens = b[6] ? 0 : null, CacheReadTokens = n[8], CacheWriteTokens = n[9], CacheWrite1hTokens = n[10],
                    ReasoningTokens = n[11], InputAudioTokens = n[12], OutputAudioTokens = n[13], CacheAudioReadTokens = n[14], InputImageTokens = n[15],
                    OutputImageTokens = n[16], ToolRequests = n[17], Estimated = b[7],
                },
                Cost = b[0] ? new Cost(money, -money / 3, t[27]) : null,
            };
            var payload = new ObservationPayload
            {
                Input = bytes, Output = bytes[(bytes.Length / 2)..], OutputAssembled = b[1], InputTruncated = b[2], OutputTruncated = b[3], Headers = t[28], SearchText = t[29],
            };
            AssertSame(TelemetryRecord.Of(observation, payload, b[4]), RecordCodec.Read(Encode(TelemetryRecord.Of(observation, payload, b[4]))));
        }, iter: 500);
    }

    [Fact]
    public void Every_field_of_an_annotation_comes_back() =>
        Gen.Select(s_text.Array[9], Gen.Guid, Gen.Guid, Gen.Double, Gen.Bool).Sample((t, id, of, number, any) =>
        {
            var annotation = new Annotation
            {
                Id = id, Project = new ProjectId(t[0]), Time = s_time, ObservationId = of, Name = t[1], Source = t[2], Number = any ? number : null,
                Category = t[3], Text = t[4], Author = t[5], TraceId = t[6], Session = t[7], RequestId = t[8], Retracted = any,
            };
            Assert.Equal(annotation, RecordCodec.Read(Encode(TelemetryRecord.Of(annotation))).Annotation);
        }, iter: 500);

    [Fact]
    public void Reads_and_writes_the_bytes_of_version_one()
    {
        var observation = new Observation
        {
            Id = s_id, Project = ProjectId.Default, StartTime = s_time, Kind = ObservationKind.Tool, State = ObservationState.Timeout,
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", Name = "search", Model = "gpt-4o", Endpoint = "Büro", Stream = true, HttpStatus = 504, ErrorType = "timeout",
            ResponseBytes = 5_000_000_000, Properties = [new("team", "größe")], Timings = new Timings { TotalMs = 12.5, TtftMs = 0 },
            Usage = new Usage { InputTokens = 0, OutputTokens = 5, Estimated = true }, Cost = new Cost(0.10m, 0.2m, "own#1"),
        };
        var payload = new ObservationPayload { Input = "{\"a\":1}"u8.ToArray(), OutputAssembled = true, Headers = "> a: b" };
        var golden = Golden("observation-v1.hex");
        AssertSame(TelemetryRecord.Of(observation, payload, mayReplace: true), RecordCodec.Read(golden));
        Assert.Equal(golden, Encode(TelemetryRecord.Of(observation, payload, mayReplace: true)));

        var annotation = new Annotation
        {
            Id = s_id, Project = ProjectId.Default, Time = s_time, ObservationId = Guid.Parse("0193585a-2c00-7abc-8def-0123456789ac"), Name = "user_feedback", Source = "user",
            Number = -1, Author = "ann",
        };
        Assert.Equal(annotation, RecordCodec.Read(Golden("annotation-v1.hex")).Annotation);
        Assert.Equal(Golden("annotation-v1.hex"), Encode(TelemetryRecord.Of(annotation)));
    }

    [Fact]
    public void Fields_of_a_newer_version_are_passed_over()
    {
        var record = Records.Observation(1);
        // Field 900 as each wire type: varint, 8 bytes, length and bytes, 4 bytes.
        byte[] unknown = [0xa0, 0x38, 0x96, 0x01, 0xa1, 0x38, 1, 2, 3, 4, 5, 6, 7, 8, 0xa2, 0x38, 2, 0xff, 0xff, 0xa5, 0x38, 1, 2, 3, 4];
        AssertSame(record, RecordCodec.Read(new byte[][] { unknown, Encode(record), unknown }.SelectMany(part => part).ToArray()));
    }

    [Fact]
    public void Bytes_that_are_no_record_are_refused_and_nothing_else_happens()
    {
        var good = Encode(Records.Observation(1));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            var bytes = good[..length];
            if (at < length)
            {
                bytes[at] = value;
            }
            try
            {
                RecordCodec.Read(bytes);
            }
            catch (InvalidDataException)
            {
                // The one way to say no.
            }
        }, iter: 5_000);
    }

    private static byte[] Golden(string name) =>
        Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Telemetry", "Data", name)).Trim());

    private static byte[] Encode(TelemetryRecord record)
    {
        var buffer = RecordBuffer.Rent();
        RecordCodec.Write(record, buffer);
        var bytes = buffer.Written.ToArray();
        buffer.Return();
        return bytes;
    }

    private static void AssertSame(TelemetryRecord expected, TelemetryRecord actual)
    {
        Assert.Equal(expected.MayReplace, actual.MayReplace);
        Assert.Equal(expected.Observation!.Properties.AsEnumerable(), actual.Observation!.Properties.AsEnumerable());
        Assert.Equal(expected.Observation with { Properties = [] }, actual.Observation with { Properties = [] });
        Assert.Equal(expected.Observation.Cost?.InputUsd.ToString(), actual.Observation.Cost?.InputUsd.ToString());
        Assert.True(expected.Payload.Input.Span.SequenceEqual(actual.Payload.Input.Span));
        Assert.True(expected.Payload.Output.Span.SequenceEqual(actual.Payload.Output.Span));
        Assert.Equal(expected.Payload with { Input = default, Output = default }, actual.Payload with { Input = default, Output = default });
    }
}
