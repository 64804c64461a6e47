using System.Text.Json;

namespace Bellwether.Providers;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal static class OpenAiChat
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
            Head(json, completion, "chat.completion", created, prompt.Model);
            json.WriteStartArray("choices");
            for (var i = 0; i < completion.Choices.Length; i++)
            {
                Choice(json, i, completion.Choices[i]);
            }
            json.WriteEndArray();
            if (!prompt.Behaviour.NoUsage)
            {
                json.WritePropertyName("usage");
                Usage(json, completion);
            }
            json.WriteString("service_tier", "default");
            json.WriteString("system_fingerprint", "fp_simulated");
        });
        return SimulatedJson.Plain(body, completion.Pace.At(completion.OutputTokens), headers);
    }

    private static void Choice(Utf8JsonWriter json, int index, SimulatedChoice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (choice.ToolCalls.IsEmpty)
        {
            json.WriteString("content", choice.Text);
        }
        else
        {
            json.WriteNull("content");
            json.WriteStartArray("tool_calls");
            foreach (var call in choice.ToolCalls)
            {
                json.WriteStartObject();
                json.WriteString("id", "call_" + call.Id);
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", call.Name);
                json.WriteString("arguments", call.Arguments);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteNull("refusal");
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", Finish(choice.Finish));
        json.WriteEndObject();
    }

    private static IEnumerable<SimulatedChunk> Chunks(SimulatedPrompt prompt, SimulatedCompletion completion, long created)
    {
        var pace = completion.Pace;
        // OpenAI pads chunks of its own models so that their length does not give the text away.
        var padding = new SimulatedDice((ulong)created + (ulong)completion.OutputTokens);
        var padded = prompt.Model.StartsWith("gpt-", StringComparison.Ordinal);

        byte[] Chunk(int index, Action<Utf8JsonWriter>? delta, SimulatedFinish? finish)
        {
            var obfuscation = padded && delta is not null ? padding.Id("", 1 + padding.Next(12)) : null;
            return SimulatedJson.Event(null, json =>
            {
                Head(json, completion, "chat.completion.chunk", created, prompt.Model);
                json.WriteString("service_tier", "default");
                json.WriteString("system_fingerprint", "fp_simulated");
                json.WriteStartArray("choices");
                json.WriteStartObject();
                json.WriteNumber("index", index);
                json.WriteStartObject("delta");
                delta?.Invoke(json);
                json.WriteEndObject();
                json.WriteNull("logprobs");
                if (finish is { } reason)
                {
                    json.WriteString("finish_reason", Finish(reason));
                }
                else
                {
                    json.WriteNull("finish_reason");
                }
                json.WriteEndObject();
                json.WriteEndArray();
                if (prompt.IncludeUsage)
                {
                    json.WriteNull("usage");
                }
                if (obfuscation is not null)
                {
                    json.WriteString("obfuscation", obfuscation);
                }
            });
        }

        var token = 0;
        for (var i = 0; i < completion.Choices.Length; i++)
        {
            yield return new(pace.HeadersAt, Chunk(i, json =>
            {
                json.WriteString("role", "assistant");
                json.WriteString("content", "");
                json.WriteNull("refusal");
            }, null));
        }
        if (prompt.Model.StartsWith("sim-", StringComparison.Ordinal) && completion.Reasoning.Length > 0)
        {
            // As DeepSeek and vLLM send it; OpenAI itself keeps its reasoning to itself.
            foreach (var piece in SimulatedWriter.Pieces(completion.Reasoning))
            {
                yield return new(pace.At(token++), Chunk(0, json => json.WriteString("reasoning_content", piece), null));
            }
        }
        for (var i = 0; i < completion.Choices.Length; i++)
        {
            var choice = completion.Choices[i];
            foreach (var piece in SimulatedWriter.Pieces(choice.Text))
            {
                yield return new(pace.At(token++), Chunk(i, json => json.WriteString("content", piece), null));
            }
            for (var call = 0; call < choice.ToolCalls.Length; call++)
            {
                var (index, tool) = (call, choice.ToolCalls[call]);
                yield return new(pace.At(token++), Chunk(i, json => ToolDelta(json, index, tool, ""), null));
                foreach (var piece in SimulatedWriter.Pieces(tool.Arguments))
                {
                    yield return new(pace.At(token++), Chunk(i, json => ToolDelta(json, index, null, piece), null));
                }
            }
            yield return new(pace.At(token), Chunk(i, null, choice.Finish));
        }
        if (prompt.IncludeUsage && !prompt.Behaviour.NoUsage)
        {
            yield return new(pace.At(token), SimulatedJson.Event(null, json =>
            {
                Head(json, completion, "chat.completion.chunk", created, prompt.Model);
                json.WriteString("service_tier", "default");
                json.WriteStartArray("choices");
                json.WriteEndArray();
                json.WritePropertyName("usage");
                Usage(json, completion);
            }));
        }
        yield return new(pace.At(token), SimulatedJson.Done);
    }

    private static void ToolDelta(Utf8JsonWriter json, int index, SimulatedToolCall? first, string arguments)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", index);
        if (first is not null)
        {
            json.WriteString("id", "call_" + first.Id);
            json.WriteString("type", "function");
        }
        json.WriteStartObject("function");
        if (first is not null)
        {
            json.WriteString("name", first.Name);
        }
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    internal static void Head(Utf8JsonWriter json, SimulatedCompletion completion, string kind, long created, string model)
    {
        json.WriteString("id", (kind == "text_completion" ? "cmpl-" : "chatcmpl-") + completion.Stem);
        json.WriteString("object", kind);
        json.WriteNumber("created", created);
        json.WriteString("model", model);
    }

    internal static void Usage(Utf8JsonWriter json, SimulatedCompletion completion)
    {
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens", completion.InputTokens);
        json.WriteNumber("completion_tokens", completion.OutputTokens);
        json.WriteNumber("total_tokens", completion.InputTokens + completion.OutputTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", completion.CachedTokens);
        json.WriteNumber("audio_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", completion.ReasoningTokens);
        json.WriteNumber("audio_tokens", 0);
        json.WriteNumber("accepted_prediction_tokens", 0);
        json.WriteNumber("rejected_prediction_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    internal static string Finish(SimulatedFinish finish) => finish switch
    {
        SimulatedFinish.Stop => "stop",
        SimulatedFinish.Length => "length",
        SimulatedFinish.ToolCall => "tool_calls",
        SimulatedFinish.Filter => "content_filter",
        _ => throw new ArgumentOutOfRangeException(nameof(finish), finish, null),
    };
}
