using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bellwether.Providers;

/// <summary>Tools and answer formats of a request, and values that fit a JSON schema.</summary>
internal static class SimulatedSchemas
{
    private const int MaxDepth = 8;
    internal static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // OpenAI chat: {"type":"function","function":{"name","parameters"}}; responses: {"type":"function","name","parameters"};
    // Anthropic: {"name","input_schema"}; Gemini: {"functionDeclarations":[{"name","parameters"}]}
    public static ImmutableArray<SimulatedTool> Tools(JsonElement body)
    {
        if (!body.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
        {
            return [];
        }
        var found = ImmutableArray.CreateBuilder<SimulatedTool>();
        foreach (var tool in tools.EnumerateArray().Where(tool => tool.ValueKind == JsonValueKind.Object))
        {
            if (tool.TryGetProperty("functionDeclarations", out var declarations) && declarations.ValueKind == JsonValueKind.Array)
            {
                foreach (var declaration in declarations.EnumerateArray())
                {
                    Add(found, declaration);
                }
            }
            else
            {
                Add(found, tool.TryGetProperty("function", out var function) ? function : tool);
            }
        }
        return found.ToImmutable();
    }

    private static void Add(ImmutableArray<SimulatedTool>.Builder found, JsonElement tool)
    {
        if (SimulatedPrompt.Text(tool, "name") is { } name)
        {
            var schema = tool.TryGetProperty("parameters", out var given) || tool.TryGetProperty("input_schema", out given) || tool.TryGetProperty("parametersJsonSchema", out given) ? given : default;
            found.Add(new(name, SimulatedPrompt.Text(tool, "description") ?? "", schema));
        }
    }

    // "none"; {"type":"function","function":{"name":"f"}}; {"type":"tool","name":"f"}; {"type":"any"}
    public static string ToolChoice(JsonElement body)
    {
        if (!body.TryGetProperty("tool_choice", out var choice))
        {
            return "auto";
        }
        if (choice.ValueKind == JsonValueKind.String)
        {
            return choice.GetString()!;
        }
        var name = SimulatedPrompt.Text(choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("function", out var function) ? function : choice, "name");
        return name ?? (SimulatedPrompt.Text(choice, "type") is "any" ? "required" : SimulatedPrompt.Text(choice, "type") ?? "auto");
    }

    public static (bool JsonMode, JsonElement Schema) ResponseFormat(JsonElement body, JsonElement options)
    {
        // Responses API: "text":{"format":{"type":"json_schema","schema":{…}}}
        var format = body.TryGetProperty("response_format", out var chat) ? chat
            : body.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.Object && text.TryGetProperty("format", out var responses) ? responses
            : default;
        if (SimulatedPrompt.Text(format, "type") is "json_object")
        {
            return (true, default);
        }
        if (SimulatedPrompt.Text(format, "type") is "json_schema")
        {
            var holder = format.TryGetProperty("json_schema", out var inner) ? inner : format;
            return (true, holder.TryGetProperty("schema", out var schema) ? schema : default);
        }
        return SimulatedPrompt.Text(options, "responseMimeType") == "application/json"
            ? (true, options.TryGetProperty("responseSchema", out var gemini) ? gemini : default)
            : (false, default);
    }

    /// <summary>The tool to call for this prompt, or null to answer in words.</summary>
    public static SimulatedTool? Choose(SimulatedPrompt prompt)
    {
        if (prompt.Tools.IsEmpty || prompt.ToolChoice == "none" || prompt.ToolResult is not null)
        {
            return null;
        }
        var named = prompt.Tools.FirstOrDefault(tool => tool.Name == prompt.ToolChoice);
        if (named is not null)
        {
            return named;
        }
        // The tool whose name or description shares the most words with the question.
        var words = SimulatedWords.Of(prompt.Question).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var best = prompt.Tools.MaxBy(tool => Shared(tool, words));
        return prompt.ToolChoice == "required" || prompt.Behaviour.EagerTools || Shared(best!, words) > 0 ? best : null;
    }

    private static int Shared(SimulatedTool tool, HashSet<string> words) =>
        SimulatedWords.Of(tool.Name.Replace('_', ' ').Replace('-', ' ')).Count(words.Contains) * 2 + SimulatedWords.Of(tool.Description).Count(words.Contains);

    /// <summary>A JSON value that fits the schema as far as simple schemas go, with words of the question in it.</summary>
    public static string Fill(JsonElement schema, string question, ref SimulatedDice dice)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            if (schema.ValueKind == JsonValueKind.Object)
            {
                Fill(json, schema, "", question, ref dice, 0);
            }
            else
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Fill(Utf8JsonWriter json, JsonElement schema, string name, string question, ref SimulatedDice dice, int depth)
    {
        if (schema.TryGetProperty("enum", out var options) && options.ValueKind == JsonValueKind.Array && options.GetArrayLength() > 0)
        {
            var mentioned = options.EnumerateArray().FirstOrDefault(option => question.Contains(option.ToString(), StringComparison.OrdinalIgnoreCase));
            (mentioned.ValueKind == JsonValueKind.Undefined ? options[dice.Next(options.GetArrayLength())] : mentioned).WriteTo(json);
            return;
        }
        switch (TypeOf(schema))
        {
            case "object" when depth < MaxDepth:
                json.WriteStartObject();
                if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
                {
                    foreach (var property in properties.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Object))
                    {
                        json.WritePropertyName(property.Name);
                        Fill(json, property.Value, property.Name, question, ref dice, depth + 1);
                    }
                }
                json.WriteEndObject();
                break;
            case "array" when depth < MaxDepth:
                json.WriteStartArray();
                if (schema.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Object)
                {
                    Fill(json, items, name, question, ref dice, depth + 1);
                }
                json.WriteEndArray();
                break;
            case "integer":
                json.WriteNumberValue(SimulatedWords.FirstInteger(question) ?? 1 + dice.Next(10));
                break;
            case "number":
                json.WriteNumberValue(SimulatedWords.FirstInteger(question) ?? Math.Round(dice.Unit() * 100, 1));
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(SimulatedWords.ForField(name, question));
                break;
        }
    }

    // {"type":["string","null"]} is written by strict schemas; Gemini writes "STRING".
    private static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return schema.TryGetProperty("properties", out _) ? "object" : "string";
        }
        var name = type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0 ? type[0] : type;
        return name.ValueKind == JsonValueKind.String ? name.GetString()!.ToLower(CultureInfo.InvariantCulture) : "string";
    }
}
