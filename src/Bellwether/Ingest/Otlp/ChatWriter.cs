using System.Buffers;
using System.Text.Json;

namespace Bellwether.Ingest;

/// <summary>
/// Writes messages of any dialect in OpenAI's shape. Knows OTel's parts, OpenInference's wrapped messages, the AI SDK's parts and
/// plain OpenAI and Anthropic messages; what is none of these is kept as it is.
/// </summary>
internal static class ChatWriter
{
    /// <summary>Messages of a request: a list, one message, a text, or an object with <c>messages</c>, <c>system</c> and <c>prompt</c>.</summary>
    public static void WriteMessages(Utf8JsonWriter json, JsonElement value, string role = "user")
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array when value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object && IsPart(item)):
                Write(json, Message.Of(role, value));
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    WriteMessages(json, item, role);
                }
                break;
            case JsonValueKind.Object when value.TryGetProperty("messages", out var messages):
                if (value.TryGetProperty("system", out var system) && system.ValueKind != JsonValueKind.Null)
                {
                    Write(json, Message.Of("system", system));
                }
                WriteMessages(json, messages, role);
                break;
            case JsonValueKind.Object when value.TryGetProperty("prompt", out var prompt) && !value.TryGetProperty("role", out _):
                if (value.TryGetProperty("system", out system) && system.ValueKind != JsonValueKind.Null)
                {
                    Write(json, Message.Of("system", system));
                }
                WriteMessages(json, prompt, role);
                break;
            case JsonValueKind.Object:
                Write(json, Message.Of(role, value));
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                Write(json, Message.Of(role, value));
                break;
        }
    }

    /// <summary>The assembled answer; further choices go into <c>alternatives</c>.</summary>
    public static byte[] Answer(JsonElement value)
    {
        var choices = value.ValueKind == JsonValueKind.Array && !value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object && IsPart(item))
            ? value.EnumerateArray().Select(item => Message.Of("assistant", item)).ToList()
            : [Message.Of("assistant", value)];
        return Json(json =>
        {
            json.WriteStartObject();
            if (choices.Count > 0)
            {
                choices[0].WriteAnswer(json);
            }
            if (choices.Count > 1)
            {
                json.WriteStartArray("alternatives");
                foreach (var choice in choices.Skip(1))
                {
                    json.WriteStartObject();
                    choice.WriteAnswer(json);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        });
    }

    /// <summary>A member <c>tool_calls</c> of an answer, from a list of calls in any shape.</summary>
    public static void WriteCalls(Utf8JsonWriter json, JsonElement calls)
    {
        var message = new Message("assistant");
        foreach (var call in calls.EnumerateArray())
        {
            message.Call(call);
        }
        message.WriteAnswer(json);
    }

    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static bool IsPart(JsonElement item) => item.TryGetProperty("type", out _) && !item.TryGetProperty("role", out _);

    private static void Write(Utf8JsonWriter json, Message message)
    {
        foreach (var (id, result) in message.Results)
        {
            json.WriteStartObject();
            json.WriteString("role", "tool");
            json.WriteString("tool_call_id", id);
            json.WriteString("content", result);
            json.WriteEndObject();
        }
        if (message.Results.Count > 0 && message is { Text.Count: 0, Calls.Count: 0, Others.Count: 0 })
        {
            return;
        }
        message.WriteChat(json);
    }

    private sealed class Message(string role)
    {
        public List<string> Text { get; } = [];
        public List<(string Id, string Result)> Results { get; } = [];
        public List<(string Id, string Name, string Arguments)> Calls { get; } = [];
        public List<JsonElement> Others { get; } = [];
        private string _role = role;
        private string _callId = "";
        private string _name = "";
        private readonly List<string> _reasoning = [];

        public static Message Of(string role, JsonElement value)
        {
            var message = new Message(role);
            if (value.ValueKind != JsonValueKind.Object)
            {
                message.Content(value);
                return message;
            }
            if (value.TryGetProperty("message", out var inner) && inner.ValueKind == JsonValueKind.Object)
            {
                value = inner;
            }
            if (IsPart(value))
            {
                message.Part(value);
                return message;
            }
            message._role = String(value, "role") is { Length: > 0 } named ? named : role;
            message._callId = String(value, "tool_call_id") is { Length: > 0 } answered ? answered : message._role == "tool" ? String(value, "id") : "";
            message._name = String(value, "name");
            foreach (var key in (ReadOnlySpan<string>)["content", "parts", "contents", "text"])
            {
                if (value.TryGetProperty(key, out var content))
                {
                    message.Content(content);
                }
            }
            foreach (var key in (ReadOnlySpan<string>)["reasoning", "reasoning_content"])
            {
                if (String(value, key) is { Length: > 0 } reasoning)
                {
                    message._reasoning.Add(reasoning);
                }
            }
            if (value.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
            {
                foreach (var call in calls.EnumerateArray())
                {
                    message.Call(call.ValueKind == JsonValueKind.Object && call.TryGetProperty("tool_call", out var wrapped) ? wrapped : call);
                }
            }
            return message;
        }

        public void WriteChat(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("role", _role);
            if (_name.Length > 0)
            {
                json.WriteString("name", _name);
            }
            if (_callId.Length > 0)
            {
                json.WriteString("tool_call_id", _callId);
            }
            if (Others.Count > 0)
            {
                json.WriteStartArray("content");
                foreach (var text in Text)
                {
                    json.WriteStartObject();
                    json.WriteString("type", "text");
                    json.WriteString("text", text);
                    json.WriteEndObject();
                }
                Others.ForEach(other => other.WriteTo(json));
                json.WriteEndArray();
            }
            else
            {
                json.WriteString("content", string.Join('\n', Text));
            }
            if (_reasoning.Count > 0)
            {
                json.WriteString("reasoning", string.Join('\n', _reasoning));
            }
            if (Calls.Count > 0)
            {
                json.WriteStartArray("tool_calls");
                foreach (var (id, name, arguments) in Calls)
                {
                    json.WriteStartObject();
                    json.WriteString("id", id);
                    json.WriteString("type", "function");
                    json.WriteStartObject("function");
                    json.WriteString("name", name);
                    json.WriteString("arguments", arguments);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }

        public void WriteAnswer(Utf8JsonWriter json)
        {
            if (Text.Count > 0 || Others.Count > 0)
            {
                json.WriteString("text", string.Join('\n', Text.Concat(Others.Select(other => other.GetRawText()))));
            }
            if (_reasoning.Count > 0)
            {
                json.WriteString("reasoning", string.Join('\n', _reasoning));
            }
            if (Calls.Count > 0)
            {
                json.WriteStartArray("tool_calls");
                foreach (var (id, name, arguments) in Calls)
                {
                    json.WriteStartObject();
                    json.WriteString("id", id);
                    json.WriteString("name", name);
                    json.WriteString("arguments", arguments);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        }

        private void Content(JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Array:
                    foreach (var item in value.EnumerateArray())
                    {
                        Content(item);
                    }
                    break;
                case JsonValueKind.Object:
                    Part(value.TryGetProperty("message_content", out var wrapped) && wrapped.ValueKind == JsonValueKind.Object ? wrapped : value);
                    break;
                case JsonValueKind.String:
                    if (value.GetString() is { Length: > 0 } text && !PartsIn(text))
                    {
                        Text.Add(text);
                    }
                    break;
                case JsonValueKind.Null or JsonValueKind.Undefined:
                    break;
                default:
                    Text.Add(value.GetRawText());
                    break;
            }
        }

        // OpenLLMetry keeps a content of several parts as the text of one: "[{\"type\":\"text\",\"text\":\"Hi\"},…]".
        private bool PartsIn(string text)
        {
            if (text[0] != '[' || !text.Contains("\"type\"", StringComparison.Ordinal))
            {
                return false;
            }
            try
            {
                using var document = JsonDocument.Parse(text);
                if (document.RootElement.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object || !IsPart(item)))
                {
                    return false;
                }
                // What is kept of it outlives the document.
                Content(document.RootElement.Clone());
                return true;
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                return false;
            }
        }

        private void Part(JsonElement part)
        {
            switch (String(part, "type"))
            {
                case "text" or "input_text" or "output_text":
                    Text.Add(Any(part, "text", "content"));
                    break;
                case "reasoning" or "thinking":
                    _reasoning.Add(Any(part, "content", "text", "thinking"));
                    break;
                case "tool_call" or "tool-call" or "tool_use" or "function":
                    Call(part);
                    break;
                case "tool_call_response" or "tool-result" or "tool_result":
                    Results.Add((Any(part, "id", "toolCallId", "tool_use_id"), Any(part, "response", "result", "output", "content")));
                    break;
                default:
                    Others.Add(part);
                    break;
            }
        }

        public void Call(JsonElement call)
        {
            if (call.ValueKind != JsonValueKind.Object)
            {
                return;
            }
            var function = call.TryGetProperty("function", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : call;
            Calls.Add((Any(call, "id", "toolCallId", "call_id"), Any(function, "name", "toolName"), Any(function, "arguments", "input", "args")));
        }

        private static string Any(JsonElement value, params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                if (value.TryGetProperty(key, out var found) && found.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
                {
                    return found.ValueKind == JsonValueKind.String ? found.GetString()! : found.GetRawText();
                }
            }
            return "";
        }

        private static string String(JsonElement value, string key) =>
            value.TryGetProperty(key, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString()! : "";
    }
}
