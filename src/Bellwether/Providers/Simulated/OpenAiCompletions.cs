using System.Text.Json;

namespace Bellwether.Providers;

/// <summary><c>POST /v1/completions</c>, the older text interface.</summary>
internal static class OpenAiCompletions
{
    public static SimulatedReply Answer(SimulatedPrompt prompt, SimulatedCompletion completion, long created)
    {
        var headers = SimulatedHeaders.OpenAi(completion.Stem);
        if (prompt.Stream)
        {
            return SimulatedJson.Stream(Chunks(prompt, completion, created), completion.Pace.HeadersAt, headers);
        }
        var body = SimulatedJson.Body(json =>
        {
            OpenAiChat.Head(json, completion, "text_completion", created, prompt.Model);
            json.WriteStartArray("choices");
            for (var i = 0; i < completion.Choices.Length; i++)
            {
                Choice(json, i, completion.Choices[i].Text, completion.Choices[i].Finish);
            }
            json.WriteEndArray();
            if (!prompt.Behaviour.NoUsage)
            {
                json.WritePropertyName("usage");
                OpenAiChat.Usage(json, completion);
            }
        });
        return SimulatedJson.Plain(body, completion.Pace.At(completion.OutputTokens), headers);
    }

    private static IEnumerable<SimulatedChunk> Chunks(SimulatedPrompt prompt, SimulatedCompletion completion, long created)
    {
        byte[] Chunk(int index, string text, SimulatedFinish? finish) => SimulatedJson.Event(null, json =>
        {
            OpenAiChat.Head(json, completion, "text_completion", created, prompt.Model);
            json.WriteStartArray("choices");
            Choice(json, index, text, finish);
            json.WriteEndArray();
            if (prompt.IncludeUsage)
            {
                json.WriteNull("usage");
            }
        });

        var token = 0;
        for (var i = 0; i < completion.Choices.Length; i++)
        {
            foreach (var piece in SimulatedWriter.Pieces(completion.Choices[i].Text))
            {
                yield return new(completion.Pace.At(token++), Chunk(i, piece, null));
            }
            yield return new(completion.Pace.At(token), Chunk(i, "", completion.Choices[i].Finish));
        }
        if (prompt.IncludeUsage && !prompt.Behaviour.NoUsage)
        {
            yield return new(completion.Pace.At(token), SimulatedJson.Event(null, json =>
            {
                OpenAiChat.Head(json, completion, "text_completion", created, prompt.Model);
                json.WriteStartArray("choices");
                json.WriteEndArray();
                json.WritePropertyName("usage");
                OpenAiChat.Usage(json, completion);
            }));
        }
        yield return new(completion.Pace.At(token), SimulatedJson.Done);
    }

    private static void Choice(Utf8JsonWriter json, int index, string text, SimulatedFinish? finish)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteNumber("index", index);
        json.WriteNull("logprobs");
        if (finish is { } reason)
        {
            json.WriteString("finish_reason", OpenAiChat.Finish(reason));
        }
        else
        {
            json.WriteNull("finish_reason");
        }
        json.WriteEndObject();
    }
}
