using System.Text.Json;

namespace Bellwether.Exchange;

internal enum AnswerKey
{
    Other,
    Id, Type, Name, Text, Model, Index, Usage, Error, Delta, Role, Item, Part, Parts, Code, Data, Input, Output, Status, Object, Detail,
    Choices, Content, Message, Refusal, Thinking, Thought, Response, Function, Arguments, Audio, Transcript, Reason, Args, Title,
    ReasoningContent, Reasoning, ToolCalls, FunctionCall, FinishReason, ServiceTier, StopReason, CallId, OutputIndex, ContentBlock,
    PartialJson, IncompleteDetails, XGroq, Summary,
    Candidates, UsageMetadata, ModelVersion, ResponseId, GeminiFinishReason, GeminiFunctionCall, InlineData, PromptFeedback, BlockReason,
    PromptTokens, CompletionTokens, TotalTokens, InputTokens, OutputTokens, CacheReadInputTokens, CacheCreationInputTokens,
    PromptCacheHitTokens, CachedTokens, CacheWriteTokens, InputDetails, OutputDetails, CachedTokensDetails, CacheCreation,
    Ephemeral5m, Ephemeral1h, ServerToolUse, WebSearchRequests, WebFetchRequests, ReasoningTokens, ThinkingTokens, AudioTokens, ImageTokens,
    PromptTokenCount, CandidatesTokenCount, ThoughtsTokenCount, CachedContentTokenCount, ToolUsePromptTokenCount,
    PromptTokensDetails, CandidatesTokensDetails, CacheTokensDetails, Modality, TokenCount,
}

