using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>A call's texts as a conversation, whichever dialect it spoke. Everything in it is hostile text.</summary>
/// <param name="Messages">The request's messages in order, then the answers (<see cref="TranscriptMessage.IsAnswer"/>).</param>
/// <param name="Tools">The tools that the model was offered.</param>
/// <param name="IsPartial">Something could not be read: a body was cut, or is not JSON of a known shape.</param>
public sealed record Transcript(ImmutableArray<TranscriptMessage> Messages, ImmutableArray<TranscriptTool> Tools, bool IsPartial)
{
    public static readonly Transcript Empty = new([], [], false);

    /// <summary>How many answers were asked for and given at once (<c>n</c>); 0 when there was one, or none.</summary>
    public int Choices => Messages.Length == 0 ? 0 : Messages.Max(message => message.Choice);
}

/// <param name="Role"><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or what the caller wrote.</param>
/// <param name="IsAnswer">True for what the model said in this very call.</param>
public sealed record TranscriptMessage(string Role, ImmutableArray<TranscriptPart> Parts, bool IsAnswer = false)
{
    /// <summary>The caller's name for who speaks; for a tool's result the name of the tool, where it is given.</summary>
    public string Name { get; init; } = "";
    /// <summary>Which of several answers this belongs to, from 1; 0 for requests and for a single answer. One that said nothing has no parts.</summary>
    public int Choice { get; init; }
}

/// <summary>What a message consists of.</summary>
public enum TranscriptPartKind
{
    Text,
    /// <summary>Thinking that the provider shows.</summary>
    Reasoning,
    /// <summary>The model asks for a tool: <see cref="TranscriptPart.Name"/>, <see cref="TranscriptPart.CallId"/>, arguments as JSON text.</summary>
    ToolCall,
    /// <summary>What a tool answered to <see cref="TranscriptPart.CallId"/>.</summary>
    ToolResult,
    /// <summary>An image, a sound, a file: described in words. It is neither kept here nor fetched.</summary>
    Media,
    Refusal,
    /// <summary>A shape that is not known, as JSON text.</summary>
    Other,
}

/// <param name="Text">Text, arguments, result, or the description of media.</param>
public sealed record TranscriptPart(TranscriptPartKind Kind, string Text)
{
    public string Name { get; init; } = "";
    public string CallId { get; init; } = "";
}

/// <param name="Parameters">Its JSON schema as text, or empty.</param>
public sealed record TranscriptTool(string Name, string Description, string Parameters);
