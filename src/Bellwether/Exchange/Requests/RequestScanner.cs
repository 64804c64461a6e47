using System.Text.Json;
using System.Text.Unicode;

namespace Bellwether.Exchange;

/// <summary>
/// Reads the few facts that the gateway needs out of a request body, in one pass over the bytes and without building
/// objects, and refuses what readers could understand differently (R6). What is valid JSON but not what the dialect wants is
/// left for the provider to refuse, in its own words.
/// </summary>
public static class RequestScanner
{
    /// <summary>Deepest nesting of arrays and objects that is let through.</summary>
    public static readonly int MaxDepth = 64;

    /// <summary>Longer user names are cut: a user is a dimension, not a text.</summary>
    public static readonly int MaxUserLength = 256;

    private static readonly Utf8Interner Names = new();
    private static readonly Utf8Interner ParameterSets = new(slots: 256, maxBytes: ParameterWriter.MaxBytes);
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private static readonly ReadOnlyMemory<byte> AddMember = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> AddOption = "\"include_usage\":true"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> AddOptionBeforeOthers = "\"include_usage\":true,"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> WholeOptions = "{\"include_usage\":true}"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> True = "true"u8.ToArray();

    /// <summary>Scans a body. When the result is not ok, <paramref name="facts"/> holds what had been read until then.</summary>
    public static RequestScan Scan(ReadOnlySpan<byte> body, Dialect dialect, out RequestFacts facts)
    {
        facts = new RequestFacts();
        // RFC 8259 §8.1 lets a reader ignore a byte order mark; .NET's does not.
        var start = body.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (body.Length == start)
        {
            return new(RequestProblem.InvalidJson, null, "The request body is empty; a JSON object is expected.");
        }
        if (!Utf8.IsValid(body))
        {
            return new(RequestProblem.InvalidText, null, "The request body is not valid UTF-8.");
        }
        // Before the pass: the reader throws something else than JsonException where it meets one.
        if (LoneSurrogates.In(body))
        {
            return new(RequestProblem.InvalidText, null, "The request body holds half of a surrogate pair (\\uD800 to \\uDFFF).");
        }
        var pass = new Pass(body, start, dialect);
        try
        {
            return pass.Run(out facts);
        }
        catch (JsonException error)
        {
            return pass.IsTooDeep()
                ? new(RequestProblem.TooDeep, null, "The request body is nested deeper than 64 levels.")
                : new(RequestProblem.InvalidJson, null, $"The request body is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}).");
        }
        finally
        {
            pass.Dispose();
        }
    }

