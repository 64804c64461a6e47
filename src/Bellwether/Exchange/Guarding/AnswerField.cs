namespace Bellwether.Exchange;

/// <summary>A text in the JSON of an answer, or of one event of it.</summary>
/// <param name="Start">Of its bytes; the quotes are not among them.</param>
/// <param name="End">Exclusive.</param>
internal readonly record struct AnswerField(AnswerLane Lane, int Start, int End, FieldForm Form);

internal enum FieldForm : byte
{
    /// <summary>The inside of a JSON string without backslashes.</summary>
    Text,
    /// <summary>The same, with backslashes.</summary>
    Escaped,
    /// <summary>The name of a member.</summary>
    Name,
    EscapedName,
    /// <summary>A JSON number: what replaces it is written as a string.</summary>
    Number,
    /// <summary>No JSON: bytes of a text.</summary>
    Plain,
    /// <summary>A value that says a text again in a form of its own, such as <c>logprobs</c>; it goes when the text is changed, and <c>null</c> takes its place.</summary>
    Shadow,
    /// <summary>The same, where a list is expected.</summary>
    ShadowList,
}
