using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Exchange;

/// <summary>
/// A usage block as a provider wrote it, all families' names side by side. Reading a second block replaces what it names and
/// keeps the rest: Anthropic's <c>message_delta</c> is cumulative and may be partial.
/// </summary>
internal struct RawUsage
{
    // {"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":0}}
    private long? _prompt, _completion, _total;
    // {"input_tokens":9,"output_tokens":12}: inclusive at OpenAI (responses), exclusive at Anthropic
    private long? _input, _output;
    private long? _cacheRead, _cacheWrite, _cacheWrite5m, _cacheWrite1h, _detailCached, _detailCacheWrite;
    private long? _reasoning, _inputAudio, _outputAudio, _inputImage, _outputImage, _cachedAudio;
    // {"promptTokenCount":9,"candidatesTokenCount":12,"thoughtsTokenCount":30}
    private long? _geminiPrompt, _geminiCandidates, _geminiThoughts, _geminiCached, _geminiToolPrompt;
    private long? _webSearches, _webFetches, _otherToolRequests;

    /// <summary>Provider-side tool calls seen in the output itself.</summary>
    public int ToolItems { get; set; }

    /// <summary>The tier, where the usage block names it (Anthropic).</summary>
    public string? ServiceTier { get; private set; }

    public readonly bool IsEmpty =>
        (_prompt ?? _completion ?? _total ?? _input ?? _output ?? _cacheRead ?? _cacheWrite ?? _geminiPrompt ?? _geminiCandidates ?? _geminiThoughts) is null;

