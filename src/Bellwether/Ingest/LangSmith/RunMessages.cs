using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>Writes what a model step said and heard in the shapes that pages read as a chat; null where no messages can be seen.</summary>
internal static class RunMessages
{
    /// <summary><c>{"generations":[[{"text":…,"message":…}]]}</c>, also without the inner array.</summary>
    public static JsonNode? FirstGeneration(JsonNode? outputs) => JsonFields.Get(outputs, "generations") switch
    {
        JsonArray { Count: > 0 } outer when outer[0] is JsonArray { Count: > 0 } inner => inner[0],
        JsonArray { Count: > 0 } outer => outer[0],
        _ => null,
    };

    public static JsonObject? Input(JsonNode? inputs, string model)
    {
        // LangChain nests the messages once for a batch of prompts, of which a run has one.
        if (JsonFields.Get(inputs, "messages") is not JsonArray { Count: > 0 } list)
        {
            return null;
        }
        var messages = new JsonArray();
        foreach (var message in list[0] as JsonArray ?? list)
        {
            if (Message(message) is not { } readable)
            {
                return null;
            }
            messages.Add((JsonNode)readable);
        }
        var request = new JsonObject { ["messages"] = messages };
        if (model.Length > 0)
        {
            request["model"] = model;
        }
        if (JsonFields.Get(inputs, "tools") is JsonArray tools)
        {
            request["tools"] = tools.DeepClone();
        }
        return request;
    }

    public static JsonObject? Output(JsonNode? outputs, out string finish)
    {
        var generation = FirstGeneration(outputs);
        var choice = JsonFields.Get(outputs, "choices") is JsonArray { Count: > 0 } choices ? choices[0] : null;
        finish = JsonFields.First(
            JsonFields.Get(choice, "finish_reason"),
            JsonFields.Get(JsonFields.Get(generation, "generationInfo"), "finish_reason"),
            JsonFields.Get(JsonFields.Get(generation, "generation_info"), "finish_reason"));
        var message = Message(JsonFields.Get(choice, "message") ?? JsonFields.Get(generation, "message"))
            ?? (JsonFields.Get(outputs, "role") is not null ? Message(outputs) : null);
        if (message is null)
        {
            return JsonFields.Text(JsonFields.Get(generation, "text")) is { Length: > 0 } text ? new JsonObject { ["text"] = text } : null;
        }
        var answer = new JsonObject { ["text"] = Plain(message["content"]) };
        if (message["tool_calls"] is JsonArray { Count: > 0 } calls)
        {
            var written = new JsonArray();
            foreach (var call in calls)
            {
                written.Add((JsonNode)new JsonObject
                {
                    ["id"] = JsonFields.Text(call?["id"]),
                    ["name"] = JsonFields.Text(call?["function"]?["name"]),
                    ["arguments"] = JsonFields.Text(call?["function"]?["arguments"]),
                });
            }
            answer["tool_calls"] = written;
        }
        return answer;
    }

    // {"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":{"content":"hi"}}
    // {"role":"user","content":"hi"}   {"type":"human","content":"hi"}
    private static JsonObject? Message(JsonNode? node)
    {
        if (node is not JsonObject message)
        {
            return null;
        }
        var fields = message["kwargs"] as JsonObject ?? message;
        var name = message["kwargs"] is JsonObject && message["id"] is JsonArray { Count: > 0 } path ? JsonFields.Text(path[^1]) : "";
        var role = name.Length > 0 ? name : JsonFields.First(fields["role"], fields["type"]);
        role = role switch
        {
            "HumanMessage" or "HumanMessageChunk" or "human" => "user",
            "AIMessage" or "AIMessageChunk" or "ai" => "assistant",
            "SystemMessage" or "SystemMessageChunk" => "system",
            "ToolMessage" or "ToolMessageChunk" or "FunctionMessage" or "function" => "tool",
            "ChatMessage" or "ChatMessageChunk" => JsonFields.First(fields["role"]),
            _ => role,
        };
        if (role is not ("user" or "assistant" or "system" or "tool" or "developer"))
        {
            return null;
        }
        var written = new JsonObject { ["role"] = role, ["content"] = fields["content"]?.DeepClone() };
        if (JsonFields.Text(fields["tool_call_id"]) is { Length: > 0 } answered)
        {
            written["tool_call_id"] = answered;
        }
        if (fields["tool_calls"] is JsonArray { Count: > 0 } calls)
        {
            written["tool_calls"] = new JsonArray([.. calls.Select(Call)]);
        }
        return written;
    }

    // LangChain: {"name":"add","args":{"a":1},"id":"call_1"}; OpenAI: {"id":"call_1","function":{"name":"add","arguments":"{…}"}}
    private static JsonObject Call(JsonNode? call)
    {
        var function = JsonFields.Get(call, "function");
        var arguments = JsonFields.Get(function, "arguments") ?? JsonFields.Get(call, "args");
        return new JsonObject
        {
            ["id"] = JsonFields.Text(JsonFields.Get(call, "id")),
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = JsonFields.First(JsonFields.Get(function, "name"), JsonFields.Get(call, "name")),
                ["arguments"] = arguments?.GetValueKind() == JsonValueKind.String ? JsonFields.Text(arguments) : arguments?.ToJsonString() ?? "",
            },
        };
    }

    private static string Plain(JsonNode? content) => content is JsonArray parts
        ? string.Join("\n", parts.Select(part => JsonFields.First(part, JsonFields.Get(part, "text"))).Where(text => text.Length > 0))
        : JsonFields.Text(content);
}
