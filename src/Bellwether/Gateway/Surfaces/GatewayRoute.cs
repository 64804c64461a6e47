using Bellwether.Exchange;
using Bellwether.Providers;
using Bellwether.Telemetry;

namespace Bellwether.Gateway;

/// <summary>The dialect family that a path belongs to; decides error bodies and the kind of provider.</summary>
internal enum Surface { OpenAi, Anthropic, Azure, Gemini }

/// <summary>What a path means.</summary>
internal readonly struct GatewayRoute
{
    public required Surface Surface { get; init; }
    public required Dialect Dialect { get; init; }
    /// <summary>As <see cref="Observation.Operation"/>.</summary>
    public required string Operation { get; init; }
    /// <summary>Method and path with ids taken out, so that it can be grouped by.</summary>
    public required string Template { get; init; }
    /// <summary>The path below the version segment: <c>/chat/completions</c>; for Gemini the whole path. As the caller wrote it, still escaped.</summary>
    public required string Tail { get; init; }
    /// <summary>The whole path as Azure knows it, on the Azure surface only.</summary>
    public string? AzurePath { get; init; }
    /// <summary>Model or deployment named by the path.</summary>
    public string PathModel { get; init; }
    /// <summary>The path itself asks for a stream (<c>:streamGenerateContent</c>).</summary>
    public bool Stream { get; init; }

    public bool IsOpaque => Dialect == Dialect.Opaque;

    public string SurfaceName => Surface switch
    {
        Surface.OpenAi => "openai",
        Surface.Anthropic => "anthropic",
        Surface.Azure => "azure",
        Surface.Gemini => "gemini",
        _ => throw new InvalidOperationException(),
    };

    public ProviderKind ProviderKind => Surface switch
    {
        Surface.OpenAi => ProviderKind.OpenAi,
        Surface.Anthropic => ProviderKind.Anthropic,
        Surface.Azure => ProviderKind.AzureOpenAi,
        Surface.Gemini => ProviderKind.Gemini,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The kind that speaks nearly the same: OpenAI and Azure for each other.</summary>
    public ProviderKind AlternativeKind => Surface switch
    {
        Surface.OpenAi => ProviderKind.AzureOpenAi,
        Surface.Azure => ProviderKind.OpenAi,
        _ => ProviderKind,
    };

    public ObservationKind Kind => Dialect switch
    {
        Dialect.OpenAiChat or Dialect.OpenAiCompletions or Dialect.OpenAiResponses or Dialect.AnthropicMessages or Dialect.GeminiGenerate => ObservationKind.Llm,
        Dialect.OpenAiEmbeddings or Dialect.GeminiEmbed => ObservationKind.Embedding,
        Dialect.OpenAiModerations => ObservationKind.Moderation,
        Dialect.AnthropicCountTokens or Dialect.Opaque => ObservationKind.Other,
        _ => throw new InvalidOperationException(),
    };
}
