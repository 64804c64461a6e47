using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Exchange;

/// <summary>What has been read of an answer so far. The dialects write into it; texts only while the capture limit lasts.</summary>
internal sealed class AnswerCollector
{
    private const int MaxChoices = 16;
    private const int MaxMessageLength = 1000;
    // A provider that sends nothing but broken events must not cost an exception for each.
    private const int MaxBrokenEvents = 64;

    private readonly List<AnswerChoice> _choices = [];
    private readonly GapHistogram _gaps = new();
    private int _room;
    private long _first;
    private long _last;
    private long _deltas;
    private int _broken;

    public Dialect Dialect { get; private set; }
    public RawUsage Usage;
    public string Model { get; set; } = "";
    public string ResponseId { get; private set; } = "";
    public string FinishReason { get; set; } = "";
    public string ServiceTier { get; set; } = "";
    public bool IsError { get; set; }
    public string ErrorType { get; private set; } = "";
    public string ErrorCode { get; private set; } = "";
    public string ErrorMessage { get; private set; } = "";
    public int ToolCallCount { get; private set; }
    public bool Terminated { get; set; }
    public bool Malformed { get; set; }
    public bool Truncated { get; set; }
    public bool HasDelta => _deltas > 0;

    /// <summary>Set while a plain body is read, whose text is kept whole and not collected.</summary>
    public bool IsPlainBody { get; set; }
    /// <summary>Set by a dialect when the event carried content, a tool call or reasoning.</summary>
    public bool EventHasDelta { get; set; }
    /// <summary>Set by a dialect when the event is a usage chunk without choices.</summary>
    public bool EventIsUsageOnly { get; set; }

    public void Start(Dialect dialect, int captureLimit)
    {
        Dialect = dialect;
        _room = captureLimit;
        Usage = default;
        Model = ResponseId = FinishReason = ServiceTier = ErrorType = ErrorCode = ErrorMessage = "";
        IsError = Terminated = Malformed = Truncated = IsPlainBody = false;
        ToolCallCount = 0;
        (_first, _last, _deltas, _broken) = (0, 0, 0, 0);
    }

    public void Clear()
    {
        foreach (var choice in _choices)
        {
            choice.Clear();
        }
        _gaps.Clear();
    }

    /// <summary>Reads one event's JSON. Returns whether it was the usage chunk without choices.</summary>
    public bool ReadEvent(ReadOnlySpan<byte> json, long timestamp)
    {
        EventHasDelta = EventIsUsageOnly = false;
        if (_broken < MaxBrokenEvents && !TryReadObject(json))
        {
            _broken++;
            Malformed = true;
            EventIsUsageOnly = false;
        }
        if (EventHasDelta)
        {
            AddDelta(timestamp);
        }
        return EventIsUsageOnly;
    }

