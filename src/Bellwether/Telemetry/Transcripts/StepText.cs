using System.Text;
using System.Text.Json;

namespace Bellwether.Telemetry;

/// <summary>What a person said and was told in a step, for lists and conversations: the last message of the user, and the answer.</summary>
public static class StepText
{
    private static readonly string[] s_asked = ["input", "question", "query", "prompt", "message", "text", "content", "task", "topic"];
    private static readonly string[] s_answered = ["output", "answer", "result", "text", "content", "response", "message", "final_output"];

    /// <summary>The two texts; empty where nothing of the kind was kept.</summary>
    public static (string Asked, string Answered) Of(ObservationPayload payload)
    {
        var transcript = TranscriptReader.Read(payload);
        var asked = transcript.Messages.LastOrDefault(message => !message.IsAnswer && message.Role == "user") is { } question ? Join(question) : "";
        var answered = string.Join("\n\n", transcript.Messages.Where(message => message.IsAnswer && message.Choice <= 1).Select(Join).Where(text => text.Length > 0));
        return (asked.Length > 0 ? asked : Value(payload.Input, s_asked), answered.Length > 0 ? answered : Value(payload.Output, s_answered));
    }

    private static string Join(TranscriptMessage message) =>
        string.Join("\n\n", message.Parts.Where(part => part.Kind is TranscriptPartKind.Text or TranscriptPartKind.Refusal or TranscriptPartKind.Media).Select(part => part.Text));

    // A chain's input is a value of its own making: text, an object with one text, or {"input":"…","chat_history":[…]}.
    private static string Value(ReadOnlyMemory<byte> body, string[] names)
    {
        if (body.IsEmpty) { return ""; }
        if (body.Span[0] is not ((byte)'{' or (byte)'[' or (byte)'"')) { return Encoding.UTF8.GetString(body.Span); }
        using var document = LenientJson.Parse(body, out _);
        return document is null ? Encoding.UTF8.GetString(body.Span) : Value(document.RootElement, names, depth: 0);
    }

    private static string Value(JsonElement value, string[] names, int depth)
    {
        if (value.ValueKind == JsonValueKind.String) { return TranscriptParts.Safe(value); }
        if (value.ValueKind != JsonValueKind.Object || depth > 3) { return ""; }
        foreach (var name in names)
        {
            if (value.TryGetProperty(name, out var inner) && Value(inner, names, depth + 1) is { Length: > 0 } text) { return text; }
        }
        var all = value.EnumerateObject().Take(2).ToArray();
        return all is [{ Value.ValueKind: JsonValueKind.String } only] ? TranscriptParts.Safe(only.Value) : "";
    }
}
