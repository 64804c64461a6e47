using System.Text.Json;

namespace Bellwether.Providers;

/// <summary><c>POST /v1/messages</c> and <c>/v1/messages/count_tokens</c>. Input tokens exclude what the cache gave or took.</summary>
internal static class AnthropicMessages
{
    public static SimulatedReply Count(SimulatedPrompt prompt) =>
        SimulatedJson.Plain(SimulatedJson.Body(json => json.WriteNumber("input_tokens", prompt.InputTokens)), prompt.Behaviour.Latency, SimulatedHeaders.Anthropic("CountTokens"));

    public static SimulatedReply Answer(SimulatedPrompt prompt, SimulatedCompletion completion)
    {
        var headers = SimulatedHeaders.Anthropic(completion.Stem);
        if (prompt.Stream)
        {
            return SimulatedJson.Stream(Events(prompt, completion), completion.Pace.HeadersAt, headers);
        }
        var choice = completion.Choices[0];
        var body = SimulatedJson.Body(json =>
        {
            Head(json, prompt, completion);
            json.WriteStartArray("content");
            if (completion.Reasoning.Length > 0)
            {
                json.WriteStartObject();
                json.WriteString("type", "thinking");
                json.WriteString("thinking", completion.Reasoning);
                json.WriteString("signature", Signature(completion));
                json.WriteEndObject();
            }
            if (choice.Text.Length > 0)
            {
                json.WriteStartObject();
                json.WriteString("type", "text");
                json.WriteString("text", choice.Text);
                json.WriteEndObject();
            }
            foreach (var call in choice.ToolCalls)
            {
                json.WriteStartObject();
                json.WriteString("type", "tool_use");
                json.WriteString("id", "toolu_01" + call.Id);
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                json.WriteRawValue(call.Arguments);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("stop_reason", Stop(choice));
            json.WriteNull("stop_sequence");
            if (!prompt.Behaviour.NoUsage)
            {
                json.WritePropertyName("usage");
                Usage(json, completion, completion.OutputTokens);
            }
        });
        return SimulatedJson.Plain(body, completion.Pace.At(completion.OutputTokens), headers);
    }

    private static IEnumerable<SimulatedChunk> Events(SimulatedPrompt prompt, SimulatedCompletion completion)
    {
        var pace = completion.Pace;
        var choice = completion.Choices[0];
        var token = 0;
        var block = 0;

        SimulatedChunk Event(string type, TimeSpan at, Action<Utf8JsonWriter>? write = null) => new(at, SimulatedJson.Event(type, json =>
        {
            json.WriteString("type", type);
            write?.Invoke(json);
        }));

        SimulatedChunk Delta(string kind, string name, string value) => Event("content_block_delta", pace.At(token++), json =>
        {
            json.WriteNumber("index", block);
            json.WriteStartObject("delta");
            json.WriteString("type", kind);
            json.WriteString(name, value);
            json.WriteEndObject();
        });

        SimulatedChunk Begin(Action<Utf8JsonWriter> content) => Event("content_block_start", pace.At(token), json =>
        {
            json.WriteNumber("index", block);
            json.WriteStartObject("content_block");
            content(json);
            json.WriteEndObject();
        });

        SimulatedChunk End()
        {
            var ended = block++;
            return Event("content_block_stop", pace.At(token), json => json.WriteNumber("index", ended));
        }

        yield return Event("message_start", pace.HeadersAt, json =>
        {
            json.WriteStartObject("message");
            Head(json, prompt, completion);
            json.WriteStartArray("content");
            json.WriteEndArray();
            json.WriteNull("stop_reason");
            json.WriteNull("stop_sequence");
            if (!prompt.Behaviour.NoUsage)
            {
                json.WritePropertyName("usage");
                Usage(json, completion, 1);
            }
            json.WriteEndObject();
        });
        yield return Event("ping", pace.HeadersAt);

        if (completion.Reasoning.Length > 0)
        {
            yield return Begin(json =>
            {
                json.WriteString("type", "thinking");
                json.WriteString("thinking", "");
                json.WriteString("signature", "");
            });
            foreach (var piece in SimulatedWriter.Pieces(completion.Reasoning))
            {
                yield return Delta("thinking_delta", "thinking", piece);
            }
            yield return Delta("signature_delta", "signature", Signature(completion));
            yield return End();
        }
        if (choice.Text.Length > 0)
        {
            yield return Begin(json =>
            {
                json.WriteString("type", "text");
                json.WriteString("text", "");
            });
            foreach (var piece in SimulatedWriter.Pieces(choice.Text))
            {
                yield return Delta("text_delta", "text", piece);
            }
            yield return End();
        }
        foreach (var call in choice.ToolCalls)
        {
            yield return Begin(json =>
            {
                json.WriteString("type", "tool_use");
                json.WriteString("id", "toolu_01" + call.Id);
                json.WriteString("name", call.Name);
                json.WriteStartObject("input");
                json.WriteEndObject();
            });
            foreach (var piece in SimulatedWriter.Pieces(call.Arguments))
            {
                yield return Delta("input_json_delta", "partial_json", piece);
            }
            yield return End();
        }
        yield return Event("message_delta", pace.At(token), json =>
        {
            json.WriteStartObject("delta");
            json.WriteString("stop_reason", Stop(choice));
            json.WriteNull("stop_sequence");
            json.WriteEndObject();
            if (!prompt.Behaviour.NoUsage)
            {
                json.WriteStartObject("usage");
                json.WriteNumber("output_tokens", completion.OutputTokens);
                json.WriteEndObject();
            }
        });
        yield return Event("message_stop", pace.At(token));
    }

    private static void Head(Utf8JsonWriter json, SimulatedPrompt prompt, SimulatedCompletion completion)
    {
        json.WriteString("id", "msg_01" + completion.Stem);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", prompt.Model);
    }

    private static void Usage(Utf8JsonWriter json, SimulatedCompletion completion, int output)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens", completion.InputTokens - completion.CachedTokens - completion.CacheWriteTokens);
        json.WriteNumber("cache_creation_input_tokens", completion.CacheWriteTokens);
        json.WriteNumber("cache_read_input_tokens", completion.CachedTokens);
        json.WriteStartObject("cache_creation");
        json.WriteNumber("ephemeral_5m_input_tokens", completion.CacheWriteTokens);
        json.WriteNumber("ephemeral_1h_input_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", output);
        json.WriteString("service_tier", "standard");
        json.WriteEndObject();
    }

    private static string Stop(SimulatedChoice choice) => choice.Finish switch
    {
        SimulatedFinish.Stop => "end_turn",
        SimulatedFinish.Length => "max_tokens",
        SimulatedFinish.ToolCall => "tool_use",
        SimulatedFinish.Filter => "refusal",
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice.Finish, null),
    };

    private static string Signature(SimulatedCompletion completion) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes("simulated-" + completion.Stem));
}
