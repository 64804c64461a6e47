using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bellwether.Telemetry;

/// <summary>
/// Reads request and answer bodies of the OpenAI, Anthropic and Gemini families into a <see cref="Transcript"/>. Goes by the
/// shape of the JSON, not by the endpoint, and never throws: what is not understood is kept as JSON text.
/// </summary>
public static class TranscriptReader
{
    public static Transcript Read(ObservationPayload payload)
    {
        var messages = ImmutableArray.CreateBuilder<TranscriptMessage>();
        var tools = ImmutableArray.CreateBuilder<TranscriptTool>();
        var whole = !payload.InputTruncated && !payload.OutputTruncated;
        if (!payload.Input.IsEmpty)
        {
            whole &= WithBody(payload.Input, root => ReadRequest(root, messages, tools));
        }
        if (!payload.Output.IsEmpty)
        {
            whole &= WithBody(payload.Output, root => ReadAnswer(root, messages));
        }
        return new(messages.DrainToImmutable(), tools.DrainToImmutable(), !whole);
    }

    private static bool WithBody(ReadOnlyMemory<byte> body, Action<JsonElement> read)
    {
        using var document = LenientJson.Parse(body, out var wasCut);
        if (document is null || document.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return false;
        }
        read(document.RootElement);
        return !wasCut;
    }

    private static void ReadRequest(JsonElement root, ImmutableArray<TranscriptMessage>.Builder messages, ImmutableArray<TranscriptTool>.Builder tools)
    {
        if (root.ValueKind != JsonValueKind.Object) { return; }
        // Anthropic "system", Responses "instructions", Gemini "systemInstruction" stand beside the messages.
        foreach (var key in (ReadOnlySpan<string>)["system", "instructions", "systemInstruction", "system_instruction"])
        {
            if (root.TryGetProperty(key, out var system) && TranscriptParts.Of(system) is { IsEmpty: false } parts)
            {
                messages.Add(new("system", parts));
            }
        }
        foreach (var key in (ReadOnlySpan<string>)["messages", "contents", "input", "prompt", "content", "requests"])
        {
            if (!root.TryGetProperty(key, out var turns)) { continue; }
            if (turns.ValueKind == JsonValueKind.Array && turns.EnumerateArray().Any(turn => turn.ValueKind == JsonValueKind.Object))
            {
                foreach (var turn in turns.EnumerateArray()) { Add(messages, turn, "user", isAnswer: false); }
            }
            else if (turns.ValueKind == JsonValueKind.Array && turns.EnumerateArray().Any(turn => turn.ValueKind == JsonValueKind.Number))
            {
                messages.Add(new("user", [new(TranscriptPartKind.Media, string.Create(CultureInfo.InvariantCulture, $"{turns.GetArrayLength():N0} token ids"))]));
            }
            else if (TranscriptParts.Of(turns) is { IsEmpty: false } parts)
            {
                messages.Add(new("user", parts));
            }
        }
        if (root.TryGetProperty("tools", out var offered) && offered.ValueKind == JsonValueKind.Array)
        {
            foreach (var tool in offered.EnumerateArray()) { AddTools(tools, tool); }
        }
    }

