namespace Bellwether.Exchange;

/// <summary>The shape of a request and its answer. <see cref="Opaque"/>: forwarded without looking inside.</summary>
public enum Dialect
{
    OpenAiChat,
    OpenAiCompletions,
    OpenAiResponses,
    OpenAiEmbeddings,
    OpenAiModerations,
    AnthropicMessages,
    AnthropicCountTokens,
    GeminiGenerate,
    GeminiEmbed,
    Opaque,
}
