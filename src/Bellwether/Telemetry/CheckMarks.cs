using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>
/// What the validators said of an answer in one number beside its metrics, two bits for each: so can be counted how many were
/// checked and passed, over any filter, without a row for every verdict. 0: the answer was not checked.
/// </summary>
public static class CheckMarks
{
    /// <summary>The validators in the order of their bits. A new one goes to the end: stored numbers keep their meaning.</summary>
    public static readonly ImmutableArray<string> Validators =
        ["empty", "length", "repetition", "formatting", "schema", "language", "refusal", "off_topic", "groundedness", "citations"];

    /// <summary>Begins the name of a field that gives one validator's mark: <c>check.groundedness</c> is <c>pass</c>, <c>warn</c>, <c>fail</c>, or empty where it did not judge.</summary>
    public static readonly string FieldPrefix = "check.";

    /// <summary>The first bit of a validator's mark; -1 when there is none of this name.</summary>
    public static int BitOf(string validator) => Validators.IndexOf(validator) * 2 is >= 0 and var bit ? bit : -1;

    /// <summary>A number with one more mark.</summary>
    public static long With(long marks, string validator, CheckMark mark) =>
        BitOf(validator) is >= 0 and var bit ? (marks & ~(3L << bit)) | ((long)mark << bit) : throw new ArgumentException("There is no bit for this validator.", nameof(validator));

    public static CheckMark Of(long marks, string validator) => BitOf(validator) is >= 0 and var bit ? (CheckMark)((marks >> bit) & 3) : CheckMark.None;
}

/// <summary>A verdict in two bits. None: there was nothing to judge by, or the answer was not checked at all.</summary>
public enum CheckMark { None, Pass, Warn, Fail }
