using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>Finds the messages of a model step and writes them in OpenAI's shape; null where none can be seen.</summary>
internal static class RunMessages
{
    /// <summary><c>{"generations":[[{"text":…,"message":…}]]}</c>, also without the inner array.</summary>
    public static JsonNode? FirstGeneration(JsonNode? outputs) => Generations(outputs) is [var first, ..] ? first : null;

    /// <summary>Where a message keeps its fields: LangChain's are in <c>kwargs</c>.</summary>
    public static JsonNode? Fields(JsonNode? message) => JsonFields.Get(message, "kwargs") as JsonObject ?? message;

    public static JsonObject? Input(JsonNode inputs, string model)
    {
        if (inputs is not JsonObject request)
        {
            return null;
        }
        // LangChain nests the messages once for a batch of prompts, of which a run has one.
        var list = request["messages"] is JsonArray { Count: > 0 } outer ? outer[0] as JsonArray ?? outer : Prompt(request);
        if (list is null)
        {
            return null;
        }
        var chat = new JsonObject { ["model"] = JsonFields.First(request["model"]) is { Length: > 0 } named ? named : model };
        var messages = new JsonArray();
        // Anthropic's stands beside the messages.
        if (request["system"] is JsonArray or JsonValue)
        {
            messages.Add((JsonNode)new JsonObject { ["role"] = "system", ["content"] = request["system"]!.DeepClone() });
        }
        foreach (var message in list)
        {
            if (Message(message) is not { } readable)
            {
                return null;
            }
            messages.Add((JsonNode)readable);
        }
        chat["messages"] = messages;
        foreach (var (name, value) in request)
        {
            if (name is not ("messages" or "system" or "model" or "prompts") && value is not null)
            {
                chat[name] = value.DeepClone();
            }
        }
        return chat;
    }

    /// <summary>The answer, and further ones where several were asked for.</summary>
    public static JsonArray? Answers(JsonNode outputs)
    {
        var found = JsonFields.Get(outputs, "choices") is JsonArray { Count: > 0 } choices ? choices.Select(choice => JsonFields.Get(choice, "message"))
            : Generations(outputs) is { Length: > 0 } generations ? generations.Select(generation => JsonFields.Get(generation, "message") ?? Said(JsonFields.Get(generation, "text")))
            : JsonFields.Get(outputs, "messages") is JsonArray { Count: > 0 } messages ? [messages[^1]]
            : JsonFields.Get(outputs, "message") is JsonObject message ? [message]
            : JsonFields.Get(outputs, "role") is not null ? [outputs]
            : new[] { Said(JsonFields.Get(outputs, "outputs")) ?? Said(JsonFields.Get(outputs, "output")) ?? Said(JsonFields.Get(outputs, "text")) ?? Wrapped(outputs) };
        var answers = new JsonArray();
        foreach (var node in found)
        {
            if (Message(node) is not { } readable)
            {
                return null;
            }
            answers.Add((JsonNode)readable);
        }
        return answers;
    }

    private static JsonNode?[] Generations(JsonNode? outputs) => JsonFields.Get(outputs, "generations") switch
    {
        JsonArray { Count: > 0 } outer when outer[0] is JsonArray inner => [.. inner],
        JsonArray { Count: > 0 } outer => [.. outer],
        _ => [],
    };

    // A traced function that returns one message has it under "outputs" or "output".
    private static JsonNode? Wrapped(JsonNode outputs) => JsonFields.Get(outputs, "outputs") ?? JsonFields.Get(outputs, "output");

    private static JsonObject? Said(JsonNode? text) => JsonFields.Text(text) is { Length: > 0 } said ? new JsonObject { ["role"] = "assistant", ["content"] = said } : null;

    // {"prompts":["Once upon a time"]}
    private static JsonArray? Prompt(JsonObject request) => request["prompts"] is JsonArray { Count: > 0 } prompts && JsonFields.Text(prompts[0]) is { Length: > 0 } prompt
        ? new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt })
        : null;

    // {"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":{"content":"hi"}}
    // {"role":"user","content":"hi"}   {"type":"human","content":"hi"}
    private static JsonObject? Message(JsonNode? node)
    {
        if (node is not JsonObject message)
        {
            return null;
        }
        if (message["kwargs"] is not JsonObject fields)
        {
            if (message["role"] is not null && message["tool_calls"] is null)
            {
                return Role(JsonFields.Text(message["role"])) is null ? null : (JsonObject)message.DeepClone();
            }
            fields = message;
        }
        var name = message["kwargs"] is JsonObject && message["id"] is JsonArray { Count: > 0 } path ? JsonFields.Text(path[^1]) : "";
        if (Role(name is "" or "ChatMessage" or "ChatMessageChunk" ? JsonFields.First(fields["role"], fields["type"]) : name) is not { } role)
        {
            return null;
        }
        var calls = fields["tool_calls"] is JsonArray { Count: > 0 } own ? own : JsonFields.Get(fields["additional_kwargs"], "tool_calls") as JsonArray;
        var written = new JsonObject { ["role"] = role, ["content"] = Content(fields["content"], calls is { Count: > 0 }) };
        if (JsonFields.Text(fields["tool_call_id"]) is { Length: > 0 } answered)
        {
            written["tool_call_id"] = answered;
        }
        if (JsonFields.First(fields["reasoning_content"], JsonFields.Get(fields["additional_kwargs"], "reasoning_content")) is { Length: > 0 } reasoning)
        {
            written["reasoning_content"] = reasoning;
        }
        if (calls is { Count: > 0 })
        {
            written["tool_calls"] = new JsonArray([.. calls.Select(Call)]);
        }
        return written;
    }

    private static string? Role(string name) => name switch
    {
        "HumanMessage" or "HumanMessageChunk" or "human" => "user",
        "AIMessage" or "AIMessageChunk" or "ai" => "assistant",
        "SystemMessage" or "SystemMessageChunk" => "system",
        "ToolMessage" or "ToolMessageChunk" or "FunctionMessage" or "function" => "tool",
        "user" or "assistant" or "system" or "tool" or "developer" => name,
        _ => null,
    };

    // Anthropic's content has the calls once more, as parts of it.
    private static JsonNode? Content(JsonNode? content, bool hasCalls) => content is JsonArray parts && hasCalls
        ? new JsonArray([.. parts.Where(part => JsonFields.Text(JsonFields.Get(part, "type")) is not ("tool_use" or "tool_call" or "function_call")).Select(part => part?.DeepClone())])
        : content?.DeepClone();

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
                ["arguments"] = arguments?.GetValueKind() == JsonValueKind.String ? JsonFields.Text(arguments) : arguments is null ? "" : System.Text.Encoding.UTF8.GetString(JsonFields.Bytes(arguments)),
            },
        };
    }
}