    /// <summary>Reads the object that the reader stands on.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.PromptTokens: Set(ref reader, ref _prompt); break;
                case AnswerKey.CompletionTokens: Set(ref reader, ref _completion); break;
                case AnswerKey.TotalTokens: Set(ref reader, ref _total); break;
                case AnswerKey.InputTokens: Set(ref reader, ref _input); break;
                case AnswerKey.OutputTokens: Set(ref reader, ref _output); break;
                case AnswerKey.CacheReadInputTokens: Set(ref reader, ref _cacheRead); break;
                case AnswerKey.CacheCreationInputTokens: Set(ref reader, ref _cacheWrite); break;
                case AnswerKey.PromptCacheHitTokens or AnswerKey.CachedTokens: Set(ref reader, ref _detailCached); break;
                case AnswerKey.InputDetails or AnswerKey.OutputDetails when reader.TokenType == JsonTokenType.StartObject:
                    ReadDetails(ref reader, output: key == AnswerKey.OutputDetails);
                    break;
                case AnswerKey.CacheCreation when reader.TokenType == JsonTokenType.StartObject:
                    ReadCacheCreation(ref reader);
                    break;
                case AnswerKey.ServerToolUse when reader.TokenType == JsonTokenType.StartObject:
                    ReadServerToolUse(ref reader);
                    break;
                case AnswerKey.ServiceTier when reader.TokenType == JsonTokenType.String:
                    ServiceTier = AnswerStrings.Interned(ref reader);
                    break;
                case AnswerKey.PromptTokenCount: Set(ref reader, ref _geminiPrompt); break;
                case AnswerKey.CandidatesTokenCount: Set(ref reader, ref _geminiCandidates); break;
                case AnswerKey.ThoughtsTokenCount: Set(ref reader, ref _geminiThoughts); break;
                case AnswerKey.CachedContentTokenCount: Set(ref reader, ref _geminiCached); break;
                case AnswerKey.ToolUsePromptTokenCount: Set(ref reader, ref _geminiToolPrompt); break;
                case AnswerKey.PromptTokensDetails: ReadModalities(ref reader, ref _inputAudio, ref _inputImage); break;
                case AnswerKey.CandidatesTokensDetails: ReadModalities(ref reader, ref _outputAudio, ref _outputImage); break;
                case AnswerKey.CacheTokensDetails:
                    long? images = null;
                    ReadModalities(ref reader, ref _cachedAudio, ref images);
                    break;
                default: reader.Skip(); break;
            }
        }
    }

    /// <summary>The contract's inclusive counts; <see cref="Usage.None"/> when nothing was read.</summary>
    public readonly Usage Normalise(Dialect dialect)
    {
        if (IsEmpty)
        {
            return ToolItems > 0 ? Usage.None with { ToolRequests = ToolItems } : Usage.None;
        }
        var anthropic = dialect is Dialect.AnthropicMessages || _cacheRead is not null || _cacheWrite is not null;
        var cacheWrite = _cacheWrite ?? (_cacheWrite5m + _cacheWrite1h) ?? _cacheWrite5m ?? _cacheWrite1h;
        long? input, output;
        if (_geminiPrompt is not null || _geminiCandidates is not null || _geminiThoughts is not null)
        {
            input = _geminiPrompt is null ? null : Sum(_geminiPrompt, _geminiToolPrompt);
            output = _geminiCandidates is null && _geminiThoughts is null ? null : Sum(_geminiCandidates, _geminiThoughts);
        }
        else if (_prompt is not null || _completion is not null)
        {
            (input, output) = (_prompt, _completion);
        }
        else if (anthropic)
        {
            input = _input is null && _cacheRead is null && cacheWrite is null ? null : Sum(_input, _cacheRead, cacheWrite);
            output = _output;
        }
        else
        {
            // {"total_tokens":8}: some embedding servers count nothing else.
            (input, output) = (_input ?? (_output is null ? _total : null), _output);
        }
        return new Usage
        {
            InputTokens = input,
            OutputTokens = output,
            CacheReadTokens = _cacheRead ?? _detailCached ?? _geminiCached ?? 0,
            CacheWriteTokens = cacheWrite ?? _detailCacheWrite ?? 0,
            CacheWrite1hTokens = _cacheWrite1h ?? 0,
            ReasoningTokens = _reasoning ?? _geminiThoughts ?? 0,
            InputAudioTokens = _inputAudio ?? 0,
            OutputAudioTokens = _outputAudio ?? 0,
            CacheAudioReadTokens = _cachedAudio ?? 0,
            InputImageTokens = _inputImage ?? 0,
            OutputImageTokens = _outputImage ?? 0,
            ToolRequests = Sum(_webSearches, _webFetches, _otherToolRequests) is > 0 and var requests ? requests : ToolItems,
        };
    }

    private static long Sum(long? a, long? b, long? c = null)
    {
        // Counts come from a stranger: two of them near the limit must not become a negative number.
        var sum = (Int128)(a ?? 0) + (b ?? 0) + (c ?? 0);
        return sum > long.MaxValue ? long.MaxValue : (long)sum;
    }

    private static void Set(ref Utf8JsonReader reader, ref long? count)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            // 12.0 is how some servers in JavaScript or Lua write 12.
            if (reader.TryGetInt64(out var whole))
            {
                count = whole >= 0 ? whole : count;
            }
            else if (reader.TryGetDouble(out var number) && number is >= 0 and < 1e15)
            {
                count = (long)number;
            }
        }
        else
        {
            reader.Skip();
        }
    }

    // {"cached_tokens":3,"audio_tokens":0,"cached_tokens_details":{"audio_tokens":1}}
    private void ReadDetails(ref Utf8JsonReader reader, bool output)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.CachedTokens when !output: Set(ref reader, ref _detailCached); break;
                case AnswerKey.CacheWriteTokens when !output: Set(ref reader, ref _detailCacheWrite); break;
                case AnswerKey.ReasoningTokens or AnswerKey.ThinkingTokens when output: Set(ref reader, ref _reasoning); break;
                case AnswerKey.AudioTokens when output: Set(ref reader, ref _outputAudio); break;
                case AnswerKey.AudioTokens: Set(ref reader, ref _inputAudio); break;
                case AnswerKey.ImageTokens when output: Set(ref reader, ref _outputImage); break;
                case AnswerKey.ImageTokens: Set(ref reader, ref _inputImage); break;
                case AnswerKey.CachedTokensDetails when !output && reader.TokenType == JsonTokenType.StartObject:
                    ReadCachedDetails(ref reader);
                    break;
                default: reader.Skip(); break;
            }
        }
    }

    private void ReadCachedDetails(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var audio = AnswerKeys.Find(ref reader) == AnswerKey.AudioTokens;
            reader.Read();
            if (audio)
            {
                Set(ref reader, ref _cachedAudio);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadCacheCreation(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.Ephemeral5m: Set(ref reader, ref _cacheWrite5m); break;
                case AnswerKey.Ephemeral1h: Set(ref reader, ref _cacheWrite1h); break;
                default: reader.Skip(); break;
            }
        }
    }

    // {"web_search_requests":1,"web_fetch_requests":0}
    private void ReadServerToolUse(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                case AnswerKey.WebSearchRequests: Set(ref reader, ref _webSearches); break;
                case AnswerKey.WebFetchRequests: Set(ref reader, ref _webFetches); break;
                default: Set(ref reader, ref _otherToolRequests); break;
            }
        }
    }

    // [{"modality":"TEXT","tokenCount":12},{"modality":"AUDIO","tokenCount":3}]
    private static void ReadModalities(ref Utf8JsonReader reader, ref long? audio, ref long? image)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            var (isAudio, isImage) = (false, false);
            long? count = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = AnswerKeys.Find(ref reader);
                reader.Read();
                if (key == AnswerKey.Modality && reader.TokenType == JsonTokenType.String)
                {
                    isAudio = reader.ValueSpan.SequenceEqual("AUDIO"u8);
                    isImage = reader.ValueSpan.SequenceEqual("IMAGE"u8);
                }
                else if (key == AnswerKey.TokenCount)
                {
                    Set(ref reader, ref count);
                }
                else
                {
                    reader.Skip();
                }
            }
            audio = isAudio ? count : audio;
            image = isImage ? count : image;
        }
    }
}
