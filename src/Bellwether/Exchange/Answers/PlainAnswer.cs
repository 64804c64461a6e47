using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>
/// Embeddings, moderations, images, transcriptions and whatever else is forwarded blindly: model, id, usage and error stand at
/// the top of all of them.
/// </summary>
internal static class PlainAnswer
{
    public static void Read(AnswerCollector into, ref Utf8JsonReader reader)
    {
        var envelope = new ErrorEnvelope();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = AnswerKeys.Find(ref reader);
            reader.Read();
            switch (key)
            {
                // Counting tokens is free: the count is the answer, not a usage.
                case AnswerKey.Usage when reader.TokenType == JsonTokenType.StartObject && into.Dialect != Dialect.AnthropicCountTokens:
                    into.Usage.Read(ref reader);
                    break;
                case AnswerKey.Id: into.SetId(ref reader); break;
                case AnswerKey.Model: into.SetModel(ref reader); break;
                case AnswerKey.ServiceTier: into.SetTier(ref reader); break;
                case AnswerKey.Error: into.ReadError(ref reader); break;
                default: envelope.Read(key, ref reader); break;
            }
        }
        envelope.Finish(into);
    }
}

/// <summary>
/// Errors without an <c>error</c> member: <c>{"object":"error","message":"…","type":"…","code":400}</c> (vLLM, Mistral),
/// <c>{"detail":"Not Found"}</c> (FastAPI).
/// </summary>
internal struct ErrorEnvelope
{
    private string? _message;
    private string? _type;
    private string? _code;
    private bool _isError;

    /// <summary>Reads or skips the value of a member that the dialect does not know.</summary>
    public void Read(AnswerKey key, ref Utf8JsonReader reader)
    {
        switch (key)
        {
            case AnswerKey.Object or AnswerKey.Type when AnswerStrings.Is(ref reader, "error"u8):
                _isError = true;
                break;
            case AnswerKey.Detail when reader.TokenType == JsonTokenType.String:
                _isError = true;
                _message = AnswerCollector.LongText(ref reader);
                break;
            case AnswerKey.Message when reader.TokenType == JsonTokenType.String:
                _message = AnswerCollector.LongText(ref reader);
                break;
            case AnswerKey.Type when reader.TokenType == JsonTokenType.String:
                _type = AnswerCollector.ShortText(ref reader);
                break;
            case AnswerKey.Code when reader.TokenType is JsonTokenType.String or JsonTokenType.Number:
                _code = AnswerCollector.ShortText(ref reader);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    public readonly void Finish(AnswerCollector into)
    {
        if (_isError || (_message is not null && into is { IsPlainBody: true, FinishReason.Length: 0 }))
        {
            into.SetError(_type ?? "", _code ?? "", _message ?? "");
        }
    }
}
