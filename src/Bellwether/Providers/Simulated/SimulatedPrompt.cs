using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Bellwether.Providers;

/// <param name="Schema">JSON schema of the arguments; undefined when none was given.</param>
internal sealed record SimulatedTool(string Name, string Description, JsonElement Schema);

/// <summary>What the simulated provider understands of a request, whatever its dialect.</summary>
internal sealed record SimulatedPrompt
{
    public required string Model { get; init; }
    public required SimulatedBehaviour Behaviour { get; init; }
    public bool Stream { get; init; }
    public bool IncludeUsage { get; init; }
    /// <summary>The last thing the user said.</summary>
    public string Question { get; init; } = "";
    public string System { get; init; } = "";
    /// <summary>Result of the tool call that the conversation ends with; null when it ends otherwise.</summary>
    public string? ToolResult { get; init; }
    public int InputTokens { get; init; }
    public ImmutableArray<SimulatedTool> Tools { get; init; } = [];
    /// <summary><c>auto</c>, <c>none</c>, <c>required</c>, or the name of a tool.</summary>
    public string ToolChoice { get; init; } = "auto";
    public int Choices { get; init; } = 1;
    public ImmutableArray<string> Stop { get; init; } = [];
    public int? MaxTokens { get; init; }
    /// <summary>OpenAI's own <c>seed</c>; the metadata's wins over it.</summary>
    public long? Seed { get; init; }
    public bool JsonMode { get; init; }
    public JsonElement ResponseSchema { get; init; }
    public bool CacheControl { get; init; }
    /// <summary>Texts of embeddings and moderations, one answer each.</summary>
    public ImmutableArray<string> Inputs { get; init; } = [];
    public bool Base64 { get; init; }
    public int? Dimensions { get; init; }

    public static SimulatedPrompt Read(SimulatedRoute route, JsonElement body)
    {
        var model = route.Model.Length > 0 && route.Dialect == SimulatedDialect.Gemini ? route.Model : Text(body, "model") ?? route.Model;
        var metadata = body.TryGetProperty("metadata", out var given) || body.TryGetProperty("labels", out given) ? given : default;
        var conversation = new SimulatedConversation();
        conversation.Read(body);
        var options = body.TryGetProperty("generationConfig", out var config) && config.ValueKind == JsonValueKind.Object ? config : body;
        var (jsonMode, schema) = SimulatedSchemas.ResponseFormat(body, options);
        var behaviour = SimulatedBehaviour.ForModel(model).Refine(metadata);
        return new SimulatedPrompt
        {
            Model = model,
            Behaviour = Thinks(body) ? behaviour with { Reasoning = true } : behaviour,
            Stream = route.Stream || Flag(body, "stream"),
            IncludeUsage = body.TryGetProperty("stream_options", out var streamOptions) && streamOptions.ValueKind == JsonValueKind.Object && Flag(streamOptions, "include_usage"),
            Question = conversation.Question,
            System = conversation.System,
            ToolResult = conversation.ToolResult,
            InputTokens = conversation.Tokens,
            Tools = SimulatedSchemas.Tools(body),
            ToolChoice = SimulatedSchemas.ToolChoice(body),
            Choices = (int)Math.Clamp(Integer(options, "n") ?? Integer(options, "candidateCount") ?? 1, 1, 16),
            Stop = Strings(options, "stop") is { IsEmpty: false } stop ? stop : Strings(options, "stop_sequences") is { IsEmpty: false } sequences ? sequences : Strings(options, "stopSequences"),
            MaxTokens = (int?)(Integer(options, "max_completion_tokens") ?? Integer(options, "max_tokens") ?? Integer(options, "max_output_tokens") ?? Integer(options, "maxOutputTokens")),
            Seed = Integer(options, "seed"),
            JsonMode = jsonMode,
            ResponseSchema = schema,
            CacheControl = conversation.CacheControl,
            Inputs = SimulatedConversation.Inputs(body),
            Base64 = Text(body, "encoding_format") == "base64",
            Dimensions = (int?)(Integer(body, "dimensions") ?? Integer(body, "outputDimensionality")),
        };
    }

    internal static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static long? Integer(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    internal static bool Flag(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    internal static ImmutableArray<string> Strings(JsonElement of, string name)
    {
        if (!of.TryGetProperty(name, out var value))
        {
            return [];
        }
        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
            _ => [],
        };
    }

    // Anthropic: "thinking":{"type":"enabled","budget_tokens":2048}; OpenAI: "reasoning":{"effort":"low"} or "reasoning_effort":"low".
    private static bool Thinks(JsonElement body) =>
        (body.TryGetProperty("thinking", out var thinking) && Text(thinking, "type") is "enabled" or "adaptive")
        || (body.TryGetProperty("reasoning", out var reasoning) && Text(reasoning, "effort") is { } effort && effort != "none")
        || Text(body, "reasoning_effort") is { } direct && direct != "none";
}

/// <summary>Gathers the texts of a conversation in any of the dialects, and counts tokens as four characters each.</summary>
internal sealed class SimulatedConversation
{
    // What a picture costs at low detail with OpenAI.
    private const int TokensPerImage = 85;
    private int _characters;
    private int _messages;
    private int _images;