    /// <summary>Reads a whole JSON object of the dialect; false when it is none.</summary>
    public bool TryReadObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }
            switch (Dialect)
            {
                case Dialect.OpenAiChat or Dialect.OpenAiCompletions: ChatAnswer.Read(this, ref reader); break;
                case Dialect.OpenAiResponses: ResponsesAnswer.Read(this, ref reader); break;
                case Dialect.AnthropicMessages: AnthropicAnswer.Read(this, json, ref reader); break;
                case Dialect.GeminiGenerate or Dialect.GeminiEmbed: GeminiAnswer.Read(this, json, ref reader); break;
                default: PlainAnswer.Read(this, ref reader); break;
            }
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public void AddDelta(long timestamp)
    {
        if (_deltas++ == 0)
        {
            _first = timestamp;
        }
        else
        {
            _gaps.Add(timestamp - _last);
        }
        _last = timestamp;
    }

    public AnswerChoice Choice(int index)
    {
        // Choices beyond the limit are counted with the last one kept, and their text is dropped there.
        index = Math.Clamp(index, 0, MaxChoices - 1);
        while (_choices.Count <= index)
        {
            _choices.Add(new AnswerChoice());
        }
        return _choices[index];
    }

    /// <summary>Adds a delta's text, as the reader stands on it, while there is room.</summary>
    public void AddText(TextBuffer into, ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (text.IsEmpty)
        {
            return;
        }
        EventHasDelta = true;
        AddRaw(into, text, reader.ValueIsEscaped);
    }

    public void AddRaw(TextBuffer into, ReadOnlySpan<byte> inside, bool escaped)
    {
        if (IsPlainBody)
        {
            return;
        }
        if (inside.Length > _room)
        {
            Truncated = true;
            inside = inside[.._room];
        }
        _room -= inside.Length;
        into.AppendJson(inside, escaped);
    }

    /// <summary>The tool call of a choice with this key, made when it is new.</summary>
    public AnswerToolCall ToolCall(AnswerChoice choice, int key)
    {
        var call = choice.ToolCall(key, out var isNew);
        ToolCallCount += isNew ? 1 : 0;
        return call;
    }

    public void SetId(ref Utf8JsonReader reader)
    {
        if (ResponseId.Length == 0 && reader.TokenType == JsonTokenType.String)
        {
            ResponseId = AnswerStrings.Text(ref reader, 200);
        }
        reader.Skip();
    }

    public void SetModel(ref Utf8JsonReader reader)
    {
        // Azure's first chunk, with the prompt's filter results, has "model":"".
        if (Model.Length == 0 && reader.TokenType == JsonTokenType.String)
        {
            Model = AnswerStrings.Interned(ref reader);
        }
        reader.Skip();
    }

    public void SetTier(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty)
        {
            ServiceTier = AnswerStrings.Interned(ref reader);
        }
        reader.Skip();
    }

    /// <summary>Reads the value of <c>error</c>: an object, a plain text (Ollama), or null for none.</summary>
    public void ReadError(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            SetError("", "", AnswerStrings.Text(ref reader, MaxMessageLength));
        }
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        string type = "", code = "", status = "", message = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Type: type = ShortText(ref reader); break;
                case AnswerKey.Code: code = ShortText(ref reader); break;
                case AnswerKey.Status: status = ShortText(ref reader); break;
                case AnswerKey.Message: message = LongText(ref reader); break;
                default: reader.Skip(); break;
            }
        }
        // Gemini: {"error":{"code":429,"message":"…","status":"RESOURCE_EXHAUSTED"}}
        SetError(type.Length > 0 ? type : status, code, message);
    }

    /// <summary>Notes an error; the first one stays, since a second is mostly its echo.</summary>
    public void SetError(string type, string code, string message)
    {
        if (!IsError)
        {
            (IsError, ErrorType, ErrorCode, ErrorMessage) = (true, type, code, message);
        }
    }

    public static string LongText(ref Utf8JsonReader reader) => TextOrEmpty(ref reader, MaxMessageLength);

    /// <summary>A text or a number as text: error codes are both.</summary>
    public static string ShortText(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number ? AnswerStrings.Text(ref reader, 40) : TextOrEmpty(ref reader, 200);

    public static int Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
        {
            return number;
        }
        reader.Skip();
        return 0;
    }

    public AnswerFacts Facts(ReadOnlyMemory<byte> output, bool assembled, bool isWhole) => new()
    {
        Usage = Usage.Normalise(Dialect),
        Model = Model,
        ResponseId = ResponseId,
        FinishReason = FinishReason,
        ServiceTier = ServiceTier.Length > 0 ? ServiceTier : Usage.ServiceTier ?? "",
        IsError = IsError,
        ErrorType = ErrorType,
        ErrorCode = ErrorCode,
        ErrorMessage = ErrorMessage,
        ToolCallCount = ToolCallCount,
        Output = output,
        OutputAssembled = assembled,
        OutputTruncated = Truncated,
        DeltaCount = _deltas,
        FirstDeltaTimestamp = _deltas > 0 ? _first : null,
        LastDeltaTimestamp = _deltas > 0 ? _last : null,
        GapP50 = _gaps.Quantile(0.5),
        GapP95 = _gaps.Quantile(0.95),
        Malformed = Malformed,
        Terminated = Terminated,
        IsComplete = Terminated || isWhole || FinishReason.Length > 0,
    };

    /// <summary>The streamed texts as one JSON object (<see cref="ObservationPayload.Output"/>); empty when nothing came.</summary>
    public byte[] Assemble(TextBuffer scratch)
    {
        scratch.Clear();
        scratch.Append((byte)'{');
        var main = _choices.Count > 0 && _choices[0].Write(scratch);
        var others = false;
        for (var i = 1; i < _choices.Count; i++)
        {
            if (_choices[i].IsEmpty)
            {
                continue;
            }
            scratch.Append(others ? ",{"u8 : main ? ",\"alternatives\":[{"u8 : "\"alternatives\":[{"u8);
            others = true;
            _choices[i].Write(scratch);
            scratch.Append((byte)'}');
        }
        if (others)
        {
            scratch.Append((byte)']');
        }
        scratch.Append((byte)'}');
        return main || others ? scratch.Span.ToArray() : [];
    }

    private static string TextOrEmpty(ref Utf8JsonReader reader, int maxLength)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return AnswerStrings.Text(ref reader, maxLength);
        }
        reader.Skip();
        return "";
    }
}