/// <summary>The names that answers use, all dialects together. By length first: a stream of events looks up a dozen names for every token.</summary>
internal static class AnswerKeys
{
    public static AnswerKey Find(ref Utf8JsonReader reader)
    {
        // No server escapes its own key names; one that does has keys that we do not know.
        var name = reader.ValueSpan;
        switch (name.Length)
        {
            case 2:
                return name.SequenceEqual("id"u8) ? AnswerKey.Id : AnswerKey.Other;
            case 4:
                return name.SequenceEqual("text"u8) ? AnswerKey.Text
                    : name.SequenceEqual("type"u8) ? AnswerKey.Type
                    : name.SequenceEqual("name"u8) ? AnswerKey.Name
                    : name.SequenceEqual("role"u8) ? AnswerKey.Role
                    : name.SequenceEqual("item"u8) ? AnswerKey.Item
                    : name.SequenceEqual("part"u8) ? AnswerKey.Part
                    : name.SequenceEqual("code"u8) ? AnswerKey.Code
                    : name.SequenceEqual("data"u8) ? AnswerKey.Data
                    : name.SequenceEqual("args"u8) ? AnswerKey.Args : AnswerKey.Other;
            case 5:
                return name.SequenceEqual("delta"u8) ? AnswerKey.Delta
                    : name.SequenceEqual("index"u8) ? AnswerKey.Index
                    : name.SequenceEqual("model"u8) ? AnswerKey.Model
                    : name.SequenceEqual("usage"u8) ? AnswerKey.Usage
                    : name.SequenceEqual("error"u8) ? AnswerKey.Error
                    : name.SequenceEqual("parts"u8) ? AnswerKey.Parts
                    : name.SequenceEqual("audio"u8) ? AnswerKey.Audio
                    : name.SequenceEqual("input"u8) ? AnswerKey.Input
                    : name.SequenceEqual("title"u8) ? AnswerKey.Title : AnswerKey.Other;
            case 6:
                return name.SequenceEqual("object"u8) ? AnswerKey.Object
                    : name.SequenceEqual("output"u8) ? AnswerKey.Output
                    : name.SequenceEqual("status"u8) ? AnswerKey.Status
                    : name.SequenceEqual("detail"u8) ? AnswerKey.Detail
                    : name.SequenceEqual("reason"u8) ? AnswerKey.Reason
                    : name.SequenceEqual("x_groq"u8) ? AnswerKey.XGroq : AnswerKey.Other;
            case 7:
                return name.SequenceEqual("choices"u8) ? AnswerKey.Choices
                    : name.SequenceEqual("content"u8) ? AnswerKey.Content
                    : name.SequenceEqual("message"u8) ? AnswerKey.Message
                    : name.SequenceEqual("refusal"u8) ? AnswerKey.Refusal
                    : name.SequenceEqual("thought"u8) ? AnswerKey.Thought
                    : name.SequenceEqual("call_id"u8) ? AnswerKey.CallId
                    : name.SequenceEqual("summary"u8) ? AnswerKey.Summary : AnswerKey.Other;
            case 8:
                return name.SequenceEqual("response"u8) ? AnswerKey.Response
                    : name.SequenceEqual("function"u8) ? AnswerKey.Function
                    : name.SequenceEqual("thinking"u8) ? AnswerKey.Thinking
                    : name.SequenceEqual("modality"u8) ? AnswerKey.Modality : AnswerKey.Other;
            case 9:
                return name.SequenceEqual("reasoning"u8) ? AnswerKey.Reasoning
                    : name.SequenceEqual("arguments"u8) ? AnswerKey.Arguments : AnswerKey.Other;
            case 10:
                return name.SequenceEqual("tool_calls"u8) ? AnswerKey.ToolCalls
                    : name.SequenceEqual("transcript"u8) ? AnswerKey.Transcript
                    : name.SequenceEqual("candidates"u8) ? AnswerKey.Candidates
                    : name.SequenceEqual("responseId"u8) ? AnswerKey.ResponseId
                    : name.SequenceEqual("inlineData"u8) ? AnswerKey.InlineData
                    : name.SequenceEqual("tokenCount"u8) ? AnswerKey.TokenCount : AnswerKey.Other;
            case 11:
                return name.SequenceEqual("stop_reason"u8) ? AnswerKey.StopReason
                    : name.SequenceEqual("blockReason"u8) ? AnswerKey.BlockReason : AnswerKey.Other;
            case 12:
                return name.SequenceEqual("service_tier"u8) ? AnswerKey.ServiceTier
                    : name.SequenceEqual("output_index"u8) ? AnswerKey.OutputIndex
                    : name.SequenceEqual("partial_json"u8) ? AnswerKey.PartialJson
                    : name.SequenceEqual("finishReason"u8) ? AnswerKey.GeminiFinishReason
                    : name.SequenceEqual("functionCall"u8) ? AnswerKey.GeminiFunctionCall
                    : name.SequenceEqual("modelVersion"u8) ? AnswerKey.ModelVersion
                    : name.SequenceEqual("total_tokens"u8) ? AnswerKey.TotalTokens
                    : name.SequenceEqual("input_tokens"u8) ? AnswerKey.InputTokens
                    : name.SequenceEqual("audio_tokens"u8) ? AnswerKey.AudioTokens
                    : name.SequenceEqual("image_tokens"u8) ? AnswerKey.ImageTokens : AnswerKey.Other;
            case 13:
                return name.SequenceEqual("finish_reason"u8) ? AnswerKey.FinishReason
                    : name.SequenceEqual("function_call"u8) ? AnswerKey.FunctionCall
                    : name.SequenceEqual("content_block"u8) ? AnswerKey.ContentBlock
                    : name.SequenceEqual("prompt_tokens"u8) ? AnswerKey.PromptTokens
                    : name.SequenceEqual("output_tokens"u8) ? AnswerKey.OutputTokens
                    : name.SequenceEqual("cached_tokens"u8) ? AnswerKey.CachedTokens
                    : name.SequenceEqual("usageMetadata"u8) ? AnswerKey.UsageMetadata : AnswerKey.Other;
            case 14:
                return name.SequenceEqual("promptFeedback"u8) ? AnswerKey.PromptFeedback
                    : name.SequenceEqual("cache_creation"u8) ? AnswerKey.CacheCreation : AnswerKey.Other;
            case 15:
                return name.SequenceEqual("server_tool_use"u8) ? AnswerKey.ServerToolUse
                    : name.SequenceEqual("thinking_tokens"u8) ? AnswerKey.ThinkingTokens : AnswerKey.Other;
            case 16:
                return name.SequenceEqual("promptTokenCount"u8) ? AnswerKey.PromptTokenCount
                    : name.SequenceEqual("reasoning_tokens"u8) ? AnswerKey.ReasoningTokens : AnswerKey.Other;
            case 17:
                return name.SequenceEqual("reasoning_content"u8) ? AnswerKey.ReasoningContent
                    : name.SequenceEqual("completion_tokens"u8) ? AnswerKey.CompletionTokens : AnswerKey.Other;
            case 18:
                return name.SequenceEqual("cache_write_tokens"u8) ? AnswerKey.CacheWriteTokens
                    : name.SequenceEqual("incomplete_details"u8) ? AnswerKey.IncompleteDetails
                    : name.SequenceEqual("web_fetch_requests"u8) ? AnswerKey.WebFetchRequests
                    : name.SequenceEqual("cacheTokensDetails"u8) ? AnswerKey.CacheTokensDetails
                    : name.SequenceEqual("thoughtsTokenCount"u8) ? AnswerKey.ThoughtsTokenCount : AnswerKey.Other;
            case 19:
                return name.SequenceEqual("promptTokensDetails"u8) ? AnswerKey.PromptTokensDetails
                    : name.SequenceEqual("web_search_requests"u8) ? AnswerKey.WebSearchRequests
                    // The transcription endpoint leaves the s out.
                    : name.SequenceEqual("input_token_details"u8) ? AnswerKey.InputDetails : AnswerKey.Other;
            case 20:
                return name.SequenceEqual("input_tokens_details"u8) ? AnswerKey.InputDetails
                    : name.SequenceEqual("output_token_details"u8) ? AnswerKey.OutputDetails
                    : name.SequenceEqual("candidatesTokenCount"u8) ? AnswerKey.CandidatesTokenCount : AnswerKey.Other;
            case 21:
                return name.SequenceEqual("prompt_tokens_details"u8) ? AnswerKey.InputDetails
                    : name.SequenceEqual("output_tokens_details"u8) ? AnswerKey.OutputDetails
                    : name.SequenceEqual("cached_tokens_details"u8) ? AnswerKey.CachedTokensDetails : AnswerKey.Other;
            case 23:
                return name.SequenceEqual("cache_read_input_tokens"u8) ? AnswerKey.CacheReadInputTokens
                    : name.SequenceEqual("prompt_cache_hit_tokens"u8) ? AnswerKey.PromptCacheHitTokens
                    : name.SequenceEqual("cachedContentTokenCount"u8) ? AnswerKey.CachedContentTokenCount
                    : name.SequenceEqual("toolUsePromptTokenCount"u8) ? AnswerKey.ToolUsePromptTokenCount
                    : name.SequenceEqual("candidatesTokensDetails"u8) ? AnswerKey.CandidatesTokensDetails : AnswerKey.Other;
            case 25:
                return name.SequenceEqual("completion_tokens_details"u8) ? AnswerKey.OutputDetails
                    : name.SequenceEqual("ephemeral_5m_input_tokens"u8) ? AnswerKey.Ephemeral5m
                    : name.SequenceEqual("ephemeral_1h_input_tokens"u8) ? AnswerKey.Ephemeral1h : AnswerKey.Other;
            case 27:
                return name.SequenceEqual("cache_creation_input_tokens"u8) ? AnswerKey.CacheCreationInputTokens : AnswerKey.Other;
            default:
                return AnswerKey.Other;
        }
    }
}

