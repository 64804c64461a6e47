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
        var call = new Call(this, AnswerReading.Of(Bounded(test)), limits ?? LengthLimits.Default);
        try
        {
            return
            [
                Try(ValidatorNames.Empty, call, static call => EmptyValidator.Check(call.Test)),
                Try(ValidatorNames.Length, call, static call => LengthValidator.Check(call.Test, call.Limits)),
                Try(ValidatorNames.Repetition, call, static call => RepetitionValidator.Of(call.Reading)),
                Try(ValidatorNames.Formatting, call, static call => FormattingValidator.Of(call.Reading)),
                Try(ValidatorNames.Schema, call, static call => SchemaValidator.Check(call.Test)),
                Try(ValidatorNames.Language, call, static call => LanguageValidator.Of(call.Reading)),
                Try(ValidatorNames.Refusal, call, static call => call.Reading.Refusal),
                Try(ValidatorNames.OffTopic, call, static call => call.All._offTopic.Of(call.Reading)),
                Try(ValidatorNames.Groundedness, call, static call => call.All._groundedness.Of(call.Reading)),
                Try(ValidatorNames.Citations, call, static call => CitationValidator.Check(call.Test)),
            ];
        }
        finally
        {
            call.Reading.Forget();
        }
    }

    // What a validator may ask for: a closure would be made anew for every one of them and every answer.
    private readonly record struct Call(AnswerValidators All, AnswerReading Reading, LengthLimits Limits)
    {
        public AnswerUnderTest Test => Reading.Test;
    }

    private ValidatorResult Try(string name, in Call call, Func<Call, ValidatorResult> check)
    {
        try
        {
            return check(call);
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
