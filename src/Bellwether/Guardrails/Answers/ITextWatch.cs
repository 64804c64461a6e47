using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>Looks for one kind of thing in a text that comes in.</summary>
internal interface ITextWatch
{
    /// <summary>Looks at the window, to which something was added.</summary>
    /// <param name="released">What stands before it went out.</param>
    /// <param name="final">Nothing may wait any longer.</param>
    /// <param name="found">Gets what was found from <paramref name="released"/> on, each time anew.</param>
    /// <returns>The first place that must wait; the window's end when none does.</returns>
    int Look(TextWindow window, int released, bool final, List<Candidate> found);

    /// <summary>First place that it still has to see; <see cref="int.MaxValue"/> when what went out is of no use to it.</summary>
    int Needs => int.MaxValue;

    /// <summary>Why the answer must end; null while it may go on.</summary>
    Refusal? Cut { get; }
}

/// <summary>Something found in a text.</summary>
/// <param name="Text">What to write in its place; null leaves it.</param>
/// <param name="Type">Null for a token that is turned back.</param>
internal readonly record struct Candidate(int Start, int End, string? Text, PersonalDataType? Type, PersonalDataAction Action);