/// <summary>Strings out of answers, never throwing on what is not text.</summary>
internal static class AnswerStrings
{
    private static readonly Utf8Interner Known = new();

    /// <summary>For what repeats from answer to answer: model, finish reason, tier.</summary>
    public static string Interned(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Unescaped(reader.ValueSpan, int.MaxValue) : Known.Get(reader.ValueSpan);

    /// <summary>For what does not. Cut to <paramref name="maxLength"/> characters.</summary>
    public static string Text(ref Utf8JsonReader reader, int maxLength) => Unescaped(reader.ValueSpan, maxLength);

    /// <summary>Whether the string that the reader stands on is this.</summary>
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> value) =>
        reader.TokenType == JsonTokenType.String && reader.ValueSpan.SequenceEqual(value);

    private static string Unescaped(ReadOnlySpan<byte> inside, int maxLength)
    {
        // A character takes at most six bytes of JSON (\u0041).
        inside = inside.Length / 6 > maxLength ? inside[..(maxLength * 6)] : inside;
        var bytes = inside.Length <= 512 ? stackalloc byte[512] : new byte[inside.Length];
        var text = System.Text.Encoding.UTF8.GetString(bytes[..JsonText.Unescape(inside, bytes)]);
        return text.Length <= maxLength ? text : text[..maxLength];
    }
}
