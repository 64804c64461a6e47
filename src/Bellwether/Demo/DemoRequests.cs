using System.Text.Json;
using Bellwether.Providers;

namespace Bellwether.Demo;

/// <summary>Request bodies of the demo's calls, as the clients of the three providers write them.</summary>
internal static class DemoRequests
{
    public static string Path(DemoCall call) => (call.Scenario.Shape, call.Model.Dialect) switch
    {
        (DemoShape.Embedding, _) => "/v1/embeddings",
        (DemoShape.Moderation, _) => "/v1/moderations",
        (_, SimulatedDialect.OpenAi) => "/v1/chat/completions",
        (_, SimulatedDialect.Anthropic) => "/v1/messages",
        (_, SimulatedDialect.Gemini) => $"/v1beta/models/{call.Model.Name}:{(call.Stream ? "streamGenerateContent?alt=sse" : "generateContent")}",
        _ => throw new ArgumentOutOfRangeException(nameof(call), call.Model.Dialect, null),
    };

    /// <param name="call">The call.</param>
    /// <param name="simulate">Adds <c>sim_…</c> metadata for the simulated provider; null for none.</param>
    public static byte[] Body(DemoCall call, KeyValuePair<string, string>? simulate = null) => SimulatedJson.Body(json =>
    {
        if (call.Scenario.Shape is DemoShape.Embedding or DemoShape.Moderation)
        {
            json.WriteString("model", call.Model.Name);
            json.WriteString("input", call.Question);
            return;
        }
        switch (call.Model.Dialect)
        {
            case SimulatedDialect.OpenAi:
                OpenAi(json, call);
                break;
            case SimulatedDialect.Anthropic:
                Anthropic(json, call);
                break;
            case SimulatedDialect.Gemini:
                Gemini(json, call);
                break;
        }
        if (simulate is var (name, value))
        {
            json.WriteStartObject(call.Model.Dialect == SimulatedDialect.Gemini ? "labels" : "metadata");
            json.WriteString(name, value);
            json.WriteEndObject();
        }
    });

    private static void OpenAi(Utf8JsonWriter json, DemoCall call)
    {
        json.WriteString("model", call.Model.Name);
        json.WriteNumber(call.Model.Reasons ? "max_completion_tokens" : "max_tokens", 800);
        if (!call.Model.Reasons)
        {
            json.WriteNumber("temperature", call.Temperature);
        }
        if (call.Stream)
        {
            json.WriteBoolean("stream", true);
        }
        json.WriteStartArray("messages");
        Message(json, "system", call.System);
        Turns(json, call);
        json.WriteStartObject();
        json.WriteString("role", "user");
        if (call.Scenario.Shape == DemoShape.Vision)
        {
            json.WriteStartArray("content");
            Part(json, "text", call.Question);
            json.WriteStartObject();
            json.WriteString("type", "image_url");
            json.WriteStartObject("image_url");
            json.WriteString("url", "data:image/png;base64," + DemoPhoto.Base64);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("content", call.Question);
        }
        json.WriteEndObject();
        if (call.ToolResult is { } result)
        {
            json.WriteRawValue("""{"role":"assistant","content":null,"tool_calls":[{"id":"call_demo","type":"function","function":{"name":"get_weather","arguments":"{\"day\":\"saturday\"}"}}]}""");
            json.WriteStartObject();
            json.WriteString("role", "tool");
            json.WriteString("tool_call_id", "call_demo");
            json.WriteString("content", result);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (call.Scenario.Shape == DemoShape.Extraction)
        {
            json.WritePropertyName("response_format");
            json.WriteRawValue("""{"type":"json_object"}""");
        }
        if (call.HasTools)
        {
            json.WritePropertyName("tools");
            json.WriteRawValue("""[{"type":"function","function":{"name":"get_weather","description":"Weather of a place on a day","parameters":{"type":"object","properties":{"place":{"type":"string"},"day":{"type":"string"}},"required":["place"]}}},{"type":"function","function":{"name":"check_stock","description":"Stock of a product","parameters":{"type":"object","properties":{"product":{"type":"string"}}}}}]""");
        }
    }

    private static void Anthropic(Utf8JsonWriter json, DemoCall call)
    {
        json.WriteString("model", call.Model.Name);
        json.WriteNumber("max_tokens", 800);
        json.WriteNumber("temperature", call.Temperature);
        if (call.Stream)
        {
            json.WriteBoolean("stream", true);
        }
        json.WriteString("system", call.System);
        json.WriteStartArray("messages");
        Turns(json, call);
        json.WriteStartObject();
        json.WriteString("role", "user");
        json.WriteStartArray("content");
        if (call.Scenario.Shape == DemoShape.Vision)
        {
            json.WriteStartObject();
            json.WriteString("type", "image");
            json.WriteStartObject("source");
            json.WriteString("type", "base64");
            json.WriteString("media_type", "image/png");
            json.WriteString("data", DemoPhoto.Base64);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        Part(json, "text", call.Question);
        json.WriteEndArray();
        json.WriteEndObject();
        if (call.ToolResult is { } result)
        {
            json.WriteRawValue("""{"role":"assistant","content":[{"type":"tool_use","id":"toolu_demo","name":"get_weather","input":{"day":"saturday"}}]}""");
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WriteStartArray("content");
            json.WriteStartObject();
            json.WriteString("type", "tool_result");
            json.WriteString("tool_use_id", "toolu_demo");
            json.WriteString("content", result);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (call.HasTools)
        {
            json.WritePropertyName("tools");
            json.WriteRawValue("""[{"name":"get_weather","description":"Weather of a place on a day","input_schema":{"type":"object","properties":{"place":{"type":"string"},"day":{"type":"string"}},"required":["place"]}}]""");
        }
    }

    private static void Gemini(Utf8JsonWriter json, DemoCall call)
    {
        json.WriteStartObject("systemInstruction");
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteString("text", call.System);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("contents");
        json.WriteStartObject();
        json.WriteString("role", "user");
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteString("text", call.Question);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("generationConfig");
        json.WriteNumber("temperature", call.Temperature);
        json.WriteNumber("maxOutputTokens", 800);
        if (call.Scenario.Shape == DemoShape.Extraction)
        {
            json.WriteString("responseMimeType", "application/json");
        }
        json.WriteEndObject();
    }

    private static void Turns(Utf8JsonWriter json, DemoCall call)
    {
        for (var i = 0; i < call.Earlier.Length; i++)
        {
            Message(json, i % 2 == 0 ? "user" : "assistant", call.Earlier[i]);
        }
    }

    private static void Message(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    private static void Part(Utf8JsonWriter json, string type, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
