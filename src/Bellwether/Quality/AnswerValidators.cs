using System.Collections.Immutable;

namespace Bellwether.Quality;

/// <summary>
/// All validators, on this machine and without a model being called. May be used by many threads. One that fails says unknown,
/// and the others go on.
/// </summary>
public sealed class AnswerValidators
{
    private readonly OffTopicValidator _offTopic = OffTopicValidator.Load();
    private readonly GroundednessValidator _groundedness = GroundednessValidator.Load();
    private long _failed;

    /// <summary>Times that a validator threw: a fault of ours, whatever the text was.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>One result for each of <see cref="ValidatorNames.All"/>, in that order.</summary>
    public ImmutableArray<ValidatorResult> Check(AnswerUnderTest test, LengthLimits? limits = null)
    {
        test = Bounded(test);
        return
        [
            Try(ValidatorNames.Empty, () => EmptyValidator.Check(test)),
            Try(ValidatorNames.Length, () => LengthValidator.Check(test, limits ?? LengthLimits.Default)),
            Try(ValidatorNames.Repetition, () => RepetitionValidator.Check(test.Answer)),
            Try(ValidatorNames.Formatting, () => FormattingValidator.Check(test)),
            Try(ValidatorNames.Schema, () => SchemaValidator.Check(test)),
            Try(ValidatorNames.Language, () => LanguageValidator.Check(test)),
            Try(ValidatorNames.Refusal, () => RefusalValidator.Check(test.Answer)),
            Try(ValidatorNames.OffTopic, () => _offTopic.Check(test)),
            Try(ValidatorNames.Groundedness, () => _groundedness.Check(test)),
            Try(ValidatorNames.Citations, () => CitationValidator.Check(test)),
        ];
    }

    private ValidatorResult Try(string name, Func<ValidatorResult> check)
    {
        try
        {
            return check();
        }
        catch (Exception)
        {
            // A mistake of ours in one validator must not cost the others, nor the call that is stored.
            Interlocked.Increment(ref _failed);
            return ValidatorResult.Unknown(name, "The check failed.");
        }
    }

    private static AnswerUnderTest Bounded(AnswerUnderTest test) =>
        test.Answer.Length <= AnswerUnderTest.MostChars && test.Context.Length <= AnswerUnderTest.MostChars && test.Question.Length <= AnswerUnderTest.MostChars ? test
            : test with { Answer = Cut(test.Answer), Context = Cut(test.Context), Question = Cut(test.Question) };

    private static string Cut(string text) => text.Length <= AnswerUnderTest.MostChars ? text : text[..AnswerUnderTest.MostChars];
}
