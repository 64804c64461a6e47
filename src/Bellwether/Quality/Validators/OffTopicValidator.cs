namespace Bellwether.Quality;

/// <summary>Whether an answer belongs to another question, by the words of both. An answer in other words than the question's may be flagged; a refusal is not.</summary>
internal sealed class OffTopicValidator(QualityModel model)
{
    private const int MostWordless = 3;

    private readonly OffTopicFeatures _features = new(WordWeights.ReadWithSigns(model.Weights));

    public static OffTopicValidator Load() => new(QualityModel.Load(ValidatorNames.OffTopic, OffTopicFeatures.Names));

    public ValidatorResult Check(AnswerUnderTest test) => Of(AnswerReading.Of(test));

    public ValidatorResult Of(AnswerReading reading)
    {
        var test = reading.Test;
        if (test.Question.Length == 0) { return ValidatorResult.Unknown(ValidatorNames.OffTopic, "There is no question."); }
        if (!test.Answer.AsSpan().ContainsAnyExcept(" \t\r\n")) { return ValidatorResult.Unknown(ValidatorNames.OffTopic, "The answer is empty."); }
        // "Paris" and "42" answer a question and share nothing with it.
        if (reading.Words.Count <= MostWordless) { return ValidatorResult.Unknown(ValidatorNames.OffTopic, "The answer is too short to tell."); }
        Span<float> features = stackalloc float[OffTopicFeatures.Names.Length];
        _features.Of(reading, features);
        var fault = model.Trees.Predict(features);
        var verdict = fault >= model.FailAt ? ValidatorVerdict.Fail : fault >= model.WarnAt ? ValidatorVerdict.Warn : ValidatorVerdict.Pass;
        return new(ValidatorNames.OffTopic, 1 - fault, verdict, verdict == ValidatorVerdict.Pass ? "" : "The answer shares hardly a word with the question.");
    }
}