    private static void ReadAnswer(JsonElement root, ImmutableArray<TranscriptMessage>.Builder messages)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            foreach (var chunk in root.EnumerateArray().Where(chunk => chunk.ValueKind == JsonValueKind.Object)) { ReadAnswer(chunk, messages); }
            return;
        }
        var before = messages.Count;
        if (Items(root, "choices") is { } choices)
        {
            AddChoices(messages, [.. choices.Where(choice => choice.ValueKind == JsonValueKind.Object).Select(choice => choice.TryGetProperty("message", out var message) ? message : choice)]);
        }
        else if (Items(root, "candidates") is { } candidates)
        {
            AddChoices(messages, [.. candidates.Where(candidate => candidate.ValueKind == JsonValueKind.Object).Select(candidate => candidate.TryGetProperty("content", out var content) ? content : default)]);
        }
        else if (Items(root, "output") is { } items)
        {
            foreach (var item in items) { Add(messages, item, "assistant", isAnswer: true); }
        }
        else if (Items(root, "data") is { } data)
        {
            AddText(messages, Embeddings([.. data]));
        }
        else if (Items(root, "alternatives") is { } alternatives)
        {
            // Put together from a stream of several choices: the first stands outside, the others in the array.
            AddChoices(messages, [root, .. alternatives]);
        }
        else if (root.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null)
        {
            // The provider says it, not the model.
            AddText(messages, error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? TranscriptParts.Safe(text) : error.GetRawText(), "error");
        }
        else
        {
            Add(messages, root, "assistant", isAnswer: true);
        }
        if (messages.Count == before && root.EnumerateObject().Any())
        {
            messages.Add(new("assistant", [new(TranscriptPartKind.Other, root.GetRawText())], IsAnswer: true));
        }
    }

    private static void AddChoices(ImmutableArray<TranscriptMessage>.Builder messages, ImmutableArray<JsonElement> choices)
    {
        for (var i = 0; i < choices.Length; i++)
        {
            Add(messages, choices[i], "assistant", isAnswer: true, choice: choices.Length > 1 ? i + 1 : 0);
        }
    }

    private static void Add(ImmutableArray<TranscriptMessage>.Builder messages, JsonElement turn, string role, bool isAnswer, int choice = 0)
    {
        var parts = TranscriptParts.OfMessage(turn);
        // A choice that said nothing is still one of those that were asked for.
        if (parts.IsEmpty && choice == 0) { return; }
        var named = Text(turn, "role") switch { "model" => "assistant", "" => "", var other => other };
        if (named.Length == 0)
        {
            // Items of the Responses API have a type and no role.
            named = Text(turn, "type") switch
            {
                "function_call_output" or "custom_tool_call_output" => "tool",
                "function_call" or "custom_tool_call" or "reasoning" => "assistant",
                _ => role,
            };
        }
        // Anthropic and Gemini send a tool's result as the user's.
        if (named == "user" && parts.All(part => part.Kind == TranscriptPartKind.ToolResult)) { named = "tool"; }
        if (isAnswer && messages.Count > 0 && messages[^1] is { IsAnswer: true } last && last.Role == named && last.Choice == choice && Text(turn, "role").Length == 0)
        {
            messages[^1] = last with { Parts = last.Parts.AddRange(parts) };
            return;
        }
        messages.Add(new(named, parts, isAnswer) { Name = Text(turn, "name"), Choice = choice });
    }

    private static void AddText(ImmutableArray<TranscriptMessage>.Builder messages, string text, string role = "assistant") =>
        messages.Add(new(role, [new(TranscriptPartKind.Text, text)], IsAnswer: true));

    private static void AddTools(ImmutableArray<TranscriptTool>.Builder tools, JsonElement tool)
    {
        if (tool.ValueKind != JsonValueKind.Object) { return; }
        foreach (var key in (ReadOnlySpan<string>)["functionDeclarations", "function_declarations"])
        {
            if (Items(tool, key) is { } declared)
            {
                foreach (var one in declared) { AddTools(tools, one); }
                return;
            }
        }
        var function = tool.TryGetProperty("function", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : tool;
        var name = Text(function, "name") is { Length: > 0 } given ? given : Text(tool, "type");
        var schema = function.TryGetProperty("parameters", out var parameters) || function.TryGetProperty("input_schema", out parameters) ? parameters.GetRawText() : "";
        tools.Add(new(name, Text(function, "description"), schema));
    }

    private static string Embeddings(ImmutableArray<JsonElement> rows)
    {
        var vector = rows.FirstOrDefault(row => row.ValueKind == JsonValueKind.Object && row.TryGetProperty("embedding", out _));
        if (vector.ValueKind != JsonValueKind.Object)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{rows.Length:N0} items");
        }
        var embedding = vector.GetProperty("embedding");
        var size = embedding.ValueKind == JsonValueKind.Array ? embedding.GetArrayLength()
            // Base64 of little-endian 32-bit floats, which SDKs ask for by default.
            : embedding.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetByteCount(TranscriptParts.Safe(embedding)) / 4 * 3 / 4
            : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{rows.Length:N0} embedding{(rows.Length == 1 ? "" : "s")} of {size:N0} dimensions");
    }

    private static JsonElement.ArrayEnumerator? Items(JsonElement root, string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : null;

    private static string Text(JsonElement element, string key) => TranscriptParts.Text(element, key);
}
