using System.Text.Json;

namespace Bellwether.Providers;

/// <summary>What needs no understanding of a body: model lists, uploads, sound.</summary>
internal static class SimulatedCatalog
{
    private const long Created = 1_763_000_000;

    private static readonly string[] s_models =
    [
        "gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-5.4", "gpt-5.4-mini", "o4-mini", "text-embedding-3-small", "text-embedding-3-large", "omni-moderation-latest",
        "sim-fast", "sim-slow", "sim-long", "sim-drip", "sim-no-usage", "sim-tools", "sim-reasoning", .. SimulatedBehaviour.FaultNames.Select(name => "sim-" + name),
    ];

    private static readonly string[] s_claudes = ["claude-opus-4-6", "claude-sonnet-4-6", "claude-haiku-4-5"];
    private static readonly string[] s_geminis = ["gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite", "gemini-embedding-001"];

    public static bool IsBodyless(SimulatedOperation operation) =>
        operation is SimulatedOperation.Upload or SimulatedOperation.Transcription or SimulatedOperation.Speech;

    public static SimulatedReply Answer(SimulatedRoute route, SimulatedRequest request) => route.Operation switch
    {
        SimulatedOperation.Upload => Plain(json =>
        {
            json.WriteString("id", "file-Simulated");
            json.WriteString("object", "file");
            json.WriteNumber("bytes", request.Body.Length);
            json.WriteNumber("created_at", Created);
            json.WriteString("filename", "upload");
            json.WriteString("purpose", "assistants");
            json.WriteString("status", "processed");
        }),
        SimulatedOperation.Transcription => Plain(json => json.WriteString("text", "This is a simulated transcription.")),
        SimulatedOperation.Speech => SimulatedReply.Whole(200, "audio/mpeg", new byte[4_096], TimeSpan.FromMilliseconds(30), SimulatedHeaders.OpenAi("Speech")),
        _ => Models(route),
    };

    private static SimulatedReply Models(SimulatedRoute route) => route.Dialect switch
    {
        SimulatedDialect.Anthropic when route.Model.Length > 0 => Plain(json => Claude(json, route.Model)),
        SimulatedDialect.Anthropic => Plain(json =>
        {
            List(json, "data", s_claudes, Claude);
            json.WriteBoolean("has_more", false);
            json.WriteString("first_id", s_claudes[0]);
            json.WriteString("last_id", s_claudes[^1]);
        }),
        SimulatedDialect.Gemini when route.Model.Length > 0 => Plain(json => Gemini(json, route.Model)),
        SimulatedDialect.Gemini => Plain(json => List(json, "models", s_geminis, Gemini)),
        SimulatedDialect.OpenAi when route.Model.Length > 0 => Plain(json => OpenAi(json, route.Model)),
        SimulatedDialect.OpenAi => Plain(json =>
        {
            json.WriteString("object", "list");
            List(json, "data", s_models, OpenAi);
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(route), route.Dialect, null),
    };

    private static SimulatedReply Plain(Action<Utf8JsonWriter> write) =>
        SimulatedReply.Whole(200, "application/json", SimulatedJson.Body(write), TimeSpan.Zero, SimulatedHeaders.OpenAi("Catalog"));

    private static void List(Utf8JsonWriter json, string name, string[] models, Action<Utf8JsonWriter, string> write)
    {
        json.WriteStartArray(name);
        foreach (var model in models)
        {
            json.WriteStartObject();
            write(json, model);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void OpenAi(Utf8JsonWriter json, string model)
    {
        json.WriteString("id", model);
        json.WriteString("object", "model");
        json.WriteNumber("created", Created);
        json.WriteString("owned_by", "simulated");
    }

    private static void Claude(Utf8JsonWriter json, string model)
    {
        json.WriteString("type", "model");
        json.WriteString("id", model);
        json.WriteString("display_name", model);
        json.WriteString("created_at", "2025-11-13T00:00:00Z");
    }

    private static void Gemini(Utf8JsonWriter json, string model)
    {
        json.WriteString("name", "models/" + model);
        json.WriteString("version", "001");
        json.WriteString("displayName", model);
        json.WriteNumber("inputTokenLimit", 1_048_576);
        json.WriteNumber("outputTokenLimit", 65_536);
    }
}
