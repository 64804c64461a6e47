using System.Text.Json;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>
/// The walk of <see cref="PromptReader"/>. Every string below a message is a text, whatever its name, except the few that are
/// known to be ids, types and files: a text in a member that we have not heard of must not pass unseen.
/// </summary>
internal ref struct PromptWalk(ReadOnlySpan<byte> body, Dialect dialect, PromptReader into)
{
    private const int DeepestBlock = 8;
    private const int FileSample = 128;
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = RequestScanner.MaxDepth };

    private readonly ReadOnlySpan<byte> _body = body;
    private readonly int _start = body.StartsWith("\uFEFF"u8) ? 3 : 0;
    private Utf8JsonReader _reader = new(body.StartsWith("\uFEFF"u8) ? body[3..] : body, s_options);

    private readonly bool IsConversation => dialect is Dialect.OpenAiChat or Dialect.OpenAiResponses or Dialect.OpenAiCompletions
        or Dialect.AnthropicMessages or Dialect.AnthropicCountTokens or Dialect.GeminiGenerate;

    public void Run()
    {
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember();
        }
    }

    private void ReadMember()
    {
        var key = PromptKeys.TopLevel(ref _reader);
        _reader.Read();
        into.EndUnit();
        switch (key)
        {
            case PromptKey.Messages when IsConversation:
                ReadMessages();
                break;
            case PromptKey.Messages:
                ReadValue(PromptOrigin.Data, structured: false, depth: 0);
                break;
            case PromptKey.System:
                ReadValue(PromptOrigin.System, structured: false, depth: 0);
                break;
            case PromptKey.Tools:
                ReadDescriptions();
                break;
            default:
                _reader.Skip();
                break;
        }
    }

    private void ReadMessages()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            ReadMessage();
            return;
        }
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            into.EndUnit();
            ReadMessage();
        }
    }

    private void ReadMessage() => ReadValue(_reader.TokenType == JsonTokenType.StartObject ? OriginOf(_reader) : PromptOrigin.User, structured: false, depth: 0);

    // The role may stand behind the content, so a copy of the reader looks ahead for it; nearly always it is the first member.
    private static PromptOrigin OriginOf(Utf8JsonReader ahead)
    {
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var key = PromptKeys.Find(ref ahead);
            ahead.Read();
            if (key == PromptKey.Role && ahead.TokenType == JsonTokenType.String)
            {
                return PromptKeys.OfRole(ref ahead);
            }
            if (key == PromptKey.Type && ahead.TokenType == JsonTokenType.String && PromptKeys.OfBlock(ref ahead) is { } origin)
            {
                // {"type":"function_call_output","call_id":"…","output":"…"}
                return origin;
            }
            ahead.Skip();
        }
        return PromptOrigin.User;
    }

    // {"type":"tool_result","tool_use_id":"…","content":[…]} in a message of the user's.
    private static PromptOrigin OriginOfBlock(Utf8JsonReader ahead, PromptOrigin around)
    {
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var key = PromptKeys.Find(ref ahead);
            ahead.Read();
            if (key == PromptKey.Type)
            {
                return ahead.TokenType == JsonTokenType.String && PromptKeys.OfBlock(ref ahead) is { } origin ? origin : around;
            }
            ahead.Skip();
        }
        return around;
    }

    /// <param name="structured">Inside of arguments and results that are JSON themselves: names are context, numbers may be somebody's, and no name is known.</param>
    private void ReadValue(PromptOrigin origin, bool structured, int depth)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                AddHere(_reader.ValueSpan.Length, BodyPartKind.Text, origin);
                break;
            case JsonTokenType.Number when structured && _reader.ValueSpan.Length >= BodyText.ShortestNumber:
                var at = _start + (int)_reader.TokenStartIndex;
                into.Add(at, at + _reader.ValueSpan.Length, BodyPartKind.Number, escaped: false, origin);
                break;
            case JsonTokenType.StartArray:
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    ReadValue(origin, structured, depth + 1);
                }
                break;
            case JsonTokenType.StartObject:
                ReadObject(origin, structured, depth);
                break;
            default:
                break;
        }
    }

    private void ReadObject(PromptOrigin origin, bool structured, int depth)
    {
        if (!structured && depth is > 0 and <= DeepestBlock && origin is PromptOrigin.User or PromptOrigin.Assistant)
        {
            origin = OriginOfBlock(_reader, origin);
        }
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = structured ? PromptKey.Other : PromptKeys.Find(ref _reader);
            if (structured)
            {
                AddHere(_reader.ValueSpan.Length, BodyPartKind.Name, origin);
            }
            _reader.Read();
            switch (key)
            {
                case PromptKey.Role or PromptKey.Type or PromptKey.Identifier:
                case PromptKey.File when _reader.TokenType == JsonTokenType.String && IsFile(_reader.ValueSpan):
                    _reader.Skip();
                    break;
                case PromptKey.Arguments:
                    ReadValue(origin, structured: true, depth + 1);
                    break;
                case PromptKey.Call:
                    ReadValue(PromptOrigin.Assistant, structured: false, depth + 1);
                    break;
                case PromptKey.Result:
                    ReadValue(PromptOrigin.Document, structured: false, depth + 1);
                    break;
                default:
                    ReadValue(origin, structured, depth + 1);
                    break;
            }
        }
    }

    // {"tools":[{"type":"function","function":{"name":…,"description":…,"parameters":{"properties":{"city":{"description":…}}}}}]}
    private void ReadDescriptions()
    {
        if (_reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }
        var depth = _reader.CurrentDepth;
        while (_reader.Read() && _reader.CurrentDepth > depth)
        {
            if (_reader.TokenType == JsonTokenType.PropertyName && _reader.ValueTextEquals("description"u8))
            {
                _reader.Read();
                if (_reader.TokenType == JsonTokenType.String)
                {
                    AddHere(_reader.ValueSpan.Length, BodyPartKind.Text, PromptOrigin.Tools);
                }
            }
        }
    }

    private readonly void AddHere(int length, BodyPartKind kind, PromptOrigin origin)
    {
        var start = _start + (int)_reader.TokenStartIndex + 1;
        into.Add(start, start + length, kind, _reader.ValueIsEscaped, dialect is Dialect.OpenAiEmbeddings or Dialect.OpenAiModerations or Dialect.GeminiEmbed ? PromptOrigin.Data : origin);
    }

    // "data:image/png;base64,iVBORw0…", or the bare base64 that Anthropic and Gemini take.
    private static bool IsFile(ReadOnlySpan<byte> value)
    {
        if (value.StartsWith("data:"u8))
        {
            return value[..Math.Min(value.Length, FileSample)].IndexOf(";base64,"u8) > 0;
        }
        return value.Length >= FileSample && PromptKeys.IsBase64(value[..FileSample]);
    }
}
