using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Ingest;
using Bellwether.Telemetry;
using Bellwether.Tests.Gateway;
using ZstdSharp;
using static Bellwether.Tests.Ingest.OtlpSpans;

namespace Bellwether.Tests.Ingest;

/// <summary>OTLP over HTTP and gRPC: what is taken, what is answered, and what each kind of bad input gets.</summary>
public sealed class OtlpReceiverTests : IAsyncLifetime
{
    private static readonly byte[] s_json = Traces(Span(SpanId, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"), ("text", new string('x', 20_000))));

    private OtlpHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await OtlpHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("zstd")]
    public async Task Every_encoding_of_both_formats_gives_the_same_observation(string encoding)
    {
        foreach (var (body, type) in new[] { (s_json, "application/json; charset=utf-8"), (Protobuf(s_json), "application/x-protobuf") })
        {
            using var response = await _host.PostAsync(Encode(body, encoding), type, encoding: encoding == "raw deflate" ? "deflate" : encoding);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(type.Split(';')[0], response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(type.StartsWith("application/json", StringComparison.Ordinal) ? "{}" : "", await response.Content.ReadAsStringAsync());
            Assert.Equal("20.3.0", Assert.Single(response.Headers.GetValues("x-phoenix-server-version")));
        }
        Assert.Equal(2, _host.Intake.Records.Count);
        Assert.Equal(_host.Intake.Records[0].Observation! with { Properties = [] }, _host.Intake.Records[1].Observation! with { Properties = [] });
        Assert.Equal(20_000 - 16 * 1024 < 0 ? 20_000 : 16 * 1024 + 1, Unmapped(_host.Intake.Records[0]).GetProperty("text").GetString()!.Length);
        Assert.True(Unmapped(_host.Intake.Records[0]).GetProperty("bellwether.attributes_cut").GetBoolean());
    }

    [Fact]
    public async Task The_same_span_sent_again_has_the_same_id()
    {
        await _host.PostAsync(s_json);
        await _host.PostAsync(s_json);
        Assert.Single(_host.Intake.Observations.Select(observation => observation.Id).Distinct());
        Assert.All(_host.Intake.Records, record => Assert.True(record.MayReplace));
    }

    [Theory]
    [InlineData("/v1/traces", "otlp")]
    [InlineData("/otel/v1/traces", "langsmith")]
    [InlineData("/api/otel/v1/traces", "langsmith")]
    [InlineData("/api/v1/otel/v1/traces", "langsmith")]
    [InlineData("/langsmith/otel/v1/traces", "langsmith")]
    [InlineData("/api/public/otel/v1/traces", "langfuse")]
    public async Task Each_address_says_which_surface_it_is(string path, string surface)
    {
        using var response = await _host.PostAsync(s_json, path: path, key: "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("pk-lf-1:" + GatewayHost.Key)));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(surface, Assert.Single(_host.Intake.Observations).Surface);
    }

    [Fact]
    public async Task Ids_in_capitals_and_numbers_as_numbers_are_read()
    {
        var span = Span(SpanId.ToUpperInvariant());
        span["startTimeUnixNano"] = long.Parse(Nanoseconds(Now), System.Globalization.CultureInfo.InvariantCulture);
        span["somethingNew"] = new JsonObject { ["a"] = new JsonArray(1, 2) };
        await _host.PostAsync(Traces(span));
        Assert.Equal((SpanId, Now), (Assert.Single(_host.Intake.Observations).SpanId, _host.Intake.Observations.First().StartTime));
    }

    [Fact]
    public async Task One_broken_span_never_rejects_its_neighbours()
    {
        var wrong = Span("1111111111111111");
        wrong["attributes"] = new JsonArray(new JsonObject { ["key"] = "n", ["value"] = new JsonObject { ["intValue"] = "many" } });
        var shortId = Span("abcd");
        var zero = Span("0000000000000000");
        var noHex = Span("zzzzzzzzzzzzzzzz");
        var request = Encoding.UTF8.GetString(Traces(wrong, shortId, zero, noHex, Span())).Replace("\"spans\":[", "\"spans\":[\"junk\",null,7,[{}],", StringComparison.Ordinal);
        using var response = await _host.PostAsync(Encoding.UTF8.GetBytes(request));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var partial = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("partialSuccess");
        Assert.Equal("8", partial.GetProperty("rejectedSpans").GetString());
        Assert.NotEmpty(partial.GetProperty("errorMessage").GetString()!);
        Assert.Equal(SpanId, Assert.Single(_host.Intake.Observations).SpanId);
    }

    [Fact]
    public async Task A_text_that_javascript_cut_inside_an_emoji_is_kept()
    {
        var cut = Encoding.UTF8.GetString(Traces(Span(SpanId, ("a", "CUT"), ("b", "\\ud83d\\ude00 \\\\ud83d")))).Replace("CUT", "Hi \\ud83d", StringComparison.Ordinal);
        using var response = await _host.PostAsync(Encoding.UTF8.GetBytes(cut));
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
        Assert.Equal("Hi \ufffd", Unmapped(Assert.Single(_host.Intake.Records)).GetProperty("a").GetString());
    }

    [Fact]
    public async Task A_span_that_is_broken_protobuf_is_rejected_alone()
    {
        var good = Protobuf(Traces(Span()));
        // A span {1: 16 bytes announced, 1 there} beside the good one, in a resource of its own: ResourceSpans{ScopeSpans{Span}}.
        byte[] broken = [0x0a, 0x07, 0x12, 0x05, 0x12, 0x03, 0x0a, 0x10, 0x01];
        using var response = await _host.PostAsync([.. broken, .. good], "application/x-protobuf");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        // ExportTraceServiceResponse{partial_success{rejected_spans: 1, error_message}}
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(0x0a, body[0]);
        Assert.Equal([0x08, 0x01, 0x12], body[2..5]);
        Assert.Single(_host.Intake.Observations);
    }

    [Theory]
    [InlineData("application/json", "{\"resourceSpans\":[", HttpStatusCode.BadRequest, 3)]
    [InlineData("application/json", "[]", HttpStatusCode.BadRequest, 3)]
    [InlineData("application/json", "{\"resourceSpans\":5}", HttpStatusCode.BadRequest, 3)]
    [InlineData("application/x-protobuf", "\u0007nonsense", HttpStatusCode.BadRequest, 3)]
    [InlineData("text/plain", "{}", HttpStatusCode.UnsupportedMediaType, 12)]
    public async Task What_cannot_be_read_gets_a_status_in_its_own_format(string type, string body, HttpStatusCode expected, int code)
    {
        using var response = await _host.PostAsync(Encoding.Latin1.GetBytes(body), type);
        Assert.Equal(expected, response.StatusCode);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        if (type == "application/json")
        {
            Assert.Equal(code, JsonDocument.Parse(bytes).RootElement.GetProperty("code").GetInt32());
        }
        else
        {
            // google.rpc.Status{code, message}
            Assert.Equal([0x08, (byte)code, 0x12], bytes[..3]);
        }
        Assert.False(response.Headers.Contains("Retry-After"));
        Assert.Empty(_host.Intake.Records);
    }

    [Theory]
    [InlineData("/v1/traces", "application/json")]
    [InlineData("/v1/logs", "application/x-protobuf")]
    [InlineData("/v1/metrics", "application/x-protobuf")]
    public async Task An_empty_request_is_welcome(string path, string type)
    {
        using var response = await _host.PostAsync([], type, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_acknowledged()
    {
        var json = """{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"gen_ai.client.token.usage","histogram":{"dataPoints":[{"count":"1"}]}}]}]}]}"""u8.ToArray();
        using var response = await _host.PostAsync(json, path: "/v1/metrics");
        Assert.Equal(("{}", HttpStatusCode.OK), (await response.Content.ReadAsStringAsync(), response.StatusCode));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer wrong")]
    [InlineData("Basic !!!")]
    public async Task Nobody_without_a_key_gets_in(string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces") { Content = new ByteArrayContent(s_json) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", key);
        }
        using var response = await _host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(16, JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement.GetProperty("code").GetInt32());
        Assert.Equal(16, (await _host.CallAsync(Protobuf(s_json), key: key ?? "x")).Status);
        Assert.Empty(_host.Intake.Records);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("identity")]
    public async Task A_bomb_ends_at_the_limit_and_is_not_to_be_sent_again(string encoding)
    {
        var bomb = Encode(new byte[OtlpHost.MaxBodyBytes * 20], encoding == "identity" ? "identity" : encoding);
        using var content = new ByteArrayContent(encoding == "identity" ? new byte[OtlpHost.MaxBodyBytes + 1] : bomb);
        using var response = await _host.PostAsync(content, "application/x-protobuf", "/v1/traces", encoding, null);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.False(response.Headers.Contains("Retry-After"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void A_bomb_takes_little_more_memory_than_the_limit(string encoding)
    {
        const int Limit = 8 * 1024 * 1024;
        var bomb = Encode(new byte[Limit * 64], encoding);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (body, refusal) = IngestBody.Decode(bomb, encoding, Limit);
        Assert.Null(body);
        Assert.Equal(413, refusal!.Status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (2L * Limit) + (1024 * 1024));
    }

    [Fact]
    public async Task An_unknown_encoding_is_415_and_a_broken_one_400()
    {
        using var unknown = await _host.PostAsync(s_json, encoding: "br");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, unknown.StatusCode);
        foreach (var encoding in new[] { "gzip", "deflate", "zstd" })
        {
            using var broken = await _host.PostAsync(s_json, encoding: encoding);
            Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
            using var cut = await _host.PostAsync(Encode(s_json, encoding)[..^12], encoding: encoding);
            Assert.Equal(HttpStatusCode.BadRequest, cut.StatusCode);
        }
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public async Task What_cannot_be_taken_now_is_503_with_a_time_and_never_500(bool full, bool fullAtAppend, bool throws)
    {
        (_host.Intake.Full, _host.Intake.FullAtAppend, _host.Intake.Throws) = (full, fullAtAppend, throws);
        using var response = await _host.PostAsync(s_json);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        Assert.Equal(14, JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement.GetProperty("code").GetInt32());

        var (status, _, _, answer) = await _host.CallAsync(Protobuf(s_json));
        Assert.Equal(14, status);
        // google.rpc.RetryInfo{retry_delay{seconds}}
        var delay = Convert.FromBase64String(Assert.Single(answer.TrailingHeaders.GetValues("google.rpc.retryinfo-bin")));
        Assert.Equal([0x0a, 0x02, 0x08], delay[..3]);
        Assert.InRange(delay[3], 1, 30);
        answer.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grpc_takes_spans_logs_and_metrics(bool gzip)
    {
        var (status, message, body, response) = await _host.CallAsync(Protobuf(s_json), gzip: gzip);
        Assert.Equal((0, "", 0, HttpStatusCode.OK), (status, message, body.Length, response.StatusCode));
        Assert.Equal("application/grpc", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("gpt-4o", Assert.Single(_host.Intake.Observations).RequestModel);
        Assert.Equal(0, (await _host.CallAsync([], "logs.v1.LogsService", gzip)).Status);
        Assert.Equal(0, (await _host.CallAsync([], "metrics.v1.MetricsService", gzip)).Status);
        response.Dispose();
    }

    [Fact]
    public async Task Grpc_tells_bad_data_and_too_much_of_it_and_what_it_rejected()
    {
        Assert.Equal(3, (await _host.CallAsync([7, 7, 7])).Status);
        // Clients undo the escapes of the protocol only: a comma that is escaped would be shown so.
        var (_, refusal, _, unkeyed) = await _host.CallAsync([], key: "Bearer wrong");
        Assert.Contains(", ", refusal, StringComparison.Ordinal);
        Assert.Equal(refusal, unkeyed.TrailingHeaders.GetValues("grpc-message").Single());
        Assert.Equal(8, (await _host.CallAsync(new byte[OtlpHost.MaxBodyBytes * 3], gzip: true)).Status);
        Assert.Equal(8, (await _host.CallAsync(new byte[OtlpHost.MaxBodyBytes * 2])).Status);
        var (status, _, body, _) = await _host.CallAsync(Protobuf(Traces(Span("0000000000000000"), Span())));
        Assert.Equal(0, status);
        Assert.Equal([0x08, 0x01, 0x12], body[2..5]);
        Assert.Single(_host.Intake.Observations);
    }

    [Theory]
    [InlineData("/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export")]
    [InlineData("/opentelemetry.proto.collector.trace.v1.TraceService/Import")]
    [InlineData("/opentelemetry.proto.collector.trace.v1.traceservice/export")]
    [InlineData("/grpc.health.v1.Health/Check")]
    [InlineData("/v1/traces")]
    [InlineData("/")]
    public async Task Grpc_says_of_a_method_that_is_not_here_that_it_is_not_implemented(string method)
    {
        foreach (var key in new[] { null, "Bearer wrong" })
        {
            var (status, message, body, response) = await _host.CallMethodAsync(method, Protobuf(s_json), key: key);
            Assert.Equal((12, HttpStatusCode.OK, "application/grpc", 0), (status, response.StatusCode, response.Content.Headers.ContentType?.MediaType, body.Length));
            Assert.StartsWith("There is no such method.", message, StringComparison.Ordinal);
            response.Dispose();
        }
        Assert.Empty(_host.Intake.Records);
    }

    [Fact]
    public async Task Enums_may_be_named_in_json()
    {
        var span = Span();
        span["kind"] = "SPAN_KIND_CLIENT";
        span["status"] = new JsonObject { ["code"] = "STATUS_CODE_ERROR", ["message"] = "boom" };
        var odd = Span("0000000000000007");
        odd["status"] = new JsonObject { ["code"] = "BAD" };
        using var response = await _host.PostAsync(Traces(span, odd));
        Assert.Contains("\"rejectedSpans\":\"1\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((ObservationState.ProviderError, "boom"), (Assert.Single(_host.Intake.Observations).State, _host.Intake.Observations.Single().ErrorMessage));
    }

    [Fact]
    public async Task Nonsense_times_make_one_day_and_not_thousands()
    {
        var spans = new List<JsonObject>();
        string[] starts = ["0", "1", "18446744073709551615", Nanoseconds(Now.AddDays(2)), Nanoseconds(Now.AddDays(-91)), Nanoseconds(Now.AddYears(-20)), "1755691200000", "-5"];
        foreach (var start in starts)
        {
            var span = Span((spans.Count + 1).ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
            span["startTimeUnixNano"] = start;
            spans.Add(span);
        }
        using var response = await _host.PostAsync(Traces([.. spans]));
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
        Assert.Equal(starts.Length, _host.Intake.Records.Count);
        Assert.All(_host.Intake.Observations, observation => Assert.Equal(Now, observation.StartTime));
        Assert.All(_host.Intake.Records, record => Assert.Contains("not believed", Unmapped(record).GetProperty("bellwether.clock").GetString(), StringComparison.Ordinal));
        Assert.Equal(starts.Length, _host.Intake.Observations.Select(observation => observation.Id).Distinct().Count());
        // Sent again later, they are still themselves.
        await _host.PostAsync(Traces([.. spans.Select(span => (JsonObject)span.DeepClone())]));
        Assert.Equal(starts.Length, _host.Intake.Observations.Select(observation => observation.Id).Distinct().Count());
    }

    [Fact]
    public async Task An_old_start_within_the_limit_is_kept()
    {
        var span = Span();
        (span["startTimeUnixNano"], span["endTimeUnixNano"]) = (Nanoseconds(Now.AddDays(-89)), Nanoseconds(Now.AddDays(-89).AddSeconds(2)));
        await _host.PostAsync(Traces(span));
        Assert.Equal((Now.AddDays(-89), 2000), (Assert.Single(_host.Intake.Observations).StartTime, _host.Intake.Observations.First().Timings.TotalMs));
    }

    [Fact]
    public async Task Gigantic_keys_lists_and_depths_are_cut_and_said_to_be()
    {
        object deep = "bottom";
        for (var i = 0; i < 40; i++)
        {
            deep = new (string, object)[] { ("d", deep) };
        }
        var many = Enumerable.Range(0, 1_500).Select(n => ($"k{n}", (object)"v")).Append((new string('k', 5_000), "v")).Append(("deep", deep)).ToArray();
        var indexed = Enumerable.Range(0, 12).Select(n => ($"llm.input_messages.{(long)n * 400_000_000}.message.content", (object)$"m{n}")).ToArray();
        using var response = await _host.PostAsync(Traces(Span(SpanId, [("openinference.span.kind", "LLM"), ("deep0", deep), .. indexed, .. many])));
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
        var record = Assert.Single(_host.Intake.Records);
        Assert.Equal(503, Unmapped(record).GetProperty("bellwether.attributes_dropped").GetInt32());
        Assert.True(Unmapped(record).GetProperty("bellwether.attributes_cut").GetBoolean());
        Assert.EndsWith("""{"role":"user","content":"m11"}]}""", Input(record), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_span_of_many_long_attributes_is_kept_within_bounds()
    {
        var long16 = new string('y', 16_000);
        using var response = await _host.PostAsync(Traces(Span(SpanId, [.. Enumerable.Range(0, 60).Select(n => ($"k{n}", (object)long16))])));
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
        var record = Assert.Single(_host.Intake.Records);
        Assert.InRange(record.Payload.Attributes.Length, 200_000, 300_000);
        Assert.True(Unmapped(record).GetProperty("bellwether.attributes_dropped").GetInt32() > 40);
    }

    [Fact]
    public async Task A_trace_of_many_spans_in_one_request_is_taken_whole()
    {
        var body = Protobuf(Traces([.. Enumerable.Range(1, 7_000).Select(n => Small(n))]));
        using var response = await _host.PostAsync(body, "application/x-protobuf");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(7_000, _host.Intake.Observations.Select(observation => observation.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_small_body_of_millions_of_empty_spans_costs_no_memory()
    {
        // ResourceSpans{ScopeSpans{Span{}, Span{}, …}}
        var spans = new byte[600_000];
        for (var i = 0; i < spans.Length; i += 2)
        {
            spans[i] = 0x12;
        }
        var scope = Delimited(0x12, spans);
        using var response = await _host.PostAsync(Delimited(0x0a, scope), "application/x-protobuf");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(_host.Intake.Records);
    }

    private static JsonObject Small(int n) => new()
    {
        ["traceId"] = TraceId, ["spanId"] = n.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), ["startTimeUnixNano"] = Nanoseconds(Now), ["endTimeUnixNano"] = Nanoseconds(Now.AddSeconds(1)),
    };

    private static byte[] Delimited(byte tag, byte[] content)
    {
        var length = new List<byte>();
        for (var rest = (uint)content.Length; ; rest >>= 7)
        {
            length.Add((byte)((rest & 0x7f) | (rest >= 0x80 ? 0x80u : 0u)));
            if (rest < 0x80)
            {
                return [tag, .. length, .. content];
            }
        }
    }

    private static byte[] Encode(byte[] body, string encoding)
    {
        if (encoding == "identity")
        {
            return body;
        }
        using var buffer = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(buffer, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(buffer, CompressionLevel.Optimal),
            "raw deflate" => new DeflateStream(buffer, CompressionLevel.Optimal),
            _ => new CompressionStream(buffer),
        })
        {
            stream.Write(body);
        }
        return buffer.ToArray();
    }
}
