using System.Text;
using Bellwether.Exchange;

namespace Bellwether.Tests.Exchange;

/// <summary>Streams in the shapes that the providers send.</summary>
internal static class RecordedStreams
{
    private const string ChatHead = """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1763900000,"model":"gpt-4o-2024-08-06","service_tier":"default","system_fingerprint":"fp_1",""";
    public const string ChatUsage = ChatHead + """ "choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"obfuscation":""}""";

    public static string ChatDelta(string delta, string finish = "null", int index = 0) =>
        ChatHead + $$$""" "choices":[{"index":{{{index}}},"delta":{{{delta}}},"logprobs":null,"finish_reason":{{{finish}}}}],"usage":null,"obfuscation":"x7"}""";

    public static readonly string Chat = Answers.Sse(
        ChatDelta("""{"role":"assistant","content":"","refusal":null}"""),
        ChatDelta("""{"content":"Grüß"}"""),
        ChatDelta("""{"content":" \"Gott\"\n\ud83d\ude00"}"""),
        ChatDelta("{}", "\"stop\""),
        ChatUsage,
        "[DONE]");

    public static readonly string ChatTools = Answers.Sse(
        ChatDelta("""{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]}"""),
        ChatDelta("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}"""),
        ChatDelta("""{"tool_calls":[{"index":0,"function":{"arguments":"\"Bern\"}"}}]}"""),
        ChatDelta("""{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"time","arguments":"{}"}}]}"""),
        ChatDelta("{}", "\"tool_calls\""),
        "[DONE]");

    public static readonly string Completions = Answers.Sse(
        """{"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":"One","index":0,"logprobs":null,"finish_reason":null}],"model":"gpt-3.5-turbo-instruct","usage":null}""",
        """{"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":" two","index":0,"logprobs":null,"finish_reason":"length"}],"model":"gpt-3.5-turbo-instruct","usage":null}""",
        """{"id":"cmpl-1","object":"text_completion","created":1,"choices":[],"model":"gpt-3.5-turbo-instruct","usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
        "[DONE]");

    public static readonly string Responses = Typed(
        """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","error":null,"incomplete_details":null,"model":"gpt-5-2025-08-07","output":[],"service_tier":"auto","usage":null}}""",
        """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""",
        """{"type":"response.reasoning_summary_text.delta","sequence_number":2,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"Think"}""",
        """{"type":"response.output_item.added","sequence_number":3,"output_index":1,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}""",
        """{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"Hel","logprobs":[],"obfuscation":"abc"}""",
        """{"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"lo","logprobs":[],"obfuscation":"a"}""",
        """{"type":"response.output_text.done","sequence_number":6,"item_id":"msg_1","output_index":1,"content_index":0,"text":"Hello","logprobs":[]}""",
        """{"type":"response.output_item.added","sequence_number":7,"output_index":2,"item":{"id":"fc_1","type":"function_call","status":"in_progress","arguments":"","call_id":"call_1","name":"weather"}}""",
        """{"type":"response.function_call_arguments.delta","sequence_number":8,"item_id":"fc_1","output_index":2,"delta":"{\"a\":1}"}""",
        """{"type":"response.output_item.done","sequence_number":9,"output_index":2,"item":{"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"a\":1}","call_id":"call_1","name":"weather"}}""",
        """{"type":"response.completed","sequence_number":10,"response":{"id":"resp_1","object":"response","created_at":1,"status":"completed","error":null,"incomplete_details":null,"model":"gpt-5-2025-08-07","output":[{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Think"}]},{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","annotations":[],"text":"Hello"}],"role":"assistant"},{"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"a\":1}","call_id":"call_1","name":"weather"}],"service_tier":"default","usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":12,"cache_write_tokens":3},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}}}""");

    public static readonly string Anthropic = Typed(
        """{"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":200,"cache_read_input_tokens":3000,"cache_creation":{"ephemeral_5m_input_tokens":150,"ephemeral_1h_input_tokens":50},"output_tokens":1,"service_tier":"standard"}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """{"type":"ping"}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqoB"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me "}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"look."}}""",
        """{"type":"content_block_stop","index":1}""",
        """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"weather","input":{}}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\": \"Bern\"}"}}""",
        """{"type":"content_block_stop","index":2}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":89,"output_tokens_details":{"thinking_tokens":20},"server_tool_use":{"web_search_requests":2}}}""",
        """{"type":"message_stop"}""");

    public static readonly string[] GeminiEvents =
    [
        """{"candidates":[{"content":{"parts":[{"text":"Let me think","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":8,"totalTokenCount":20,"promptTokensDetails":[{"modality":"TEXT","tokenCount":8}],"thoughtsTokenCount":12},"modelVersion":"gemini-2.5-flash","responseId":"r-1"}""",
        """{"candidates":[{"content":{"parts":[{"text":"It is [sunny] {\"}"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":3,"totalTokenCount":23,"promptTokensDetails":[{"modality":"TEXT","tokenCount":8}],"thoughtsTokenCount":12},"modelVersion":"gemini-2.5-flash","responseId":"r-1"}""",
        """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"weather","args":{"city":"Bern"}}}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":15,"totalTokenCount":35,"cachedContentTokenCount":2,"toolUsePromptTokenCount":5,"promptTokensDetails":[{"modality":"TEXT","tokenCount":6},{"modality":"AUDIO","tokenCount":2}],"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":4}],"thoughtsTokenCount":12},"modelVersion":"gemini-2.5-flash","responseId":"r-1"}""",
    ];

    public static readonly string Gemini = string.Concat(GeminiEvents.Select(item => $"data: {item}\r\n\r\n"));
    public static readonly string GeminiArray = "[" + string.Join("\r\n,\r\n", GeminiEvents) + "\r\n]\r\n";

    public static TheoryData<string, Dialect, byte[]> All => new()
    {
        { "chat", Dialect.OpenAiChat, Encoding.UTF8.GetBytes(Chat) },
        { "chat, CRLF", Dialect.OpenAiChat, Encoding.UTF8.GetBytes(Chat.Replace("\n", "\r\n")) },
        { "chat, CR", Dialect.OpenAiChat, Encoding.UTF8.GetBytes(Chat.Replace("\n", "\r")) },
        { "chat, BOM and comments", Dialect.OpenAiChat, Encoding.UTF8.GetBytes("\uFEFF: hello\n\n" + Chat.Replace("data: [DONE]", ": keep-alive\n\n: more\ndata: [DONE]")) },
        { "chat, tools", Dialect.OpenAiChat, Encoding.UTF8.GetBytes(ChatTools) },
        { "completions", Dialect.OpenAiCompletions, Encoding.UTF8.GetBytes(Completions) },
        { "responses", Dialect.OpenAiResponses, Encoding.UTF8.GetBytes(Responses) },
        { "anthropic", Dialect.AnthropicMessages, Encoding.UTF8.GetBytes(Anthropic) },
        { "gemini", Dialect.GeminiGenerate, Encoding.UTF8.GetBytes(Gemini) },
        { "gemini, array", Dialect.GeminiGenerate, Encoding.UTF8.GetBytes(GeminiArray) },
    };

    // OpenAI's responses and Anthropic name the event in a line of its own.
    private static string Typed(params string[] data) => string.Concat(data.Select(item =>
        $"event: {System.Text.Json.JsonDocument.Parse(item).RootElement.GetProperty("type").GetString()}\ndata: {item}\n\n"));
}
