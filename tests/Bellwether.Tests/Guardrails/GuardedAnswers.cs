using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Bellwether.Detection;
using Bellwether.Exchange;
using Bellwether.Guardrails;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Tests.Exchange;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bellwether.Tests.Guardrails;

/// <summary>Answers through their guards, without a server: what a provider sends, cut anywhere, and what a caller gets.</summary>
internal static class GuardedAnswers
{
    public static readonly MasterKeys Keys = new(Options.Create(new MasterKeyOptions { MasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" }), new DataFolder(Path.GetTempPath()), NullLogger<MasterKeys>.Instance);
    private static readonly AnswerMeters s_meters = new(new NoMeters());
    public static readonly AnswerGuards Guards = new(new LeakDetector(), new PersonalDataHash(Keys), new CleanValues(), s_meters);
    public static readonly VaultQueue Queue = new(Options.Create(new VaultOptions()), s_meters);
    public static readonly TokenVault Vault = new(Guards, Queue, Keys, TimeProvider.System);

    public static readonly Dialect[] Dialects = [Dialect.OpenAiChat, Dialect.OpenAiCompletions, Dialect.OpenAiResponses, Dialect.AnthropicMessages, Dialect.GeminiGenerate];

    public static GuardPolicy Policy(PersonalDataAction answers = PersonalDataAction.Keep, GuardMode leak = GuardMode.Off, params string[] canaries) => new()
    {
        Id = "pol_1", Project = ProjectId.Default, Name = "test", Leak = new GuardRule(leak), Canaries = [.. canaries],
        PersonalData = new PersonalDataRule(PersonalDataTable.KeepAll, new PersonalDataTable(answers, new Dictionary<PersonalDataType, PersonalDataAction>())),
    };

    public static ModelCall Call(Dialect dialect, string session = "") => new()
    {
        Id = Guid.CreateVersion7(), StartTime = DateTimeOffset.UnixEpoch, StartTimestamp = 0, Dialect = dialect, Surface = "openai", Operation = "chat", Route = "POST /x", Session = session,
    };

    public static ModelCall Guarded(Dialect dialect, GuardPolicy policy, string system = "")
    {
        var call = Call(dialect);
        Guards.Attach(call, policy, system);
        return call;
    }

    /// <summary>A stream of one choice whose text comes in these pieces.</summary>
    public static string Stream(Dialect dialect, params IEnumerable<string> pieces) => dialect switch
    {
        Dialect.OpenAiChat => Answers.Sse([RecordedStreams.ChatDelta("""{"role":"assistant","content":""}"""),
            .. pieces.Select(piece => RecordedStreams.ChatDelta($$"""{"content":{{Json(piece)}}}""")), RecordedStreams.ChatDelta("{}", "\"stop\""), "[DONE]"]),
        Dialect.OpenAiCompletions => Answers.Sse([.. pieces.Select(piece => $$"""{"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":{{Json(piece)}},"index":0,"logprobs":null,"finish_reason":null}],"model":"m"}"""), "[DONE]"]),
        Dialect.OpenAiResponses => Named([
            """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-5","output":[]}}""",
            """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}""",
            .. pieces.Select((piece, at) => $$"""{"type":"response.output_text.delta","sequence_number":{{at + 2}},"item_id":"msg_1","output_index":0,"content_index":0,"delta":{{Json(piece)}},"logprobs":[]}"""),
            $$"""{"type":"response.output_text.done","sequence_number":9998,"item_id":"msg_1","output_index":0,"content_index":0,"text":{{Json(string.Concat(pieces))}},"logprobs":[]}""",
            $$$"""{"type":"response.completed","sequence_number":9999,"response":{"id":"resp_1","object":"response","status":"completed","model":"gpt-5","output":[{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","annotations":[],"text":{{{Json(string.Concat(pieces))}}}}],"role":"assistant"}]}}"""]),
        Dialect.AnthropicMessages => Named([
            """{"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"usage":{"input_tokens":10,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            .. pieces.Select(piece => $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":{{{Json(piece)}}}}}"""),
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":9}}""",
            """{"type":"message_stop"}"""]),
        Dialect.GeminiGenerate => string.Concat(pieces.Append("").Select((piece, at) =>
            $$"""{"candidates":[{"content":{"parts":[{"text":{{Json(piece)}}}],"role":"model"}{{(at == pieces.Count() ? ",\"finishReason\":\"STOP\"" : "")}},"index":0}],"modelVersion":"gemini"}""").Select(data => $"data: {data}\r\n\r\n")),
        _ => throw new ArgumentOutOfRangeException(nameof(dialect)),
    };

    /// <summary>The same answer as one body.</summary>
    public static string Body(Dialect dialect, string text) => dialect switch
    {
        Dialect.OpenAiChat => $$$"""{"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":{{{Json(text)}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""",
        Dialect.OpenAiCompletions => $$"""{"id":"c","model":"m","choices":[{"index":0,"text":{{Json(text)}},"finish_reason":"stop"}]}""",
        Dialect.OpenAiResponses => $$"""{"id":"resp_1","object":"response","status":"completed","model":"gpt-5","output":[{"id":"msg_1","type":"message","content":[{"type":"output_text","annotations":[],"text":{{Json(text)}}}],"role":"assistant"}]}""",
        Dialect.AnthropicMessages => $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":{{{Json(text)}}}}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}}""",
        Dialect.GeminiGenerate => $$"""{"candidates":[{"content":{"parts":[{"text":{{Json(text)}}}],"role":"model"},"finishReason":"STOP","index":0}],"modelVersion":"gemini"}""",
        _ => throw new ArgumentOutOfRangeException(nameof(dialect)),
    };

    /// <summary>What the caller gets of a stream that comes in chunks cut at these bytes.</summary>
    public static (string Received, Refusal? Cut) Send(ModelCall call, string answer, params IEnumerable<int> cuts)
    {
        var guard = new StreamGuard(call.Dialect, call.AnswerGuard!);
        var received = new ArrayBufferWriter<byte>();
        var bytes = Encoding.UTF8.GetBytes(answer);
        var from = 0;
        foreach (var cut in cuts.Append(bytes.Length))
        {
            guard.Write(bytes.AsSpan(from, cut - from), received);
            from = cut;
        }
        guard.Finish(received);
        return (Encoding.UTF8.GetString(received.WrittenSpan), guard.Cut);
    }

    /// <summary>The text that a caller reads out of what it got, as the product's own reader understands it.</summary>
    public static string Text(Dialect dialect, string received)
    {
        var (facts, _) = Answers.Stream(dialect, received);
        if (facts.Output.IsEmpty) { return ""; }
        using var output = JsonDocument.Parse(facts.Output);
        return output.RootElement.TryGetProperty("text", out var text) ? text.GetString()! : "";
    }

    /// <summary>A text in two pieces, cut everywhere, and in pieces of a few sizes.</summary>
    public static IEnumerable<string[]> Splits(string text)
    {
        for (var at = 0; at <= text.Length; at++) { yield return [text[..at], text[at..]]; }
        foreach (var size in new[] { 1, 2, 3, 7 }) { yield return [.. text.Chunk(size).Select(chunk => new string(chunk))]; }
    }

    /// <summary>As some servers write it: half of a pair is an escape of its own, as when a model's tokens end within a character.</summary>
    public static string Json(string text) => "\"" + string.Concat(text.Select(c => c is '"' or '\\' ? "\\" + c : c is < ' ' or > '~' ? $"\\u{(int)c:x4}" : c.ToString())) + "\"";

    private static string Named(IEnumerable<string> data) => string.Concat(data.Select(item =>
    {
        using var json = JsonDocument.Parse(item);
        return $"event: {json.RootElement.GetProperty("type").GetString()}\ndata: {item}\n\n";
    }));

    private sealed class NoMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
