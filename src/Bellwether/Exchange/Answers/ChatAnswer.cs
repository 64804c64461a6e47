using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>
/// OpenAI's chat and text completions and all that are compatible, chunk and whole body alike: a chunk has <c>delta</c> where a
/// body has <c>message</c>.
/// <code>{"id":"chatcmpl-1","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":null}</code>
/// </summary>
internal static class ChatAnswer
{
    public static void Read(AnswerCollector into, ref Utf8JsonReader reader)
    {
        var (emptyChoices, sawUsage) = (false, false);
        var envelope = new ErrorEnvelope();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Choices when reader.TokenType == JsonTokenType.StartArray:
                    emptyChoices = ReadChoices(into, ref reader) == 0;
                    break;
                case AnswerKey.Usage when reader.TokenType == JsonTokenType.StartObject:
                    into.Usage.Read(ref reader);
                    sawUsage = true;
                    break;
                case AnswerKey.Id: into.SetId(ref reader); break;
                case AnswerKey.Model: into.SetModel(ref reader); break;
                case AnswerKey.ServiceTier: into.SetTier(ref reader); break;
                case AnswerKey.Error: into.ReadError(ref reader); break;
                case AnswerKey.XGroq when reader.TokenType == JsonTokenType.StartObject: ReadGroq(into, ref reader); break;
                default: envelope.Read(key, ref reader); break;
            }
        }
        into.EventIsUsageOnly = emptyChoices && sawUsage;
        envelope.Finish(into);
    }

    private static int ReadChoices(AnswerCollector into, ref Utf8JsonReader reader)
    {
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadChoice(into, ref reader, count);
            }
            else
            {
                reader.Skip();
            }
            count++;
        }
        return count;
    }

    private static void ReadChoice(AnswerCollector into, ref Utf8JsonReader reader, int position)
    {
        var choice = into.Choice(position);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Index:
                    position = AnswerCollector.Number(ref reader);
                    choice = into.Choice(position);
                    break;
                case AnswerKey.Delta or AnswerKey.Message when reader.TokenType == JsonTokenType.StartObject:
                    ReadDelta(into, choice, ref reader);
                    break;
                case AnswerKey.Text when reader.TokenType == JsonTokenType.String:
                    into.AddText(choice.Text, ref reader);
                    break;
                case AnswerKey.FinishReason when reader.TokenType == JsonTokenType.String:
                    if (position == 0 || into.FinishReason.Length == 0)
                    {
                        into.FinishReason = AnswerStrings.Interned(ref reader);
                    }
                    break;
                default: reader.Skip(); break;
            }
        }
    }

    private static void ReadDelta(AnswerCollector into, AnswerChoice choice, ref Utf8JsonReader reader)
    {
        var reasoned = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Content when reader.TokenType == JsonTokenType.String:
                    into.AddText(choice.Text, ref reader);
                    break;
                case AnswerKey.Content when reader.TokenType == JsonTokenType.StartArray:
                    ReadParts(into, choice, ref reader);
                    break;
                // DeepSeek and vLLM say reasoning_content, OpenRouter, Groq and Ollama reasoning; some send both alike.
                case AnswerKey.ReasoningContent or AnswerKey.Reasoning when reader.TokenType == JsonTokenType.String && !reasoned:
                    reasoned = !reader.ValueSpan.IsEmpty;
                    into.AddText(choice.Reasoning, ref reader);
                    break;
                case AnswerKey.Refusal when reader.TokenType == JsonTokenType.String:
                    into.AddText(choice.Refusal, ref reader);
                    break;
                case AnswerKey.ToolCalls when reader.TokenType == JsonTokenType.StartArray:
                    ReadToolCalls(into, choice, ref reader);
                    break;
                case AnswerKey.FunctionCall when reader.TokenType == JsonTokenType.StartObject:
                    ReadFunction(into, into.ToolCall(choice, 0), ref reader);
                    into.EventHasDelta = true;
                    break;
                case AnswerKey.Audio when reader.TokenType == JsonTokenType.StartObject:
                    ReadAudio(into, choice, ref reader);
                    break;
                default: reader.Skip(); break;
            }
        }
    }

    // Mistral: "content":[{"type":"thinking","thinking":[{"type":"text","text":"…"}]},{"type":"text","text":"…"}]
    private static void ReadParts(AnswerCollector into, AnswerChoice choice, ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var thinkingDepth = int.MaxValue;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth < thinkingDepth)
            {
                thinkingDepth = int.MaxValue;
            }
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }
            var key = AnswerKeys.Find(ref reader);
            if (key == AnswerKey.Thinking)
            {
                thinkingDepth = Math.Min(thinkingDepth, reader.CurrentDepth);
            }
            else if (key == AnswerKey.Text)
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    into.AddText(reader.CurrentDepth > thinkingDepth ? choice.Reasoning : choice.Text, ref reader);
                }
            }
        }
    }

    // [{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]
    private static void ReadToolCalls(AnswerCollector into, AnswerChoice choice, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            // A look ahead, because the function may stand before its index.
            var ahead = reader;
            var (index, hasId) = FindIndex(ref ahead);
            var call = into.ToolCall(choice, index ?? (hasId ? choice.NextKey : choice.LastKey));
            into.EventHasDelta = true;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = AnswerKeys.Find(ref reader);
                reader.Read();
                switch (key)
                {
                    case AnswerKey.Id when reader.TokenType == JsonTokenType.String && call.Id.Length == 0:
                        into.AddRaw(call.Id, reader.ValueSpan, reader.ValueIsEscaped);
                        break;
                    case AnswerKey.Function when reader.TokenType == JsonTokenType.StartObject:
                        ReadFunction(into, call, ref reader);
                        break;
                    default: reader.Skip(); break;
                }
            }
        }
    }

    private static (int? Index, bool HasId) FindIndex(ref Utf8JsonReader reader)
    {
        int? index = null;
        var hasId = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            if (key == AnswerKey.Index && reader.TokenType == JsonTokenType.Number)
            {
                index = AnswerCollector.Number(ref reader);
            }
            else
            {
                hasId |= key == AnswerKey.Id && reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty;
                reader.Skip();
            }
        }
        return (index, hasId);
    }

    private static void ReadFunction(AnswerCollector into, AnswerToolCall call, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                // Some servers repeat the name with every delta.
                case AnswerKey.Name when reader.TokenType == JsonTokenType.String && call.Name.Length == 0:
                    into.AddRaw(call.Name, reader.ValueSpan, reader.ValueIsEscaped);
                    break;
                case AnswerKey.Arguments when reader.TokenType == JsonTokenType.String:
                    into.AddText(call.Arguments, ref reader);
                    break;
                default: reader.Skip(); break;
            }
        }
    }

    // "audio":{"id":"audio_1","transcript":"Hel","data":"UklGR…"}: the transcript is text, the sound is not kept.
    private static void ReadAudio(AnswerCollector into, AnswerChoice choice, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            if (key == AnswerKey.Transcript && reader.TokenType == JsonTokenType.String)
            {
                into.AddText(choice.Text, ref reader);
            }
            else
            {
                into.EventHasDelta |= key == AnswerKey.Data && reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty;
                reader.Skip();
            }
        }
    }

    // Groq: "x_groq":{"id":"req_1","usage":{…}}, in the last chunk even when no usage was asked for.
    private static void ReadGroq(AnswerCollector into, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            if (key == AnswerKey.Usage && reader.TokenType == JsonTokenType.StartObject)
            {
                into.Usage.Read(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
