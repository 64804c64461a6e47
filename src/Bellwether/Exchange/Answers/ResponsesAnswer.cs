using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>
/// OpenAI's responses, whole and as typed events. Unknown types are ignored; there is no <c>[DONE]</c>.
/// <code>{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi","sequence_number":4}</code>
/// </summary>
internal static class ResponsesAnswer
{
    public static void Read(AnswerCollector into, ref Utf8JsonReader reader)
    {
        // The type decides what the rest means. It stands first in practice, but JSON does not promise that.
        var ahead = reader;
        var type = FindType(ref ahead);
        if (type.EndsWith(".delta"u8))
        {
            ReadDelta(into, type, ref reader);
        }
        else if (type.StartsWith("response.output_item."u8))
        {
            ReadItemEvent(into, type.EndsWith(".done"u8), ref reader);
        }
        else if (type.StartsWith("response."u8))
        {
            var final = type.SequenceEqual("response.completed"u8) || type.SequenceEqual("response.incomplete"u8) || type.SequenceEqual("response.failed"u8);
            if (final || type.SequenceEqual("response.created"u8))
            {
                ReadResponseEvent(into, final, ref reader);
                into.Terminated |= final;
            }
            else
            {
                SkipRest(ref reader);
            }
        }
        else if (type.SequenceEqual("error"u8))
        {
            PlainAnswer.Read(into, ref reader);
        }
        else
        {
            ReadResponse(into, final: true, ref reader);
        }
    }

