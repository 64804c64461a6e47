using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>
/// Gemini's answers; an event of a stream is an answer of its own, with the usage so far.
/// <code>{"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"index":0}],"usageMetadata":{…},"modelVersion":"gemini-2.5-flash"}</code>
/// </summary>
internal static class GeminiAnswer
{
    public static void Read(AnswerCollector into, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var envelope = new ErrorEnvelope();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Candidates when reader.TokenType == JsonTokenType.StartArray: ReadCandidates(into, json, ref reader); break;
                case AnswerKey.UsageMetadata when reader.TokenType == JsonTokenType.StartObject: into.Usage.Read(ref reader); break;
                case AnswerKey.ModelVersion: into.SetModel(ref reader); break;
                case AnswerKey.ResponseId: into.SetId(ref reader); break;
                case AnswerKey.PromptFeedback when reader.TokenType == JsonTokenType.StartObject: ReadFeedback(into, ref reader); break;
                case AnswerKey.Error: into.ReadError(ref reader); break;
                default: envelope.Read(key, ref reader); break;
            }
        }
        envelope.Finish(into);
    }

    private static void ReadCandidates(AnswerCollector into, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        for (var position = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            // "index" stands behind the content and is left out for the first.
            var ahead = reader;
            var index = FindIndex(ref ahead) ?? position;
            var choice = into.Choice(index);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = AnswerKeys.Find(ref reader);
                reader.Read();
                switch (key)
                {
                    case AnswerKey.Content when reader.TokenType == JsonTokenType.StartObject:
                        ReadContent(into, choice, json, ref reader);
                        break;
                    case AnswerKey.GeminiFinishReason when reader.TokenType == JsonTokenType.String:
                        if (index == 0 || into.FinishReason.Length == 0)
                        {
                            into.FinishReason = AnswerStrings.Interned(ref reader);
                        }
                        into.Terminated = true;
                        break;
                    default: reader.Skip(); break;
                }
            }
        }
    }

    private static int? FindIndex(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIndex = AnswerKeys.Find(ref reader) == AnswerKey.Index;
            reader.Read();
            if (isIndex)
            {
                return AnswerCollector.Number(ref reader);
            }
            reader.Skip();
        }
        return null;
    }

    private static void ReadContent(AnswerCollector into, AnswerChoice choice, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isParts = AnswerKeys.Find(ref reader) == AnswerKey.Parts;
            reader.Read();
            if (!isParts || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    ReadPart(into, choice, json, ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }

    // {"text":"…","thought":true}   {"functionCall":{"name":"f","args":{"a":1}}}   {"inlineData":{"mimeType":"image/png","data":"…"}}
    private static void ReadPart(AnswerCollector into, AnswerChoice choice, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var text = ReadOnlySpan<byte>.Empty;
        var (escaped, thought) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Text when reader.TokenType == JsonTokenType.String:
                    text = reader.ValueSpan;
                    escaped = reader.ValueIsEscaped;
                    break;
                case AnswerKey.Thought: thought = reader.TokenType == JsonTokenType.True; reader.Skip(); break;
                case AnswerKey.GeminiFunctionCall when reader.TokenType == JsonTokenType.StartObject:
                    ReadFunctionCall(into, choice, json, ref reader);
                    break;
                case AnswerKey.InlineData: into.EventHasDelta = true; reader.Skip(); break;
                default: reader.Skip(); break;
            }
        }
        if (!text.IsEmpty)
        {
            into.EventHasDelta = true;
            into.AddRaw(thought ? choice.Reasoning : choice.Text, text, escaped);
        }
    }

    private static void ReadFunctionCall(AnswerCollector into, AnswerChoice choice, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var call = into.ToolCall(choice, choice.NextKey);
        into.EventHasDelta = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            var isText = reader.TokenType == JsonTokenType.String;
            switch (key)
            {
                case AnswerKey.Id when isText: into.AddRaw(call.Id, reader.ValueSpan, reader.ValueIsEscaped); break;
                case AnswerKey.Name when isText: into.AddRaw(call.Name, reader.ValueSpan, reader.ValueIsEscaped); break;
                case AnswerKey.Args:
                    var from = (int)reader.TokenStartIndex;
                    reader.Skip();
                    into.AddRaw(call.Arguments, json[from..(int)reader.BytesConsumed], escaped: false);
                    break;
                default: reader.Skip(); break;
            }
        }
    }

    // {"promptFeedback":{"blockReason":"SAFETY"}}: refused before it began, so there is no candidate.
    private static void ReadFeedback(AnswerCollector into, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReason = AnswerKeys.Find(ref reader) == AnswerKey.BlockReason;
            reader.Read();
            if (isReason && reader.TokenType == JsonTokenType.String)
            {
                into.FinishReason = AnswerStrings.Interned(ref reader);
                into.Terminated = true;
            }
            reader.Skip();
        }
    }
}
