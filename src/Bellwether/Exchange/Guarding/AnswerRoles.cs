using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>What a value is within an answer. <see cref="Other"/>: not known, so that its strings are texts.</summary>
internal enum Role : byte
{
    Other, Root, Choices, Choice, Delta, Parts, Thoughts, Tools, Tool, Audio, Response, Items, Finish, Skip, Echo, Shadow, ShadowList,
    Text, Reasoning, Refusal, Arguments, WholeArguments, Input,
}

/// <summary>Where a reader stands. <paramref name="Index"/>: the place in the list of choices, before the element says its own.</summary>
internal readonly record struct Place(Role Role, int Choice = 0, int Part = 0, int Index = 0)
{
    public AnswerLane Lane(AnswerTextKind kind) => new(kind, Choice, Part);

    public AnswerTextKind? Kind() => Role switch
    {
        Role.Text => AnswerTextKind.Text,
        Role.Reasoning => AnswerTextKind.Reasoning,
        Role.Refusal => AnswerTextKind.Refusal,
        Role.Arguments => AnswerTextKind.Arguments,
        Role.Input => AnswerTextKind.Input,
        _ => null,
    };
}

/// <summary>The dialects' forms, as far as a guard must know them: which member of what is a text, and of which lane.</summary>
internal static class AnswerRoles
{
    /// <summary>Of texts that the sender repeats in another field of the same delta.</summary>
    private const int Second = 1;
    private const int LegacyCall = -1;

