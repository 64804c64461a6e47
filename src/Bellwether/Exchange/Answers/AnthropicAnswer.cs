using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>
/// Anthropic's messages, whole and as events.
/// <code>{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}</code>
/// <c>message_start</c> carries the input's usage; <c>message_delta</c> the stop reason and the cumulative counts.
/// </summary>
internal static class AnthropicAnswer
{
    public static void Read(AnswerCollector into, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var envelope = new ErrorEnvelope();
        var blockIndex = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Type when AnswerStrings.Is(ref reader, "message_stop"u8):
                    into.Terminated = true;
                    break;
                case AnswerKey.Index: blockIndex = AnswerCollector.Number(ref reader); break;
                case AnswerKey.Delta when reader.TokenType == JsonTokenType.StartObject:
                    // "index" stands before "delta"; where it does not, the calls of a message run into one, and nothing else is lost.
                    ReadDelta(into, blockIndex, ref reader);
                    break;
                case AnswerKey.ContentBlock when reader.TokenType == JsonTokenType.StartObject:
                    ReadBlock(into, blockIndex, json, ref reader);
                    break;
                // message_start wraps the message that a whole body is.
                case AnswerKey.Message when reader.TokenType == JsonTokenType.StartObject:
                    Read(into, json, ref reader);
                    break;
                case AnswerKey.Content when reader.TokenType == JsonTokenType.StartArray:
                    ReadBlocks(into, json, ref reader);
                    break;
                case AnswerKey.Id: into.SetId(ref reader); break;
                case AnswerKey.Model: into.SetModel(ref reader); break;
                case AnswerKey.StopReason: SetStopReason(into, ref reader); break;
                case AnswerKey.Usage when reader.TokenType == JsonTokenType.StartObject: into.Usage.Read(ref reader); break;
                case AnswerKey.Error: into.ReadError(ref reader); break;
                case AnswerKey.Type: reader.Skip(); break;
                default: envelope.Read(key, ref reader); break;
            }
        }
        envelope.Finish(into);
    }

    private static void ReadBlocks(AnswerCollector into, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadBlock(into, index, json, ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // {"type":"tool_use","id":"toolu_1","name":"f","input":{}}   {"type":"text","text":""}   {"type":"thinking","thinking":""}
    private static void ReadBlock(AnswerCollector into, int index, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var choice = into.Choice(0);
        AnswerToolCall? call = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            var isText = reader.TokenType == JsonTokenType.String;
            switch (key)
            {
                case AnswerKey.Type when AnswerStrings.Is(ref reader, "tool_use"u8)
                    || AnswerStrings.Is(ref reader, "server_tool_use"u8) || AnswerStrings.Is(ref reader, "mcp_tool_use"u8):
                    call = into.ToolCall(choice, index);
                    into.EventHasDelta = true;
                    break;
                case AnswerKey.Text when isText: into.AddText(choice.Text, ref reader); break;
                case AnswerKey.Thinking when isText: into.AddText(choice.Reasoning, ref reader); break;
                case AnswerKey.Id when isText && call is not null: into.AddRaw(call.Id, reader.ValueSpan, reader.ValueIsEscaped); break;
                case AnswerKey.Name when isText && call is not null: into.AddRaw(call.Name, reader.ValueSpan, reader.ValueIsEscaped); break;
                case AnswerKey.Input when call is not null:
                    var from = (int)reader.TokenStartIndex;
                    reader.Skip();
                    var input = json[from..(int)reader.BytesConsumed];
                    if (input.Length > 2)
                    {
                        into.AddRaw(call.Arguments, input, escaped: false);
                    }
                    break;
                default: reader.Skip(); break;
            }
        }
    }

    private static void ReadDelta(AnswerCollector into, int index, ref Utf8JsonReader reader)
    {
        var choice = into.Choice(0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            var isText = reader.TokenType == JsonTokenType.String;
            switch (key)
            {
                case AnswerKey.Text when isText: into.AddText(choice.Text, ref reader); break;
                case AnswerKey.Thinking when isText: into.AddText(choice.Reasoning, ref reader); break;
                case AnswerKey.PartialJson when isText && !reader.ValueSpan.IsEmpty:
                    into.AddText(into.ToolCall(choice, index).Arguments, ref reader);
                    break;
                case AnswerKey.StopReason: SetStopReason(into, ref reader); break;
                default: reader.Skip(); break;
            }
        }
    }

    private static void SetStopReason(AnswerCollector into, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            into.FinishReason = AnswerStrings.Interned(ref reader);
        }
        reader.Skip();
    }
}
