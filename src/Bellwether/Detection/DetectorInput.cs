namespace Bellwether.Detection;

/// <summary>A text to judge, and what is known of where it stands.</summary>
public readonly ref struct DetectorInput(ReadOnlySpan<char> text, TextChannel channel)
{
    public ReadOnlySpan<char> Text { get; } = text;
    public TextChannel Channel { get; } = channel;

    /// <summary>The system prompt of the call that the text belongs to; null when it has none or none is known.</summary>
    public string? System { get; init; }

    /// <summary>What an answer was given to work with, such as retrieved passages; null when unknown.</summary>
    public string? Context { get; init; }

    /// <summary>What an answer is an answer to; null when unknown.</summary>
    public string? Question { get; init; }

    /// <summary>When to stop; without one the text is looked at whole.</summary>
    public Deadline Deadline { get; init; }
}

/// <summary>Where a text comes from, which decides what is suspicious in it.</summary>
public enum TextChannel
{
    /// <summary>What a person typed.</summary>
    User,
    /// <summary>What was fetched: a retrieved passage, a web page, the result of a tool.</summary>
    Document,
    /// <summary>The instructions of the application itself.</summary>
    System,
    /// <summary>What the model said.</summary>
    Answer,
}
