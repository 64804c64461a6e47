namespace Bellwether.Exchange;

/// <summary>
/// Judges the answer of one call before the caller gets it. A stage puts one on <see cref="ModelCall.AnswerGuard"/>; without one
/// an answer passes as it comes. For one call and one thread at a time.
/// </summary>
public interface IAnswerGuard
{
    /// <summary>True: no text goes out before it was judged. False: the answer passes as it comes, and <see cref="Ended"/> looks at it afterwards.</summary>
    bool Holds { get; }

    /// <summary>Begins a text of the answer. Texts of different <see cref="AnswerLane"/>s are apart from each other.</summary>
    IAnswerText Open(AnswerLane lane);

    /// <summary>A part of the answer cannot be read: too long, encoded, not what it claims to be. Null: it may pass; else the answer ends with this.</summary>
    Refusal? Unreadable();

    /// <summary>The call is about to be recorded: adds what was found to <see cref="ModelCall.Findings"/>. Called for every call, also one without an answer. Once.</summary>
    void Ended(AnswerFacts facts);
}

/// <summary>One text of an answer, judged while it comes in. Places are UTF-16 units from its beginning.</summary>
public interface IAnswerText
{
    /// <summary>Takes the next piece, cut anywhere.</summary>
    void Append(ReadOnlySpan<char> piece);

    /// <summary>Nothing may wait any longer, since nothing follows, or another text does first. More may follow all the same.</summary>
    void Flush();

    /// <summary>How much may go out. It grows, and never stands within a replacement.</summary>
    int Released { get; }

    /// <summary>What to write in place of what, ascending and without overlaps; all of it before <see cref="Released"/>.</summary>
    IReadOnlyList<TextReplacement> Replacements { get; }

    /// <summary>Not null: the answer must end, with what was released before.</summary>
    Refusal? Cut { get; }
}

/// <param name="Start">First UTF-16 unit that is replaced.</param>
/// <param name="End">Exclusive; more than <paramref name="Start"/>.</param>
public readonly record struct TextReplacement(int Start, int End, string Text);

/// <summary>Where a text of an answer stands. Pieces of the same lane are one text.</summary>
/// <param name="Choice">Of several answers to one question.</param>
/// <param name="Part">Tells apart what is of one kind in one choice, such as tool calls.</param>
public readonly record struct AnswerLane(AnswerTextKind Kind, int Choice = 0, int Part = 0);

public enum AnswerTextKind
{
    Text,
    Reasoning,
    Refusal,
    /// <summary>What a tool is called with, JSON as text.</summary>
    Arguments,
    /// <summary>What a tool is called with: the names and values of an object.</summary>
    Input,
    /// <summary>Any other text of the answer, complete; it may say again what came in pieces.</summary>
    Whole,
    /// <summary>The same, where it is JSON as text.</summary>
    WholeArguments,
    /// <summary>What the provider says back of the request, such as the instructions.</summary>
    Echo,
}
