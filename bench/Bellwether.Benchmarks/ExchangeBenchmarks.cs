using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Exchange;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using BenchmarkDotNet.Attributes;

namespace Bellwether.Benchmarks;

/// <summary>The scan of a request, beside the document that it does without.</summary>
[MemoryDiagnoser]
public class RequestScannerBenchmarks
{
    private byte[] _body = [];

    [Params(2, 64)]
    public int KiB { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var words = string.Concat(Enumerable.Repeat("Lorem ipsum dolor \\\"sit\\\" amet, ", 4000));
        _body = Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o","messages":[{"role":"system","content":"{{words[..300]}}"},{"role":"user","content":"{{words[..(KiB * 1024 - 480)]}}"}],"stream":true,"temperature":0.7,"max_tokens":256,"user":"u-1"}""");
    }

    [Benchmark]
    public bool Scan() => RequestScanner.Scan(_body, Dialect.OpenAiChat, out var facts).IsOk && facts.Stream;

    [Benchmark(Baseline = true)]
    public string? Document()
    {
        var json = JsonNode.Parse(_body)!;
        return json["stream"]!.GetValue<bool>() ? json["model"]!.GetValue<string>() : null;
    }
}

/// <summary>A thousand deltas through the tee, a chunk each, and four thousand bytes at a time.</summary>
[MemoryDiagnoser]
public class AnswerStreamBenchmarks
{
    private readonly ArrayBufferWriter<byte> _passOn = new(64 * 1024);
    private byte[][] _chunks = [];
    private byte[] _whole = [];

    public enum Shape { OpenAi, Anthropic, Responses }

    [Params(Shape.OpenAi, Shape.Anthropic, Shape.Responses)]
    public Shape Kind { get; set; }

    private Dialect Dialect => Kind switch { Shape.OpenAi => Dialect.OpenAiChat, Shape.Anthropic => Dialect.AnthropicMessages, _ => Dialect.OpenAiResponses };

    [GlobalSetup]
    public void Setup()
    {
        _chunks = [.. Enumerable.Range(0, 1000).Select(i => Encoding.UTF8.GetBytes(Kind switch
        {
            Shape.OpenAi => $$"""data: {"id":"chatcmpl-9abcdefghijklmnopqrstuvwxyz","object":"chat.completion.chunk","created":1763900000,"model":"gpt-4o-2024-08-06","service_tier":"default","system_fingerprint":"fp_1a2b3c","choices":[{"index":0,"delta":{"content":" tok{{i}}"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"{{i * 7919}}"}""",
            Shape.Anthropic => $$"""
                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" tok{{i}}"} }
                """,
            _ => $$"""
                event: response.output_text.delta
                data: {"type":"response.output_text.delta","sequence_number":{{i}},"item_id":"msg_0123456789abcdef","output_index":0,"content_index":0,"delta":" tok{{i}}","logprobs":[],"obfuscation":"{{i * 7919}}"}
                """,
        } + "\n\n"))];
        _whole = [.. _chunks.SelectMany(chunk => chunk)];
    }

    [Benchmark(Baseline = true)]
    public long ChunkPerToken()
    {
        using var reader = AnswerReader.Stream(Dialect, dropInjectedUsage: false);
        long now = 0;
        foreach (var chunk in _chunks)
        {
            reader.Read(chunk, now += 1000, null);
        }
        return reader.Complete().DeltaCount;
    }

    [Benchmark]
    public long ChunkPerTokenDroppingUsage()
    {
        using var reader = AnswerReader.Stream(Dialect, dropInjectedUsage: true);
        long now = 0;
        foreach (var chunk in _chunks)
        {
            _passOn.ResetWrittenCount();
            reader.Read(chunk, now += 1000, _passOn);
        }
        return reader.Complete().DeltaCount;
    }

    [Benchmark]
    public long FourThousandBytesAtATime()
    {
        using var reader = AnswerReader.Stream(Dialect, dropInjectedUsage: false);
        long now = 0;
        for (var at = 0; at < _whole.Length; at += 4000)
        {
            reader.Read(_whole.AsSpan(at, Math.Min(4000, _whole.Length - at)), now += 1000, null);
        }
        return reader.Complete().DeltaCount;
    }
}

/// <summary>A plain answer, and what is made of a call's texts for every record that is stored.</summary>
[MemoryDiagnoser]
public class AnswerBodyBenchmarks
{
    private byte[] _body = [];
    private TelemetryRecord? _record;

    [GlobalSetup]
    public void Setup()
    {
        var words = string.Concat(Enumerable.Repeat("Lorem ipsum dolor \\\"sit\\\" amet, ", 60));
        _body = Encoding.UTF8.GetBytes($$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant","content":"{{words[..900]}}","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0} },"service_tier":"default"}""");
        var request = Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o","messages":[{"role":"system","content":"{{words[..300]}}"},{"role":"user","content":"{{words[..1000]}}"}]}""");
        _record = TelemetryRecord.Of(
            new Observation { Id = Guid.Empty, Project = ProjectId.Default, StartTime = DateTimeOffset.UnixEpoch, Kind = ObservationKind.Llm, State = ObservationState.Ok },
            new ObservationPayload { Input = request, Output = _body });
    }

    [Benchmark]
    public bool JsonAnswer()
    {
        using var reader = AnswerReader.Json(Dialect.OpenAiChat);
        reader.Read(_body, 1, null);
        return reader.Complete().IsComplete;
    }

    [Benchmark]
    public bool JsonDocumentAnswer()
    {
        using var json = JsonDocument.Parse(_body);
        return json.RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt64() > 0;
    }

    [Benchmark]
    public int TextForSearch() => SearchText.Of(_record!.Payload).Length;
}
