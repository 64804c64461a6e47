using System.Text.Json;

namespace Bellwether.Providers;

/// <summary><c>:generateContent</c>, <c>:streamGenerateContent?alt=sse</c>, <c>:countTokens</c>. Events end with CRLF; candidates do not count thoughts.</summary>
internal static class GeminiContent
{
    public static SimulatedReply Count(SimulatedPrompt prompt) =>
        SimulatedJson.Plain(SimulatedJson.Body(json => json.WriteNumber("totalTokens", prompt.InputTokens)), prompt.Behaviour.Latency, []);

    public static SimulatedReply Answer(SimulatedPrompt prompt, SimulatedCompletion completion)
    {
        if (prompt.Stream)
        {
            return SimulatedJson.Stream(Events(prompt, completion), completion.Pace.HeadersAt, []);
        }
        var body = SimulatedJson.Body(json =>
        {
            var choice = completion.Choices[0];
            Candidates(json, choice.Text, choice, last: true);
            Tail(json, prompt, completion, last: true);
        });
        return SimulatedJson.Plain(body, completion.Pace.At(completion.OutputTokens), []);
    }

    // Gemini sends few large events: eight tokens each.
    private static IEnumerable<SimulatedChunk> Events(SimulatedPrompt prompt, SimulatedCompletion completion)
    {
        var choice = completion.Choices[0];
        var groups = SimulatedWriter.Pieces(choice.Text).Chunk(8).Select(group => string.Concat(group)).ToArray();
        for (var i = 0; i < Math.Max(1, groups.Length); i++)
        {
            var last = i >= groups.Length - 1;
            var text = groups.Length == 0 ? "" : groups[i];
            yield return new(completion.Pace.At(i * 8), SimulatedJson.Event(null, json =>
            {
                Candidates(json, text, choice, last);
                Tail(json, prompt, completion, last);
            }, "\r\n"));
        }
    }

    private static void Candidates(Utf8JsonWriter json, string text, SimulatedChoice choice, bool last)
    {
        json.WriteStartArray("candidates");
        json.WriteStartObject();
        json.WriteStartObject("content");
        json.WriteStartArray("parts");
        if (text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("text", text);
            json.WriteEndObject();
        }
        foreach (var call in last ? choice.ToolCalls : [])
        {
            json.WriteStartObject();
            json.WriteStartObject("functionCall");
            json.WriteString("name", call.Name);
            json.WritePropertyName("args");
            json.WriteRawValue(call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("role", "model");
        json.WriteEndObject();
        if (last)
        {
            json.WriteString("finishReason", choice.Finish == SimulatedFinish.Length ? "MAX_TOKENS" : "STOP");
        }
        json.WriteNumber("index", 0);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Tail(Utf8JsonWriter json, SimulatedPrompt prompt, SimulatedCompletion completion, bool last)
    {
        if (!prompt.Behaviour.NoUsage)
        {
            json.WriteStartObject("usageMetadata");
            json.WriteNumber("promptTokenCount", completion.InputTokens);
            if (completion.CachedTokens > 0)
            {
                json.WriteNumber("cachedContentTokenCount", completion.CachedTokens);
            }
            if (last)
            {
                json.WriteNumber("candidatesTokenCount", completion.OutputTokens - completion.ReasoningTokens);
            }
            if (completion.ReasoningTokens > 0)
            {
                json.WriteNumber("thoughtsTokenCount", completion.ReasoningTokens);
            }
            json.WriteNumber("totalTokenCount", completion.InputTokens + (last ? completion.OutputTokens : completion.ReasoningTokens));
            json.WriteEndObject();
        }
        json.WriteString("modelVersion", prompt.Model);
        json.WriteString("responseId", completion.Stem);
    }
}