    private ref struct Pass(ReadOnlySpan<byte> body, int start, Dialect dialect)
    {
        private readonly ReadOnlySpan<byte> _body = body;
        private readonly int _start = start;
        private readonly Dialect _dialect = dialect;
        private Utf8JsonReader _reader = new(body[start..], Options);
        private SystemPrompt _system;
        private ParameterWriter _parameters = new();
        private string _model = "";
        private string? _user;
        private string? _safetyIdentifier;
        private string? _metadataUser;
        private string _tier = "";
        private KeyStack _keys;
        private string? _repeated;
        private bool _stream;
        private bool _usageRequested;
        private bool _sawStreamOptions;
        private BodySplice? _splice;
        private int _messages;
        private long? _maxTokens;

        public RequestScan Run(out RequestFacts facts)
        {
            facts = new RequestFacts();
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                // The rest is read too, so that "[1" is called invalid JSON and not "not an object".
                while (_reader.Read())
                {
                }
                return new(RequestProblem.NotAnObject, null, "The request body is not a JSON object.");
            }
            var inside = _start + (int)_reader.BytesConsumed;
            RequestScan problem = default;
            var any = false;
            _keys.Enter();
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                any = true;
                var found = ReadMember(TakeKey());
                // The scan goes on: invalid JSON further on is the worse problem, and the caller should hear of it first.
                problem = problem.IsOk ? found : problem;
            }
            if (_repeated is not null)
            {
                problem = new(RequestProblem.DuplicateKey, _repeated, $"The key '{_repeated}' stands twice in one object of the request body.");
            }
            _reader.Read();
            if (_stream && !_sawStreamOptions && _dialect is Dialect.OpenAiChat or Dialect.OpenAiCompletions)
            {
                _splice = new(inside, 0, any ? AddMember : AddMember[..^1]);
            }
            facts = new RequestFacts
            {
                Model = _model,
                Stream = _stream,
                User = _user ?? _safetyIdentifier ?? _metadataUser ?? "",
                ServiceTier = _tier,
                MessageCount = _messages,
                MaxTokens = _maxTokens,
                Parameters = ParameterSets.Get(_parameters.Finish()),
                SystemFingerprint = _system.Fingerprint(),
                UsageRequested = _usageRequested,
                UsageSplice = _stream ? _splice : null,
            };
            return problem;
        }

        /// <summary>After an exception: whether it was the depth that stopped the reader.</summary>
        public readonly bool IsTooDeep()
        {
            var depth = _reader.CurrentDepth + (_reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0);
            var rest = _body[(_start + (int)_reader.BytesConsumed)..].TrimStart(" \t\r\n,:"u8);
            return depth >= Options.MaxDepth && !rest.IsEmpty && rest[0] is (byte)'{' or (byte)'[';
        }

        public void Dispose() => _system.Dispose();

        private RequestScan ReadMember(scoped ReadOnlySpan<byte> name)
        {
            switch (RequestKeys.Find(name))
            {
                case RequestKey.Model when _dialect is not (Dialect.GeminiGenerate or Dialect.GeminiEmbed):
                    _reader.Read();
                    if (_reader.TokenType != JsonTokenType.String)
                    {
                        Skip();
                        return new(RequestProblem.WrongType, "model", "'model' must be a string.");
                    }
                    _model = Text();
                    return default;
                case RequestKey.Stream:
                    _reader.Read();
                    if (_reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
                    {
                        Skip();
                        return new(RequestProblem.WrongType, "stream", "'stream' must be true or false.");
                    }
                    _stream = _reader.TokenType == JsonTokenType.True;
                    return default;
                case RequestKey.StreamOptions when _dialect is Dialect.OpenAiChat or Dialect.OpenAiCompletions:
                    ReadStreamOptions();
                    return default;
                case RequestKey.User:
                    _user = ReadUser();
                    return default;
                case RequestKey.SafetyIdentifier:
                    _safetyIdentifier = ReadUser();
                    return default;
                case RequestKey.Metadata when _dialect is Dialect.AnthropicMessages:
                    ReadMetadata();
                    return default;
                case RequestKey.ServiceTier:
                    _reader.Read();
                    _tier = _reader.TokenType == JsonTokenType.String ? Text() : "";
                    Skip();
                    return default;
                case RequestKey.Messages or RequestKey.Input or RequestKey.Contents or RequestKey.Prompt:
                    ReadMessages();
                    return default;
                case RequestKey.System when _dialect is Dialect.AnthropicMessages or Dialect.AnthropicCountTokens:
                case RequestKey.Instructions when _dialect is Dialect.OpenAiResponses:
                case RequestKey.SystemInstruction when _dialect is Dialect.GeminiGenerate:
                    _system.Add(Raw());
                    return default;
                case RequestKey.MaxTokens:
                    _reader.Read();
                    _maxTokens = Number() ?? _maxTokens;
                    Keep(name);
                    return default;
                case RequestKey.GenerationConfig:
                    ReadGenerationConfig(name);
                    return default;
                case RequestKey.Parameter:
                    _reader.Read();
                    Keep(name);
                    return default;
                default:
                    Skip();
                    return default;
            }
        }

        // {"stream_options":{"include_usage":false,"include_obfuscation":true}}
        private void ReadStreamOptions()
        {
            _sawStreamOptions = true;
            _reader.Read();
            if (_reader.TokenType == JsonTokenType.Null)
            {
                _splice = new(_start + (int)_reader.TokenStartIndex, 4, WholeOptions);
                return;
            }
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                Skip();
                return;
            }
            var inside = _start + (int)_reader.BytesConsumed;
            var (any, found) = (false, false);
            _keys.Enter();
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                any = true;
                TakeKey();
                var wanted = _reader.ValueTextEquals("include_usage"u8);
                _reader.Read();
                if (wanted)
                {
                    found = true;
                    _usageRequested = _reader.TokenType == JsonTokenType.True;
                    // Of another type: the provider will refuse it, and should.
                    _splice = _reader.TokenType is JsonTokenType.False or JsonTokenType.Null
                        ? new(_start + (int)_reader.TokenStartIndex, _reader.ValueSpan.Length, True)
                        : null;
                }
                Skip();
            }
            _keys.Leave();
            if (!found)
            {
                _splice = new(inside, 0, any ? AddOptionBeforeOthers : AddOption);
            }
        }

        private void ReadMetadata()
        {
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                Skip();
                return;
            }
            _keys.Enter();
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                TakeKey();
                if (_reader.ValueTextEquals("user_id"u8))
                {
                    _metadataUser = ReadUser();
                }
                else
                {
                    Skip();
                }
            }
            _keys.Leave();
        }

        private void ReadGenerationConfig(scoped ReadOnlySpan<byte> name)
        {
            var raw = Raw();
            _parameters.Add(name, raw);
            var inner = new Utf8JsonReader(raw, Options);
            while (inner.Read())
            {
                if (inner.CurrentDepth == 1 && inner.TokenType == JsonTokenType.PropertyName
                    && (inner.ValueTextEquals("maxOutputTokens"u8) || inner.ValueTextEquals("max_output_tokens"u8)))
                {
                    inner.Read();
                    _maxTokens = inner.TokenType == JsonTokenType.Number && inner.TryGetInt64(out var limit) ? limit : _maxTokens;
                }
            }
        }

        // "input":"text"   "input":["a","b"]   "input":[1,2,3] (tokens)   "messages":[{"role":"system","content":…}]
        private void ReadMessages()
        {
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.StartArray)
            {
                _messages += _reader.TokenType == JsonTokenType.Null ? 0 : 1;
                Skip();
                return;
            }
            var tokens = false;
            while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            {
                if (_reader.TokenType == JsonTokenType.Number)
                {
                    tokens = true;
                    continue;
                }
                _messages++;
                if (_reader.TokenType == JsonTokenType.StartObject && _dialect is Dialect.OpenAiChat or Dialect.OpenAiResponses)
                {
                    ReadMessage();
                }
                else
                {
                    Skip();
                }
            }
            _messages += tokens ? 1 : 0;
        }

        private void ReadMessage()
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                Skip();
                return;
            }
            var system = false;
            var content = ReadOnlySpan<byte>.Empty;
            _keys.Enter();
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                TakeKey();
                if (_reader.ValueTextEquals("role"u8))
                {
                    _reader.Read();
                    system = _reader.TokenType == JsonTokenType.String
                        && (_reader.ValueTextEquals("system"u8) || _reader.ValueTextEquals("developer"u8));
                    Skip();
                }
                else if (_reader.ValueTextEquals("content"u8))
                {
                    content = Raw();
                }
                else
                {
                    Skip();
                }
            }
            _keys.Leave();
            // "role" may stand behind "content", so the content is only marked until both are known.
            if (system && !content.IsEmpty)
            {
                _system.Add(content);
            }
        }

        /// <summary>The key that the reader stands on, unescaped, noted as one of the current object.</summary>
        private ReadOnlySpan<byte> TakeKey()
        {
            var name = _reader.ValueSpan;
            if (_reader.ValueIsEscaped)
            {
                // "mod\u0065l" is "model" to every reader, so it must be to us.
                var unescaped = new byte[name.Length];
                name = unescaped.AsSpan(0, _reader.CopyString(unescaped));
            }
            if (!_keys.Add(name))
            {
                _repeated ??= Printable(name);
            }
            return name;
        }

        /// <summary>As the reader's own, and notes the keys of all objects in it.</summary>
        private void Skip()
        {
            if (_reader.TokenType == JsonTokenType.PropertyName)
            {
                _reader.Read();
            }
            if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                return;
            }
            var depth = _reader.CurrentDepth;
            while (true)
            {
                switch (_reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        TakeKey();
                        break;
                    case JsonTokenType.StartObject:
                        _keys.Enter();
                        break;
                    case JsonTokenType.EndObject:
                        _keys.Leave();
                        break;
                }
                if (_reader.CurrentDepth == depth && _reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    return;
                }
                _reader.Read();
            }
        }

        private string? ReadUser()
        {
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.String)
            {
                Skip();
                return null;
            }
            var user = _reader.GetString()!;
            return user.Length == 0 ? null : user.Length <= MaxUserLength ? user : Cut(user);
        }

        private static string Cut(string text) =>
            text[..(char.IsHighSurrogate(text[MaxUserLength - 1]) ? MaxUserLength - 1 : MaxUserLength)];

        /// <summary>Skips the value that comes next and gives its bytes.</summary>
        private ReadOnlySpan<byte> Raw()
        {
            _reader.Read();
            return RawHere();
        }

        private ReadOnlySpan<byte> RawHere()
        {
            var from = (int)_reader.TokenStartIndex;
            Skip();
            return _body[(_start + from)..(_start + (int)_reader.BytesConsumed)];
        }

        private void Keep(scoped ReadOnlySpan<byte> name) => _parameters.Add(name, RawHere());

        private readonly long? Number() =>
            _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var number) ? number : null;

        private readonly string Text() => _reader.ValueIsEscaped ? _reader.GetString()! : Names.Get(_reader.ValueSpan);

        private static string Printable(scoped ReadOnlySpan<byte> name)
        {
            Span<char> text = stackalloc char[Math.Min(name.Length, 64)];
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = name[i] is >= 0x20 and < 0x7F ? (char)name[i] : '?';
            }
            return text.ToString();
        }
    }
}
