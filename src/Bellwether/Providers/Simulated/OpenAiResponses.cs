using System.Text.Json;

namespace Bellwether.Providers;

/// <summary><c>POST /v1/responses</c>: typed events without <c>[DONE]</c>; usage is in the last one.</summary>
internal static class OpenAiResponses
{
    public static SimulatedReply Answer(SimulatedPrompt prompt, SimulatedCompletion completion, long created)
    {
        var headers = SimulatedHeaders.OpenAi(completion.Stem);
        if (prompt.Stream)
        {
            return SimulatedJson.Stream(Events(prompt, completion, created), completion.Pace.HeadersAt, headers);
        }
        var body = SimulatedJson.Body(json => Response(json, prompt, completion, created, Status(completion)));
        return SimulatedJson.Plain(body, completion.Pace.At(completion.OutputTokens), headers);
    }

    private static string Status(SimulatedCompletion completion) => completion.Choices[0].Finish == SimulatedFinish.Length ? "incomplete" : "completed";

    private static IEnumerable<SimulatedChunk> Events(SimulatedPrompt prompt, SimulatedCompletion completion, long created)
    {
        var pace = completion.Pace;
        var choice = completion.Choices[0];
        var sequence = 0;
        var token = 0;

        SimulatedChunk Event(string type, TimeSpan at, Action<Utf8JsonWriter> write) => new(at, SimulatedJson.Event(type, json =>
        {
            json.WriteString("type", type);
            json.WriteNumber("sequence_number", sequence++);
            write(json);
        }));

        void Whole(Utf8JsonWriter json, string status)
        {
            json.WriteStartObject("response");
            Response(json, prompt, completion, created, status);
            json.WriteEndObject();
        }

        yield return Event("response.created", pace.HeadersAt, json => Whole(json, "in_progress"));
        yield return Event("response.in_progress", pace.HeadersAt, json => Whole(json, "in_progress"));

        var output = 0;
        if (completion.Reasoning.Length > 0)
        {
            yield return Event("response.output_item.added", pace.At(token), json => Item(json, output, item => ReasoningItem(item, completion, withSummary: false)));
            foreach (var piece in SimulatedWriter.Pieces(completion.Reasoning))
            {
                yield return Event("response.reasoning_summary_text.delta", pace.At(token++), json =>
                {
                    Position(json, "rs_" + completion.Stem, output);
                    json.WriteNumber("summary_index", 0);
                    json.WriteString("delta", piece);
                });
            }
            yield return Event("response.reasoning_summary_text.done", pace.At(token), json =>
            {
                Position(json, "rs_" + completion.Stem, output);
                json.WriteNumber("summary_index", 0);
                json.WriteString("text", completion.Reasoning);
            });
            yield return Event("response.output_item.done", pace.At(token), json => Item(json, output, item => ReasoningItem(item, completion, withSummary: true)));
            output++;
        }
        foreach (var call in choice.ToolCalls)
        {
            yield return Event("response.output_item.added", pace.At(token), json => Item(json, output, item => CallItem(item, call, "")));
            foreach (var piece in SimulatedWriter.Pieces(call.Arguments))
            {
                yield return Event("response.function_call_arguments.delta", pace.At(token++), json =>
                {
                    Position(json, "fc_" + call.Id, output);
                    json.WriteString("delta", piece);
                });
            }
            yield return Event("response.function_call_arguments.done", pace.At(token), json =>
            {
                Position(json, "fc_" + call.Id, output);
                json.WriteString("name", call.Name);
                json.WriteString("arguments", call.Arguments);
            });
            yield return Event("response.output_item.done", pace.At(token), json => Item(json, output, item => CallItem(item, call, call.Arguments)));
            output++;
        }
        if (choice.ToolCalls.IsEmpty)
        {
            var id = "msg_" + completion.Stem;
            yield return Event("response.output_item.added", pace.At(token), json => Item(json, output, item => MessageItem(item, completion, null)));
            yield return Event("response.content_part.added", pace.At(token), json => Part(json, id, output, ""));
            foreach (var piece in SimulatedWriter.Pieces(choice.Text))
            {
                yield return Event("response.output_text.delta", pace.At(token++), json =>
                {
                    Position(json, id, output);
                    json.WriteNumber("content_index", 0);
                    json.WriteString("delta", piece);
                    json.WriteStartArray("logprobs");
                    json.WriteEndArray();
                });
            }
            yield return Event("response.output_text.done", pace.At(token), json =>
            {
                Position(json, id, output);
                json.WriteNumber("content_index", 0);
                json.WriteString("text", choice.Text);
                json.WriteStartArray("logprobs");
                json.WriteEndArray();
            });
            yield return Event("response.content_part.done", pace.At(token), json => Part(json, id, output, choice.Text));
            yield return Event("response.output_item.done", pace.At(token), json => Item(json, output, item => MessageItem(item, completion, choice.Text)));
        }
        var status = Status(completion);
        yield return Event("response." + status, pace.At(token), json => Whole(json, status));
    }