    private static ReadOnlySpan<byte> FindType(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            if (key == AnswerKey.Type && reader.TokenType == JsonTokenType.String)
            {
                return reader.ValueSpan;
            }
            reader.Skip();
        }
        return default;
    }

    private static void ReadDelta(AnswerCollector into, scoped ReadOnlySpan<byte> type, ref Utf8JsonReader reader)
    {
        var delta = ReadOnlySpan<byte>.Empty;
        var escaped = false;
        var index = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Delta when reader.TokenType == JsonTokenType.String:
                    delta = reader.ValueSpan;
                    escaped = reader.ValueIsEscaped;
                    break;
                case AnswerKey.OutputIndex: index = AnswerCollector.Number(ref reader); break;
                default: reader.Skip(); break;
            }
        }
        if (delta.IsEmpty)
        {
            return;
        }
        into.EventHasDelta = true;
        var choice = into.Choice(0);
        if (type.SequenceEqual("response.output_text.delta"u8) || type.SequenceEqual("response.audio.transcript.delta"u8))
        {
            into.AddRaw(choice.Text, delta, escaped);
        }
        else if (type.StartsWith("response.reasoning"u8))
        {
            into.AddRaw(choice.Reasoning, delta, escaped);
        }
        else if (type.SequenceEqual("response.refusal.delta"u8))
        {
            into.AddRaw(choice.Refusal, delta, escaped);
        }
        else if (type.SequenceEqual("response.function_call_arguments.delta"u8)
            || type.SequenceEqual("response.custom_tool_call_input.delta"u8)
            || type.SequenceEqual("response.mcp_call_arguments.delta"u8))
        {
            into.AddRaw(into.ToolCall(choice, index).Arguments, delta, escaped);
        }
    }

    private static void ReadItemEvent(AnswerCollector into, bool done, ref Utf8JsonReader reader)
    {
        // output_index stands before the item; where it does not, the item is read with what was learned by the look ahead.
        var ahead = reader;
        var index = 0;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isIndex = AnswerKeys.Find(ref ahead) == AnswerKey.OutputIndex;
            ahead.Read();
            if (isIndex)
            {
                index = AnswerCollector.Number(ref ahead);
            }
            else
            {
                ahead.Skip();
            }
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            if (key == AnswerKey.Item && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadItem(into, index, done, withText: false, ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // {"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{}","status":"completed"}
    private static void ReadItem(AnswerCollector into, int index, bool done, bool withText, ref Utf8JsonReader reader)
    {
        var ahead = reader;
        var type = FindType(ref ahead);
        var isCall = type.SequenceEqual("function_call"u8) || type.SequenceEqual("custom_tool_call"u8) || type.SequenceEqual("mcp_call"u8);
        if (done && (type.SequenceEqual("web_search_call"u8) || type.SequenceEqual("file_search_call"u8)))
        {
            into.Usage.ToolItems++;
        }
        var choice = into.Choice(0);
        var call = isCall ? into.ToolCall(choice, index) : null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            var isText = reader.TokenType == JsonTokenType.String;
            switch (key)
            {
                case AnswerKey.CallId when isText && call is { Id.Length: 0 }:
                    into.AddRaw(call.Id, reader.ValueSpan, reader.ValueIsEscaped);
                    break;
                case AnswerKey.Name when isText && call is { Name.Length: 0 }:
                    into.AddRaw(call.Name, reader.ValueSpan, reader.ValueIsEscaped);
                    break;
                // A custom tool's text is its input. At the end both are whole: for servers that send no deltas of them.
                case AnswerKey.Arguments or AnswerKey.Input when isText && done && call is { Arguments.Length: 0 }:
                    into.AddRaw(call.Arguments, reader.ValueSpan, reader.ValueIsEscaped);
                    break;
                case AnswerKey.Content or AnswerKey.Summary when withText && reader.TokenType == JsonTokenType.StartArray:
                    ReadContent(into, type.SequenceEqual("reasoning"u8) ? choice.Reasoning : choice.Text, ref reader);
                    break;
                default: reader.Skip(); break;
            }
        }
    }

    // [{"type":"output_text","text":"Hi","annotations":[]}]
    private static void ReadContent(AnswerCollector into, TextBuffer text, ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == depth + 2)
            {
                var isText = AnswerKeys.Find(ref reader) == AnswerKey.Text;
                reader.Read();
                if (isText && reader.TokenType == JsonTokenType.String)
                {
                    into.AddRaw(text, reader.ValueSpan, reader.ValueIsEscaped);
                }
                reader.Skip();
            }
        }
    }

    private static void ReadResponseEvent(AnswerCollector into, bool final, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            if (key == AnswerKey.Response && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadResponse(into, final, ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadResponse(AnswerCollector into, bool final, ref Utf8JsonReader reader)
    {
        string status = "", reason = "";
        var envelope = new ErrorEnvelope();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Id: into.SetId(ref reader); break;
                case AnswerKey.Model: into.SetModel(ref reader); break;
                case AnswerKey.ServiceTier: into.SetTier(ref reader); break;
                case AnswerKey.Usage when reader.TokenType == JsonTokenType.StartObject: into.Usage.Read(ref reader); break;
                case AnswerKey.Error: into.ReadError(ref reader); break;
                case AnswerKey.Status when reader.TokenType == JsonTokenType.String:
                    status = AnswerStrings.Interned(ref reader);
                    break;
                case AnswerKey.IncompleteDetails when reader.TokenType == JsonTokenType.StartObject:
                    reason = ReadReason(ref reader);
                    break;
                case AnswerKey.Output when final && reader.TokenType == JsonTokenType.StartArray:
                    ReadOutput(into, ref reader);
                    break;
                // "text":{"format":…}, "reasoning":{…}, "instructions", "tools": the request's echo.
                default: envelope.Read(key, ref reader); break;
            }
        }
        if (final)
        {
            into.FinishReason = reason.Length > 0 ? reason : status;
        }
        envelope.Finish(into);
    }

    private static void ReadOutput(AnswerCollector into, ref Utf8JsonReader reader)
    {
        // What the events brought is not collected again, and what they brought not at all is taken from here.
        var withText = into.Choice(0).IsEmpty;
        into.Usage.ToolItems = 0;
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadItem(into, index, done: true, withText, ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static string ReadReason(ref Utf8JsonReader reader)
    {
        var reason = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReason = AnswerKeys.Find(ref reader) == AnswerKey.Reason;
            reader.Read();
            if (isReason && reader.TokenType == JsonTokenType.String)
            {
                reason = AnswerStrings.Interned(ref reader);
            }
            reader.Skip();
        }
        return reason;
    }

    private static void SkipRest(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            reader.Skip();
        }
    }
}
