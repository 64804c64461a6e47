using System.Buffers;
using System.Text.Json;

namespace Bellwether.Guardrails;

internal enum PromptKey : byte
{
    Other,
    /// <summary>At the top: what is said, by whoever.</summary>
    Messages,
    /// <summary>At the top: instructions.</summary>
    System,
    Tools,
    Role, Type,
    /// <summary>What providers take for an id or a type of file, and refuse as anything else.</summary>
    Identifier,
    /// <summary>May hold a file in base64; holds text otherwise.</summary>
    File,
    /// <summary>JSON of a tool's own form.</summary>
    Arguments,
    /// <summary>The model's call of a tool.</summary>
    Call,
    /// <summary>What a tool gave.</summary>
    Result,
}

/// <summary>The names that dialects give to the parts of a request.</summary>
internal static class PromptKeys
{
    private static readonly SearchValues<byte> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_\\"u8);

    public static bool IsBase64(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(s_base64);

    public static PromptKey TopLevel(ref Utf8JsonReader reader)
    {
        return Name(ref reader) switch
        {
            var name when name.SequenceEqual("messages"u8) || name.SequenceEqual("input"u8) || name.SequenceEqual("prompt"u8) || name.SequenceEqual("suffix"u8)
                || name.SequenceEqual("contents"u8) || name.SequenceEqual("content"u8) || name.SequenceEqual("requests"u8) => PromptKey.Messages,
            var name when name.SequenceEqual("system"u8) || name.SequenceEqual("instructions"u8) || name.SequenceEqual("systemInstruction"u8) || name.SequenceEqual("system_instruction"u8) => PromptKey.System,
            var name when name.SequenceEqual("tools"u8) || name.SequenceEqual("functions"u8) => PromptKey.Tools,
            _ => PromptKey.Other,
        };
    }

    /// <summary>Told apart by length first: most names are none of these.</summary>
    public static PromptKey Find(ref Utf8JsonReader reader)
    {
        var name = Name(ref reader);
        return name.Length switch
        {
            2 when name.SequenceEqual("id"u8) => PromptKey.Identifier,
            3 when name.SequenceEqual("url"u8) => PromptKey.File,
            4 when name.SequenceEqual("role"u8) => PromptKey.Role,
            4 when name.SequenceEqual("type"u8) => PromptKey.Type,
            4 when name.SequenceEqual("data"u8) => PromptKey.File,
            4 when name.SequenceEqual("args"u8) => PromptKey.Arguments,
            4 when name.SequenceEqual("name"u8) => PromptKey.Identifier,
            5 when name.SequenceEqual("input"u8) => PromptKey.Arguments,
            6 when name.SequenceEqual("status"u8) || name.SequenceEqual("detail"u8) || name.SequenceEqual("format"u8) => PromptKey.Identifier,
            7 when name.SequenceEqual("file_id"u8) || name.SequenceEqual("call_id"u8) || name.SequenceEqual("fileUri"u8) => PromptKey.Identifier,
            8 when name.SequenceEqual("mimeType"u8) || name.SequenceEqual("file_uri"u8) => PromptKey.Identifier,
            8 when name.SequenceEqual("response"u8) => PromptKey.Arguments,
            9 when name.SequenceEqual("mime_type"u8) || name.SequenceEqual("signature"u8) => PromptKey.Identifier,
            9 when name.SequenceEqual("file_data"u8) || name.SequenceEqual("image_url"u8) => PromptKey.File,
            10 when name.SequenceEqual("media_type"u8) => PromptKey.Identifier,
            10 when name.SequenceEqual("tool_calls"u8) => PromptKey.Call,
            11 when name.SequenceEqual("tool_use_id"u8) => PromptKey.Identifier,
            12 when name.SequenceEqual("tool_call_id"u8) => PromptKey.Identifier,
            12 when name.SequenceEqual("functionCall"u8) => PromptKey.Call,
            13 when name.SequenceEqual("cache_control"u8) => PromptKey.Identifier,
            13 when name.SequenceEqual("function_call"u8) => PromptKey.Call,
            16 when name.SequenceEqual("thoughtSignature"u8) => PromptKey.Identifier,
            16 when name.SequenceEqual("functionResponse"u8) => PromptKey.Result,
            17 when name.SequenceEqual("thought_signature"u8) || name.SequenceEqual("encrypted_content"u8) => PromptKey.Identifier,
            17 when name.SequenceEqual("function_response"u8) => PromptKey.Result,
            _ => PromptKey.Other,
        };
    }

    public static PromptOrigin OfRole(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("user"u8) ? PromptOrigin.User
        : reader.ValueTextEquals("assistant"u8) || reader.ValueTextEquals("model"u8) ? PromptOrigin.Assistant
        : reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("developer"u8) ? PromptOrigin.System
        : reader.ValueTextEquals("tool"u8) || reader.ValueTextEquals("function"u8) ? PromptOrigin.Document
        : PromptOrigin.User;

    /// <summary>Null for a type that says nothing of who speaks: <c>text</c>, <c>message</c>.</summary>
    public static PromptOrigin? OfBlock(ref Utf8JsonReader reader)
    {
        var type = reader.ValueSpan;
        return type.EndsWith("_result"u8) || type.EndsWith("_output"u8) || type.SequenceEqual("document"u8) ? PromptOrigin.Document
            : type.EndsWith("tool_use"u8) || type.EndsWith("_call"u8) || type.SequenceEqual("reasoning"u8) || type.SequenceEqual("thinking"u8) ? PromptOrigin.Assistant
            : null;
    }

    // "\u0072ole" is "role" to every reader, so it must be to us.
    private static ReadOnlySpan<byte> Name(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }
        var unescaped = new byte[reader.ValueSpan.Length];
        return unescaped.AsSpan(0, reader.CopyString(unescaped));
    }
}
