namespace Bellwether.Quality;

/// <summary>An answer and what is known of the call that it belongs to. Everything in it is hostile text.</summary>
public sealed record AnswerUnderTest(string Answer)
{
    /// <summary>What was asked; empty when that is not known.</summary>
    public string Question { get; init; } = "";

    /// <summary>The material that the answer should rest on; empty without any.</summary>
    public string Context { get; init; } = "";

    /// <summary>The JSON schema that the answer must fit, as text; empty when none was asked for.</summary>
    public string Schema { get; init; } = "";

    /// <summary>Whether JSON was asked for without a schema.</summary>
    public bool WantsJson { get; init; }

    /// <summary>Whether the provider cut the answer at its limit of tokens.</summary>
    public bool WasCut { get; init; }

    /// <summary>Whether the answer calls tools, so that it need not say anything.</summary>
    public bool CallsTools { get; init; }

    /// <summary>UTF-16 units of an answer and of its context that are judged; the rest of longer ones is not.</summary>
    public static readonly int MostChars = 1024 * 1024;
}
