using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Bellwether.Telemetry;

/// <summary>The parts of one message, by the shapes that the three families give them.</summary>
internal static class TranscriptParts
{
    /// <summary>Parts of a whole message: content, reasoning, refusal and tool calls beside it.</summary>
    public static ImmutableArray<TranscriptPart> OfMessage(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) { return Of(message); }
        var type = Text(message, "type");
        if (type.Length > 0 && type != "message" && !message.TryGetProperty("role", out _)) { return [OfTyped(message, type)]; }

        var parts = ImmutableArray.CreateBuilder<TranscriptPart>();
        foreach (var key in (ReadOnlySpan<string>)["reasoning", "reasoning_content", "thinking"])
        {
            if (Text(message, key) is { Length: > 0 } reasoning) { parts.Add(new(TranscriptPartKind.Reasoning, reasoning)); }
        }
        foreach (var key in (ReadOnlySpan<string>)["content", "parts", "text"])
        {
            if (message.TryGetProperty(key, out var content)) { parts.AddRange(Of(content)); }
        }
        if (Text(message, "refusal") is { Length: > 0 } refusal) { parts.Add(new(TranscriptPartKind.Refusal, refusal)); }
        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            parts.AddRange(calls.EnumerateArray().Where(call => call.ValueKind == JsonValueKind.Object).Select(ToolCall));
        }
        if (message.TryGetProperty("function_call", out var single) && single.ValueKind == JsonValueKind.Object) { parts.Add(ToolCall(single)); }
        if (message.TryGetProperty("audio", out var audio) && audio.ValueKind == JsonValueKind.Object)
        {
            parts.Add(new(TranscriptPartKind.Media, Text(audio, "transcript") is { Length: > 0 } transcript ? $"audio: {transcript}" : "audio"));
        }
        // OpenAI's tool message: the whole content is the result of one call.
        if (Text(message, "role") is "tool" or "function" && parts.All(part => part.Kind == TranscriptPartKind.Text))
        {
            var text = string.Join('\n', parts.Select(part => part.Text));
            return [new(TranscriptPartKind.ToolResult, text) { CallId = Text(message, "tool_call_id"), Name = Text(message, "name") }];
        }
        return parts.DrainToImmutable();
    }

    /// <summary>Parts of a content value: a string, one part, or a list of them.</summary>
    public static ImmutableArray<TranscriptPart> Of(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => Safe(content) is { Length: > 0 } text ? [new(TranscriptPartKind.Text, text)] : [],
        JsonValueKind.Array => [.. content.EnumerateArray().SelectMany(part => (IEnumerable<TranscriptPart>)Of(part))],
        JsonValueKind.Object when content.TryGetProperty("parts", out var parts) => Of(parts),
        JsonValueKind.Object => [OfTyped(content, Text(content, "type"))],
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        _ => [new(TranscriptPartKind.Other, content.GetRawText())],
    };

    private static TranscriptPart OfTyped(JsonElement part, string type) => type switch
    {
        "text" or "input_text" or "output_text" => new(TranscriptPartKind.Text, Text(part, "text")),
        "thinking" => new(TranscriptPartKind.Reasoning, Text(part, "thinking")),
        "redacted_thinking" => new(TranscriptPartKind.Reasoning, "(hidden by the provider)"),
        "reasoning" => new(TranscriptPartKind.Reasoning, Reasoning(part)),
        "refusal" => new(TranscriptPartKind.Refusal, Text(part, "refusal")),
        "tool_use" or "server_tool_use" or "function_call" or "custom_tool_call" => ToolCall(part),
        "tool_result" or "function_call_output" or "custom_tool_call_output" or "web_search_tool_result" => ToolResult(part),
        "image_url" or "input_image" or "image" or "input_audio" or "audio" or "file" or "input_file" or "document" or "video" or "image_generation_call" => new(TranscriptPartKind.Media, Describe(part, type)),
        "" => OfGemini(part),
        _ => new(TranscriptPartKind.Other, part.GetRawText()) { Name = type },
    };

    private static TranscriptPart OfGemini(JsonElement part)
    {
        if (part.TryGetProperty("functionCall", out var call) || part.TryGetProperty("function_call", out call))
        {
            return ToolCall(call);
        }
        if (part.TryGetProperty("functionResponse", out var response) || part.TryGetProperty("function_response", out response))
        {
            return new(TranscriptPartKind.ToolResult, response.TryGetProperty("response", out var result) ? result.GetRawText() : response.GetRawText()) { Name = Text(response, "name"), CallId = Text(response, "id") };
        }
        foreach (var key in (ReadOnlySpan<string>)["inlineData", "inline_data", "fileData", "file_data"])
        {
            if (part.TryGetProperty(key, out var data)) { return new(TranscriptPartKind.Media, Describe(data, "data")); }
        }
        if (part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
        {
            var isThought = part.TryGetProperty("thought", out var thought) && thought.ValueKind == JsonValueKind.True;
            return new(isThought ? TranscriptPartKind.Reasoning : TranscriptPartKind.Text, Safe(text));
        }
        return new(TranscriptPartKind.Other, part.GetRawText());
    }

    private static TranscriptPart ToolCall(JsonElement call)
    {
        var function = call.TryGetProperty("function", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : call;
        var arguments = "";
        foreach (var key in (ReadOnlySpan<string>)["arguments", "input", "args"])
        {
            if (arguments.Length == 0 && function.TryGetProperty(key, out var value))
            {
                arguments = value.ValueKind == JsonValueKind.String ? Safe(value) : value.GetRawText();
            }
        }
        return new(TranscriptPartKind.ToolCall, arguments)
        {
            Name = Text(function, "name"),
            CallId = Text(call, "call_id") is { Length: > 0 } id ? id : Text(call, "id"),
        };
    }

    private static TranscriptPart ToolResult(JsonElement part)
    {
        var content = part.TryGetProperty("content", out var value) || part.TryGetProperty("output", out value) ? value : default;
        var text = content.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => "",
            JsonValueKind.String => Safe(content),
            JsonValueKind.Array => string.Join('\n', Of(content).Select(inner => inner.Kind == TranscriptPartKind.Media ? $"[{inner.Text}]" : inner.Text)),
            _ => content.GetRawText(),
        };
        return new(TranscriptPartKind.ToolResult, text)
        {
            CallId = Text(part, "tool_use_id") is { Length: > 0 } id ? id : Text(part, "call_id"),
            Name = Text(part, "name"),
        };
    }

    private static string Reasoning(JsonElement part)
    {
        var texts = new List<string>();
        foreach (var key in (ReadOnlySpan<string>)["summary", "content"])
        {
            if (part.TryGetProperty(key, out var value)) { texts.AddRange(Of(value).Select(inner => inner.Kind == TranscriptPartKind.Other ? Summary(inner.Text) : inner.Text)); }
        }
        return texts.Count == 0 ? "(hidden by the provider)" : string.Join("\n\n", texts);
    }

    // {"type":"summary_text","text":"…"} and {"type":"reasoning_text","text":"…"}
    private static string Summary(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && Text(document.RootElement, "text") is { Length: > 0 } text ? text : json;
    }

    // image_url:{"url":"data:image/png;base64,…"}  source:{"type":"base64","media_type":"image/png","data":"…"}  inlineData:{"mimeType","data"}
    private static string Describe(JsonElement part, string type)
    {
        var words = new List<string> { type switch { "image_url" or "input_image" or "image" or "image_generation_call" => "image", "input_audio" or "audio" => "audio", "data" => "data", "video" => "video", _ => "file" } };
        var inner = part;
        foreach (var key in (ReadOnlySpan<string>)["image_url", "source", "input_audio", "file", "video"])
        {
            if (part.TryGetProperty(key, out var value)) { inner = value; break; }
        }
        var address = inner.ValueKind == JsonValueKind.String ? Safe(inner) : "";
        var data = "";
        if (inner.ValueKind == JsonValueKind.Object)
        {
            foreach (var key in (ReadOnlySpan<string>)["media_type", "mimeType", "mime_type", "format", "filename", "file_id", "detail"])
            {
                if (Text(inner, key) is { Length: > 0 } said) { words.Add(said); }
            }
            foreach (var key in (ReadOnlySpan<string>)["url", "fileUri", "file_uri"])
            {
                if (Text(inner, key) is { Length: > 0 } url) { address = url; }
            }
            foreach (var key in (ReadOnlySpan<string>)["data", "file_data"])
            {
                if (Text(inner, key) is { Length: > 0 } bytes) { data = bytes; }
            }
        }
        if (address.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            var comma = address.IndexOf(',', StringComparison.Ordinal);
            if (comma > 5) { words.Add(address[5..comma].Split(';')[0]); }
            data = comma < 0 ? "" : address[(comma + 1)..];
            address = "";
        }
        if (data.Length > 0) { words.Add(string.Create(CultureInfo.InvariantCulture, $"{data.Length / 4 * 3:N0} bytes")); }
        if (address.Length > 0) { words.Add(address.Length > 300 ? address[..300] + "…" : address); }
        return string.Join(", ", words);
    }

    public static string Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? Safe(value) : "";

    /// <summary>The text of a JSON string; as it is written where it cannot become text (<c>"\ud800"</c> alone is half a character).</summary>
    public static string Safe(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText()[1..^1];
        }
    }
}