    private static readonly byte[][] s_structural =
    [
        .. new[]
        {
            "id", "object", "type", "event", "model", "role", "status", "name", "service_tier", "system_fingerprint", "item_id", "call_id", "tool_call_id", "tool_use_id",
            "response_id", "responseId", "modelVersion", "previous_response_id", "obfuscation", "signature", "encrypted_content", "thoughtSignature", "finish_reason",
            "stop_reason", "finishReason", "native_finish_reason", "provider", "mime_type", "mimeType", "media_type", "data", "b64_json", "partial_image_b64", "safety_identifier",
            "prompt_cache_key", "created_at", "createTime", "inference_geo", "category", "probability", "blockReason", "modality", "trafficType", "request_id", "file_id", "container_id",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    /// <summary>Values under these names are ids, kinds or opaque data, never a text for a reader.</summary>
    public static bool IsStructural(ReadOnlySpan<byte> name)
    {
        foreach (var known in s_structural)
        {
            if (name.SequenceEqual(known)) { return true; }
        }
        return false;
    }

    /// <summary>Looks ahead in an object for what places its members: its index, its type.</summary>
    /// <param name="reader">Stands on the opening brace; is not moved.</param>
    public static Place Object(Dialect dialect, in Place place, ref Utf8JsonReader reader, ref int lastTool, ref int wholes)
    {
        switch (place.Role)
        {
            case Role.Choices:
                return place with { Role = Role.Choice, Choice = Number(reader, "index"u8) ?? place.Index };
            case Role.Tools:
                // Without an index a new id begins a new call.
                lastTool = Number(reader, "index"u8) ?? (Has(reader, "id"u8) ? lastTool + 1 : lastTool);
                return place with { Role = Role.Tool, Part = lastTool };
            case Role.Root when dialect == Dialect.AnthropicMessages:
                return place with { Part = Number(reader, "index"u8) ?? 0 };
            case Role.Root when dialect == Dialect.OpenAiResponses:
                return ResponsesEvent(place, reader);
            case Role.Parts when dialect == Dialect.GeminiGenerate:
                // {"text":"…","thought":true}
                return place with { Role = IsTrue(reader, "thought"u8) ? Role.Thoughts : Role.Parts };
            case Role.Input when place.Part == 0:
                return place with { Part = ++wholes };
            default:
                return place;
        }
    }

    /// <summary>What a member's value is.</summary>
    /// <param name="reader">Stands on the name.</param>
    public static Place Member(Dialect dialect, in Place place, ref Utf8JsonReader reader)
    {
        var key = AnswerKeys.Find(ref reader);
        var role = place.Role switch
        {
            Role.Skip or Role.Echo or Role.Input => place.Role,
            _ when reader.ValueTextEquals("logprobs"u8) => dialect == Dialect.OpenAiResponses ? Role.ShadowList : Role.Shadow,
            _ when reader.ValueTextEquals("logprobsResult"u8) => Role.Shadow,
            _ => dialect switch
            {
                Dialect.AnthropicMessages => Anthropic(place, key),
                Dialect.GeminiGenerate => Gemini(place.Role, key),
                Dialect.OpenAiResponses => Responses(place, key, ref reader),
                _ => Chat(place.Role, key),
            },
        };
        var part = key switch
        {
            AnswerKey.Reasoning or AnswerKey.Transcript when role is Role.Reasoning or Role.Text => Second,
            AnswerKey.FunctionCall when role == Role.Tool => LegacyCall,
            // Every such object is a text of its own.
            _ when role == Role.Input && place.Role != Role.Input => 0,
            _ when dialect == Dialect.AnthropicMessages && role is Role.Text or Role.Reasoning => 0,
            _ => place.Part,
        };
        return place with { Role = role, Part = part };
    }

    // {"choices":[{"index":0,"delta":{"content":"Hi","tool_calls":[{"index":0,"function":{"arguments":"{"}}]},"finish_reason":null}]}
    private static Role Chat(Role role, AnswerKey key) => (role, key) switch
    {
        (Role.Root, AnswerKey.Choices) => Role.Choices,
        (Role.Choice, AnswerKey.Delta or AnswerKey.Message) => Role.Delta,
        (Role.Choice, AnswerKey.Text) => Role.Text,
        (Role.Choice, AnswerKey.FinishReason) => Role.Finish,
        // A string, or Mistral's parts.
        (Role.Delta, AnswerKey.Content) => Role.Text,
        (Role.Text, AnswerKey.Thinking) => Role.Reasoning,
        (Role.Text or Role.Reasoning, AnswerKey.Text) => role,
        (Role.Text or Role.Reasoning, AnswerKey.Type) => Role.Skip,
        (Role.Delta, AnswerKey.ReasoningContent or AnswerKey.Reasoning) => Role.Reasoning,
        (Role.Delta, AnswerKey.Refusal) => Role.Refusal,
        (Role.Delta, AnswerKey.ToolCalls) => Role.Tools,
        (Role.Delta, AnswerKey.FunctionCall) => Role.Tool,
        (Role.Delta, AnswerKey.Audio) => Role.Audio,
        (Role.Audio, AnswerKey.Transcript) => Role.Text,
        (Role.Tool, AnswerKey.Function) => Role.Tool,
        (Role.Tool, AnswerKey.Arguments) => Role.Arguments,
        _ => Role.Other,
    };

    // {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}, and the message as a whole
    private static Role Anthropic(in Place place, AnswerKey key) => (place.Role, key) switch
    {
        (Role.Root, AnswerKey.Delta or AnswerKey.ContentBlock or AnswerKey.Content) => Role.Delta,
        (Role.Root, AnswerKey.Message) => Role.Root,
        (Role.Delta, AnswerKey.Text) => Role.Text,
        (Role.Delta, AnswerKey.Thinking) => Role.Reasoning,
        (Role.Delta, AnswerKey.PartialJson) => Role.Arguments,
        (Role.Delta, AnswerKey.Input) => Role.Input,
        _ => Role.Other,
    };

    // {"candidates":[{"content":{"parts":[{"text":"Hi"},{"functionCall":{"name":"f","args":{"a":1}}}]},"finishReason":"STOP"}]}
    private static Role Gemini(Role role, AnswerKey key) => (role, key) switch
    {
        (Role.Root, AnswerKey.Candidates) => Role.Choices,
        (Role.Choice, AnswerKey.Content) => Role.Delta,
        (Role.Delta, AnswerKey.Parts) => Role.Parts,
        (Role.Parts, AnswerKey.Text) => Role.Text,
        (Role.Thoughts, AnswerKey.Text) => Role.Reasoning,
        (Role.Parts or Role.Thoughts, AnswerKey.GeminiFunctionCall) => Role.Tool,
        (Role.Tool, AnswerKey.Args) => Role.Input,
        (Role.Parts or Role.Thoughts, AnswerKey.InlineData) => Role.Skip,
        _ => Role.Other,
    };

    // {"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"delta":"Hi"}, the item and the response as a whole
    private static Role Responses(in Place place, AnswerKey key, ref Utf8JsonReader reader) => (place.Role, key) switch
    {
        (Role.Text or Role.Reasoning or Role.Refusal or Role.Arguments or Role.Skip, AnswerKey.Delta) => place.Role,
        (Role.Root, AnswerKey.Response) => Role.Response,
        (Role.Root or Role.Response, AnswerKey.Output or AnswerKey.Item) => Role.Items,
        (_, AnswerKey.Arguments) => Role.WholeArguments,
        (Role.Items, _) => Role.Items,
        (Role.Root or Role.Response, _) when IsEcho(key, ref reader) => Role.Echo,
        _ => Role.Other,
    };

    private static bool IsEcho(AnswerKey key, ref Utf8JsonReader reader) => key == AnswerKey.Reasoning
        || reader.ValueTextEquals("instructions"u8) || reader.ValueTextEquals("tools"u8) || reader.ValueTextEquals("metadata"u8)
        || reader.ValueTextEquals("prompt"u8) || reader.ValueTextEquals("tool_choice"u8);

    private static Place ResponsesEvent(in Place place, Utf8JsonReader reader)
    {
        var index = Number(reader, "output_index"u8) ?? 0;
        if (!Find(ref reader, "type"u8) || reader.TokenType != JsonTokenType.String || !reader.ValueSpan.EndsWith(".delta"u8))
        {
            return place;
        }
        var type = reader.ValueSpan;
        return type.SequenceEqual("response.output_text.delta"u8) ? place with { Role = Role.Text }
            : type.SequenceEqual("response.audio.transcript.delta"u8) ? place with { Role = Role.Text, Part = Second }
            : type.SequenceEqual("response.audio.delta"u8) ? place with { Role = Role.Skip }
            : type.StartsWith("response.reasoning"u8) ? place with { Role = Role.Reasoning, Part = type.StartsWith("response.reasoning_summary"u8) ? Second : 0 }
            : type.SequenceEqual("response.refusal.delta"u8) ? place with { Role = Role.Refusal }
            : type.SequenceEqual("response.function_call_arguments.delta"u8) || type.SequenceEqual("response.mcp_call_arguments.delta"u8) ? place with { Role = Role.Arguments, Part = index }
            // A custom tool's input, a program's text.
            : place with { Role = Role.Text, Part = Second + 1 + index };
    }

    private static int? Number(Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        Find(ref reader, name) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : null;

    private static bool IsTrue(Utf8JsonReader reader, ReadOnlySpan<byte> name) => Find(ref reader, name) && reader.TokenType == JsonTokenType.True;

    private static bool Has(Utf8JsonReader reader, ReadOnlySpan<byte> name) => Find(ref reader, name) && reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty;

    private static bool Find(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found) { return true; }
            reader.Skip();
        }
        return false;
    }
}
