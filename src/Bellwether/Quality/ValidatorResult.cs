using System.Collections.Immutable;
using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>What a validator says of an answer.</summary>
/// <param name="Validator">Its name: <c>repetition</c>, <c>groundedness</c> …</param>
/// <param name="Score">0 to 1, and 1 is good; null where it could not be judged.</param>
/// <param name="Reason">A sentence for a person. It never quotes the answer.</param>
public sealed record ValidatorResult(string Validator, double? Score, ValidatorVerdict Verdict, string Reason)
{
    /// <summary>Where in the answer, in UTF-16 units, in the order of their start.</summary>
    public ImmutableArray<TextSpan> Spans { get; init; } = [];

    internal static ValidatorResult Pass(string validator, double score = 1) => new(validator, score, ValidatorVerdict.Pass, "");

    internal static ValidatorResult Unknown(string validator, string reason) => new(validator, null, ValidatorVerdict.Unknown, reason);
}

/// <summary>Unknown: there was nothing to judge by, such as a question for relevance.</summary>
public enum ValidatorVerdict { Pass, Warn, Fail, Unknown }

/// <summary>Names of the validators, as the API, annotations and rules have them.</summary>
public static class ValidatorNames
{
    public static readonly string Empty = "empty";
    public static readonly string Length = "length";
    public static readonly string Repetition = "repetition";
    public static readonly string Formatting = "formatting";
    public static readonly string Schema = "schema";
    public static readonly string Language = "language";
    public static readonly string Refusal = "refusal";
    public static readonly string OffTopic = "off_topic";
    public static readonly string Groundedness = "groundedness";
    public static readonly string Citations = "citations";

    public static readonly IReadOnlyList<string> All = [Empty, Length, Repetition, Formatting, Schema, Language, Refusal, OffTopic, Groundedness, Citations];

    public static string VerdictName(ValidatorVerdict verdict) => verdict switch
    {
        ValidatorVerdict.Pass => "pass",
        ValidatorVerdict.Warn => "warn",
        ValidatorVerdict.Fail => "fail",
        ValidatorVerdict.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