    private static void Response(Utf8JsonWriter json, SimulatedPrompt prompt, SimulatedCompletion completion, long created, string status)
    {
        var finished = status != "in_progress";
        json.WriteString("id", "resp_" + completion.Stem);
        json.WriteString("object", "response");
        json.WriteNumber("created_at", created);
        json.WriteString("status", status);
        json.WriteNull("error");
        if (status == "incomplete")
        {
            json.WriteStartObject("incomplete_details");
            json.WriteString("reason", "max_output_tokens");
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("incomplete_details");
        }
        json.WriteNull("instructions");
        json.WriteString("model", prompt.Model);
        json.WriteStartArray("output");
        if (finished)
        {
            Output(json, completion);
        }
        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls", true);
        json.WriteNull("previous_response_id");
        json.WriteString("service_tier", "default");
        json.WriteBoolean("store", false);
        json.WriteNumber("temperature", 1);
        json.WriteString("tool_choice", "auto");
        json.WriteStartArray("tools");
        json.WriteEndArray();
        json.WriteNumber("top_p", 1);
        json.WriteString("truncation", "disabled");
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        if (finished && !prompt.Behaviour.NoUsage)
        {
            json.WritePropertyName("usage");
            Usage(json, completion);
        }
        else
        {
            json.WriteNull("usage");
        }
    }

    private static void Output(Utf8JsonWriter json, SimulatedCompletion completion)
    {
        var choice = completion.Choices[0];
        if (completion.Reasoning.Length > 0)
        {
            json.WriteStartObject();
            ReasoningItem(json, completion, withSummary: true);
            json.WriteEndObject();
        }
        foreach (var call in choice.ToolCalls)
        {
            json.WriteStartObject();
            CallItem(json, call, call.Arguments);
            json.WriteEndObject();
        }
        if (choice.ToolCalls.IsEmpty)
        {
            json.WriteStartObject();
            MessageItem(json, completion, choice.Text);
            json.WriteEndObject();
        }
    }

    private static void Usage(Utf8JsonWriter json, SimulatedCompletion completion)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens", completion.InputTokens);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", completion.CachedTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", completion.OutputTokens);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", completion.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", completion.InputTokens + completion.OutputTokens);
        json.WriteEndObject();
    }

    private static void Position(Utf8JsonWriter json, string item, int output)
    {
        json.WriteString("item_id", item);
        json.WriteNumber("output_index", output);
    }

    private static void Item(Utf8JsonWriter json, int output, Action<Utf8JsonWriter> item)
    {
        json.WriteNumber("output_index", output);
        json.WriteStartObject("item");
        item(json);
        json.WriteEndObject();
    }

    private static void Part(Utf8JsonWriter json, string id, int output, string text)
    {
        Position(json, id, output);
        json.WriteNumber("content_index", 0);
        json.WriteStartObject("part");
        TextPart(json, text);
        json.WriteEndObject();
    }

    private static void TextPart(Utf8JsonWriter json, string text)
    {
        json.WriteString("type", "output_text");
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteStartArray("logprobs");
        json.WriteEndArray();
        json.WriteString("text", text);
    }

    private static void MessageItem(Utf8JsonWriter json, SimulatedCompletion completion, string? text)
    {
        json.WriteString("id", "msg_" + completion.Stem);
        json.WriteString("type", "message");
        json.WriteString("status", text is null ? "in_progress" : "completed");
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        if (text is not null)
        {
            json.WriteStartObject();
            TextPart(json, text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void CallItem(Utf8JsonWriter json, SimulatedToolCall call, string arguments)
    {
        json.WriteString("id", "fc_" + call.Id);
        json.WriteString("type", "function_call");
        json.WriteString("status", arguments.Length == 0 ? "in_progress" : "completed");
        json.WriteString("call_id", "call_" + call.Id);
        json.WriteString("name", call.Name);
        json.WriteString("arguments", arguments);
    }

    private static void ReasoningItem(Utf8JsonWriter json, SimulatedCompletion completion, bool withSummary)
    {
        json.WriteString("id", "rs_" + completion.Stem);
        json.WriteString("type", "reasoning");
        json.WriteStartArray("summary");
        if (withSummary)
        {
            json.WriteStartObject();
            json.WriteString("type", "summary_text");
            json.WriteString("text", completion.Reasoning);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
