namespace Bellwether.Exchange;

internal enum RequestKey
{
    Other,
    Model, Stream, StreamOptions, User, SafetyIdentifier, Metadata, ServiceTier,
    Messages, Input, Prompt, Contents,
    System, Instructions, SystemInstruction,
    MaxTokens, GenerationConfig,
    /// <summary>Kept as it is in the observation's parameters.</summary>
    Parameter,
}

internal static class RequestKeys
{
    /// <summary>Looks a top-level key up by length first: most keys are told apart without comparing a byte.</summary>
    public static RequestKey Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 when name[0] == (byte)'n' => RequestKey.Parameter,
        4 when name.SequenceEqual("user"u8) => RequestKey.User,
        4 when name.SequenceEqual("seed"u8) || name.SequenceEqual("stop"u8) => RequestKey.Parameter,
        5 when name.SequenceEqual("model"u8) => RequestKey.Model,
        5 when name.SequenceEqual("input"u8) => RequestKey.Input,
        5 when name.SequenceEqual("top_p"u8) || name.SequenceEqual("top_k"u8) => RequestKey.Parameter,
        6 when name.SequenceEqual("stream"u8) => RequestKey.Stream,
        6 when name.SequenceEqual("system"u8) => RequestKey.System,
        6 when name.SequenceEqual("prompt"u8) => RequestKey.Prompt,
        8 when name.SequenceEqual("messages"u8) => RequestKey.Messages,
        8 when name.SequenceEqual("contents"u8) => RequestKey.Contents,
        8 when name.SequenceEqual("metadata"u8) => RequestKey.Metadata,
        8 when name.SequenceEqual("thinking"u8) || name.SequenceEqual("logprobs"u8) => RequestKey.Parameter,
        9 when name.SequenceEqual("reasoning"u8) || name.SequenceEqual("verbosity"u8) => RequestKey.Parameter,
        10 when name.SequenceEqual("max_tokens"u8) => RequestKey.MaxTokens,
        10 when name.SequenceEqual("dimensions"u8) => RequestKey.Parameter,
        11 when name.SequenceEqual("temperature"u8) || name.SequenceEqual("tool_choice"u8) => RequestKey.Parameter,
        12 when name.SequenceEqual("service_tier"u8) => RequestKey.ServiceTier,
        12 when name.SequenceEqual("instructions"u8) => RequestKey.Instructions,
        12 when name.SequenceEqual("top_logprobs"u8) => RequestKey.Parameter,
        14 when name.SequenceEqual("stream_options"u8) => RequestKey.StreamOptions,
        14 when name.SequenceEqual("stop_sequences"u8) => RequestKey.Parameter,
        15 when name.SequenceEqual("response_format"u8) || name.SequenceEqual("encoding_format"u8) => RequestKey.Parameter,
        16 when name.SequenceEqual("generationConfig"u8) => RequestKey.GenerationConfig,
        16 when name.SequenceEqual("presence_penalty"u8) || name.SequenceEqual("reasoning_effort"u8) => RequestKey.Parameter,
        17 when name.SequenceEqual("safety_identifier"u8) => RequestKey.SafetyIdentifier,
        17 when name.SequenceEqual("systemInstruction"u8) => RequestKey.SystemInstruction,
        17 when name.SequenceEqual("generation_config"u8) => RequestKey.GenerationConfig,
        17 when name.SequenceEqual("max_output_tokens"u8) => RequestKey.MaxTokens,
        17 when name.SequenceEqual("frequency_penalty"u8) => RequestKey.Parameter,
        18 when name.SequenceEqual("system_instruction"u8) => RequestKey.SystemInstruction,
        19 when name.SequenceEqual("parallel_tool_calls"u8) => RequestKey.Parameter,
        21 when name.SequenceEqual("max_completion_tokens"u8) => RequestKey.MaxTokens,
        _ => RequestKey.Other,
    };
}
