namespace Bellwether.Ingest;

/// <summary>A condition on runs in LangSmith's filter language, as <see cref="RunFilterParser"/> reads it.</summary>
/// <param name="At">Where it begins in the text, counted from 1.</param>
internal abstract record RunFilter(int At)
{
    /// <summary>All of the parts hold. Parts on feedback hold of one and the same word of feedback, parts on metadata of one key and its value.</summary>
    public sealed record And(int At, IReadOnlyList<RunFilter> Parts) : RunFilter(At);

    /// <summary>At least one of the parts holds.</summary>
    public sealed record Or(int At, IReadOnlyList<RunFilter> Parts) : RunFilter(At);

    public sealed record Not(int At, RunFilter Part) : RunFilter(At);

    public sealed record Compare(int At, RunField Field, RunOperator Operator, IReadOnlyList<RunValue> Values) : RunFilter(At)
    {
        public RunValue Value => Values[0];
    }

    /// <summary><c>search("text")</c>: prompt or answer contain the text.</summary>
    public sealed record Search(int At, string Text) : RunFilter(At);
}

/// <summary>How a field is compared; <see cref="Has"/> and <see cref="Search"/> are "contains" of lists and of texts.</summary>
internal enum RunOperator { Eq, Neq, Gt, Gte, Lt, Lte, Has, Search, In }

/// <summary>A literal: text, a number, true or false, or null.</summary>
/// <param name="Text">As it was written, without quotes; null for the literal null.</param>
/// <param name="Number">Of a number; of a text that stands for a duration the milliseconds, as its field reads it.</param>
/// <param name="Time">Of a text that its field reads as an instant.</param>
internal readonly record struct RunValue(string? Text, double? Number = null, DateTimeOffset? Time = null, bool? Flag = null)
{
    public bool IsNull => Text is null;
}

/// <summary>A filter that cannot be used; the message says where it stands and what is wrong.</summary>
internal sealed class RunFilterException(int at, string message) : Exception($"at character {at}: {message}")
{
    /// <summary>Counted from 1.</summary>
    public int At { get; } = at;
}
