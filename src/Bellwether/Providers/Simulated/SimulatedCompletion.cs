using System.Collections.Immutable;

namespace Bellwether.Providers;

internal enum SimulatedFinish { Stop, Length, ToolCall, Filter }

internal sealed record SimulatedToolCall(string Id, string Name, string Arguments);

internal sealed record SimulatedChoice(string Text, ImmutableArray<SimulatedToolCall> ToolCalls, SimulatedFinish Finish);

/// <summary>An answer before it is put into a wire format: what to say, and what it counts as.</summary>
internal sealed record SimulatedCompletion
{
    /// <summary>24 letters and digits that the ids of the formats are made of.</summary>
    public required string Stem { get; init; }
    public required ImmutableArray<SimulatedChoice> Choices { get; init; }
    public string Reasoning { get; init; } = "";
    public required int InputTokens { get; init; }
    /// <summary>Part of the input.</summary>
    public int CachedTokens { get; init; }
    /// <summary>Part of the input.</summary>
    public int CacheWriteTokens { get; init; }
    /// <summary>Includes <see cref="ReasoningTokens"/>.</summary>
    public required int OutputTokens { get; init; }
    public int ReasoningTokens { get; init; }
    public required SimulatedPace Pace { get; init; }
}

/// <summary>When the tokens come.</summary>
/// <param name="HeadersAt">Status and headers of a stream.</param>
/// <param name="FirstTokenAt">First token.</param>
/// <param name="PerToken">Time between two tokens.</param>
internal readonly record struct SimulatedPace(TimeSpan HeadersAt, TimeSpan FirstTokenAt, TimeSpan PerToken)
{
    public TimeSpan At(int token) => FirstTokenAt + PerToken * token;
}