    public string Question { get; private set; } = "";
    public string System { get; private set; } = "";
    public string? ToolResult { get; private set; }
    public bool CacheControl { get; private set; }
    public int Tokens => Math.Max(1, (_characters + 3) / 4 + _messages * 4 + _images * TokensPerImage);

    public void Read(JsonElement body)
    {
        foreach (var name in (ReadOnlySpan<string>)["system", "instructions", "systemInstruction"])
        {
            if (body.TryGetProperty(name, out var system))
            {
                System = Flatten(system);
                Count(System);
            }
        }
        foreach (var name in (ReadOnlySpan<string>)["messages", "contents", "input", "prompt"])
        {
            if (body.TryGetProperty(name, out var turns))
            {
                ReadTurns(turns);
            }
        }
        if (body.TryGetProperty("tools", out var tools))
        {
            _characters += tools.GetRawText().Length / 2;
        }
    }

    public static ImmutableArray<string> Inputs(JsonElement body)
    {
        if (body.TryGetProperty("requests", out var requests) && requests.ValueKind == JsonValueKind.Array)
        {
            return [.. requests.EnumerateArray().Select(item => item.TryGetProperty("content", out var content) ? new SimulatedConversation().Flatten(content) : "")];
        }
        if (body.TryGetProperty("content", out var single))
        {
            return [new SimulatedConversation().Flatten(single)];
        }
        if (!body.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Array)
        {
            return SimulatedPrompt.Text(body, "input") is { } text ? [text] : [];
        }
        // An array of strings, of token arrays, of parts, or one array of tokens.
        return input.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Number)
            ? [input.GetRawText()]
            : [.. input.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : SimulatedPrompt.Text(item, "text") ?? item.GetRawText())];
    }

    private void ReadTurns(JsonElement turns)
    {
        if (turns.ValueKind == JsonValueKind.String)
        {
            Question = turns.GetString()!;
            _messages++;
            Count(Question);
            return;
        }
        if (turns.ValueKind != JsonValueKind.Array)
        {
            return;
        }
        foreach (var turn in turns.EnumerateArray())
        {
            _messages++;
            if (turn.ValueKind == JsonValueKind.String)
            {
                Question = turn.GetString()!;
                Count(Question);
            }
            else if (turn.ValueKind == JsonValueKind.Object)
            {
                ReadTurn(turn);
            }
        }
    }

    private void ReadTurn(JsonElement turn)
    {
        var content = turn.TryGetProperty("content", out var value) || turn.TryGetProperty("parts", out value) || turn.TryGetProperty("output", out value) ? value : default;
        _toolResultSeen = false;
        var text = Flatten(content);
        Count(text);
        if (turn.TryGetProperty("tool_calls", out var calls))
        {
            _characters += calls.GetRawText().Length / 2;
        }
        var role = SimulatedPrompt.Text(turn, "role") ?? SimulatedPrompt.Text(turn, "type") ?? "user";
        switch (role)
        {
            case "system" or "developer":
                System = text;
                break;
            case "tool" or "function" or "function_call_output":
                ToolResult = text;
                break;
            case "user" when _toolResultSeen:
                ToolResult = text;
                break;
            case "user":
                Question = text;
                ToolResult = null;
                break;
            case "assistant" or "model":
                ToolResult = null;
                break;
        }
    }

    private bool _toolResultSeen;

    private string Flatten(JsonElement content)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return content.GetString()!;
            case JsonValueKind.Array:
                var all = new StringBuilder();
                foreach (var part in content.EnumerateArray())
                {
                    all.Append(all.Length > 0 ? "\n" : "").Append(Flatten(part));
                }
                return all.ToString();
            case JsonValueKind.Object:
                return FlattenPart(content);
            default:
                return "";
        }
    }

    private string FlattenPart(JsonElement part)
    {
        if (part.TryGetProperty("cache_control", out _))
        {
            CacheControl = true;
        }
        if (part.TryGetProperty("functionResponse", out var response))
        {
            _toolResultSeen = true;
            return response.GetRawText();
        }
        if (SimulatedPrompt.Text(part, "type") == "tool_result")
        {
            _toolResultSeen = true;
            return part.TryGetProperty("content", out var result) ? Flatten(result) : "";
        }
        if (part.TryGetProperty("image_url", out _) || part.TryGetProperty("inlineData", out _) || part.TryGetProperty("source", out _))
        {
            _images++;
            return "";
        }
        if (part.TryGetProperty("parts", out var parts))
        {
            return Flatten(parts);
        }
        return SimulatedPrompt.Text(part, "text") ?? "";
    }

    private void Count(string text) => _characters += text.Length;
}
