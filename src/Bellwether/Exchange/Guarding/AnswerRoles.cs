using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>What a value is within an answer. <see cref="Other"/>: not known, so that its strings are texts.</summary>
internal enum AnswerRole : byte
{
    Other, Root, Choices, Choice, Delta, Parts, Thoughts, Tools, Tool, Audio, Response, Items, Finish, Skip, Echo, Shadow, ShadowList,
    Text, Reasoning, Refusal, Arguments, WholeArguments, Input,
}

/// <summary>Where a reader stands. <paramref name="Index"/>: the place in the list of choices, before the element says its own.</summary>
internal readonly record struct AnswerPlace(AnswerRole Role, int Choice = 0, int Part = 0, int Index = 0)
{
    public AnswerLane Lane(AnswerTextKind kind) => new(kind, Choice, Part);

    public AnswerTextKind? Kind() => Role switch
    {
        AnswerRole.Text => AnswerTextKind.Text,
        AnswerRole.Reasoning => AnswerTextKind.Reasoning,
        AnswerRole.Refusal => AnswerTextKind.Refusal,
        AnswerRole.Arguments => AnswerTextKind.Arguments,
        AnswerRole.Input => AnswerTextKind.Input,
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
    public static AnswerPlace Object(Dialect dialect, in AnswerPlace place, ref Utf8JsonReader reader, ref int lastTool, ref int wholes)
    {
        switch (place.Role)
        {
            case AnswerRole.Choices:
                return place with { Role = AnswerRole.Choice, Choice = Number(reader, "index"u8) ?? place.Index };
            case AnswerRole.Tools:
                // Without an index a new id begins a new call.
                lastTool = Number(reader, "index"u8) ?? (Has(reader, "id"u8) ? lastTool + 1 : lastTool);
                return place with { Role = AnswerRole.Tool, Part = lastTool };
            case AnswerRole.Root when dialect == Dialect.AnthropicMessages:
                return place with { Part = Number(reader, "index"u8) ?? 0 };
            case AnswerRole.Root when dialect == Dialect.OpenAiResponses:
                return ResponsesEvent(place, reader);
            case AnswerRole.Parts when dialect == Dialect.GeminiGenerate:
                // {"text":"…","thought":true}
                return place with { Role = IsTrue(reader, "thought"u8) ? AnswerRole.Thoughts : AnswerRole.Parts };
            case AnswerRole.Input when place.Part == 0:
                return place with { Part = ++wholes };
            default:
                return place;
        }
    }

    /// <summary>What a member's value is.</summary>
    /// <param name="reader">Stands on the name.</param>
    public static AnswerPlace Member(Dialect dialect, in AnswerPlace place, ref Utf8JsonReader reader)
    {
        var key = AnswerKeys.Find(ref reader);
        var role = place.Role switch
        {
            AnswerRole.Skip or AnswerRole.Echo or AnswerRole.Input => place.Role,
            _ when reader.ValueTextEquals("logprobs"u8) => dialect == Dialect.OpenAiResponses ? AnswerRole.ShadowList : AnswerRole.Shadow,
            _ when reader.ValueTextEquals("logprobsResult"u8) => AnswerRole.Shadow,
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
            AnswerKey.Reasoning or AnswerKey.Transcript when role is AnswerRole.Reasoning or AnswerRole.Text => Second,
            AnswerKey.FunctionCall when role == AnswerRole.Tool => LegacyCall,
            // Every such object is a text of its own.
            _ when role == AnswerRole.Input && place.Role != AnswerRole.Input => 0,
            _ when dialect == Dialect.AnthropicMessages && role is AnswerRole.Text or AnswerRole.Reasoning => 0,
            _ => place.Part,
        };
        return place with { Role = role, Part = part };
    }

    // {"choices":[{"index":0,"delta":{"content":"Hi","tool_calls":[{"index":0,"function":{"arguments":"{"}}]},"finish_reason":null}]}
    private static AnswerRole Chat(AnswerRole role, AnswerKey key) => (role, key) switch
    {
        (AnswerRole.Root, AnswerKey.Choices) => AnswerRole.Choices,
        (AnswerRole.Choice, AnswerKey.Delta or AnswerKey.Message) => AnswerRole.Delta,
        (AnswerRole.Choice, AnswerKey.Text) => AnswerRole.Text,
        (AnswerRole.Choice, AnswerKey.FinishReason) => AnswerRole.Finish,
        // A string, or Mistral's parts.
        (AnswerRole.Delta, AnswerKey.Content) => AnswerRole.Text,
        (AnswerRole.Text, AnswerKey.Thinking) => AnswerRole.Reasoning,
        (AnswerRole.Text or AnswerRole.Reasoning, AnswerKey.Text) => role,
        (AnswerRole.Text or AnswerRole.Reasoning, AnswerKey.Type) => AnswerRole.Skip,
        (AnswerRole.Delta, AnswerKey.ReasoningContent or AnswerKey.Reasoning) => AnswerRole.Reasoning,
        (AnswerRole.Delta, AnswerKey.Refusal) => AnswerRole.Refusal,
        (AnswerRole.Delta, AnswerKey.ToolCalls) => AnswerRole.Tools,
        (AnswerRole.Delta, AnswerKey.FunctionCall) => AnswerRole.Tool,
        (AnswerRole.Delta, AnswerKey.Audio) => AnswerRole.Audio,
        (AnswerRole.Audio, AnswerKey.Transcript) => AnswerRole.Text,
        (AnswerRole.Tool, AnswerKey.Function) => AnswerRole.Tool,
        (AnswerRole.Tool, AnswerKey.Arguments) => AnswerRole.Arguments,
        _ => AnswerRole.Other,
    };

    // {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}, and the message as a whole
    private static AnswerRole Anthropic(in AnswerPlace place, AnswerKey key) => (place.Role, key) switch
    {
        (AnswerRole.Root, AnswerKey.Delta or AnswerKey.ContentBlock or AnswerKey.Content) => AnswerRole.Delta,
        (AnswerRole.Root, AnswerKey.Message) => AnswerRole.Root,
        (AnswerRole.Delta, AnswerKey.Text) => AnswerRole.Text,
        (AnswerRole.Delta, AnswerKey.Thinking) => AnswerRole.Reasoning,
        (AnswerRole.Delta, AnswerKey.PartialJson) => AnswerRole.Arguments,
        (AnswerRole.Delta, AnswerKey.Input) => AnswerRole.Input,
        _ => AnswerRole.Other,
    };

    // {"candidates":[{"content":{"parts":[{"text":"Hi"},{"functionCall":{"name":"f","args":{"a":1}}}]},"finishReason":"STOP"}]}
    private static AnswerRole Gemini(AnswerRole role, AnswerKey key) => (role, key) switch
    {
        (AnswerRole.Root, AnswerKey.Candidates) => AnswerRole.Choices,
        (AnswerRole.Choice, AnswerKey.Content) => AnswerRole.Delta,
        (AnswerRole.Delta, AnswerKey.Parts) => AnswerRole.Parts,
        (AnswerRole.Parts, AnswerKey.Text) => AnswerRole.Text,
        (AnswerRole.Thoughts, AnswerKey.Text) => AnswerRole.Reasoning,
        (AnswerRole.Parts or AnswerRole.Thoughts, AnswerKey.GeminiFunctionCall) => AnswerRole.Tool,
        (AnswerRole.Tool, AnswerKey.Args) => AnswerRole.Input,
        (AnswerRole.Parts or AnswerRole.Thoughts, AnswerKey.InlineData) => AnswerRole.Skip,
        _ => AnswerRole.Other,
    };

    // {"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"delta":"Hi"}, the item and the response as a whole
    private static AnswerRole Responses(in AnswerPlace place, AnswerKey key, ref Utf8JsonReader reader) => (place.Role, key) switch
    {
        (AnswerRole.Text or AnswerRole.Reasoning or AnswerRole.Refusal or AnswerRole.Arguments or AnswerRole.Skip, AnswerKey.Delta) => place.Role,
        (AnswerRole.Root, AnswerKey.Response) => AnswerRole.Response,
        (AnswerRole.Root or AnswerRole.Response, AnswerKey.Output or AnswerKey.Item) => AnswerRole.Items,
        (_, AnswerKey.Arguments) => AnswerRole.WholeArguments,
        (AnswerRole.Items, _) => AnswerRole.Items,
        (AnswerRole.Root or AnswerRole.Response, _) when IsEcho(key, ref reader) => AnswerRole.Echo,
        _ => AnswerRole.Other,
    };

    private static bool IsEcho(AnswerKey key, ref Utf8JsonReader reader) => key == AnswerKey.Reasoning
        || reader.ValueTextEquals("instructions"u8) || reader.ValueTextEquals("tools"u8) || reader.ValueTextEquals("metadata"u8)
        || reader.ValueTextEquals("prompt"u8) || reader.ValueTextEquals("tool_choice"u8);

    private static AnswerPlace ResponsesEvent(in AnswerPlace place, Utf8JsonReader reader)
    {
        var index = Number(reader, "output_index"u8) ?? 0;
        if (!Find(ref reader, "type"u8) || reader.TokenType != JsonTokenType.String || !reader.ValueSpan.EndsWith(".delta"u8))
        {
            return place;
        }
        var type = reader.ValueSpan;
        return type.SequenceEqual("response.output_text.delta"u8) ? place with { Role = AnswerRole.Text }
            : type.SequenceEqual("response.audio.transcript.delta"u8) ? place with { Role = AnswerRole.Text, Part = Second }
            : type.SequenceEqual("response.audio.delta"u8) ? place with { Role = AnswerRole.Skip }
            : type.StartsWith("response.reasoning"u8) ? place with { Role = AnswerRole.Reasoning, Part = type.StartsWith("response.reasoning_summary"u8) ? Second : 0 }
            : type.SequenceEqual("response.refusal.delta"u8) ? place with { Role = AnswerRole.Refusal }
            : type.SequenceEqual("response.function_call_arguments.delta"u8) || type.SequenceEqual("response.mcp_call_arguments.delta"u8) ? place with { Role = AnswerRole.Arguments, Part = index }
            // A custom tool's input, a program's text.
            : place with { Role = AnswerRole.Text, Part = Second + 1 + index };
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
