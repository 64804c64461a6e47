using Bellwether.Quality;

namespace Bellwether.Tests;

/// <summary>All validators together, with the models that are part of the product.</summary>
public sealed class AnswerValidatorsTests
{
    private static readonly AnswerValidators s_validators = new();
    private const string Context = "The harbour of Elsness was opened in 1923. It was built by the engineer Karen Holm. The ferry to Norvik takes two hours and does not run on Sundays.";

    private static ValidatorResult Of(string name, AnswerUnderTest test) => s_validators.Check(test).Single(result => result.Validator == name);

    [Fact]
    public void Every_validator_answers_for_every_text()
    {
        foreach (var text in new[] { "", " ", "👍", "\ud800", "\u202eabc\u202c", new string('\u200b', 10_000), string.Concat(Enumerable.Repeat("((((", 5_000)), "ordinary words", new string('a', 200_000), string.Concat(Enumerable.Repeat("```\n|a|\n", 3_000)) })
        {
            var results = s_validators.Check(new(text) { Question = text, Context = text, Schema = "{}" });
            Assert.Equal(ValidatorNames.All, results.Select(result => result.Validator));
            Assert.All(results, result =>
            {
                Assert.True(result.Score is null or (>= 0 and <= 1), result.ToString());
                Assert.Equal(result.Verdict == ValidatorVerdict.Unknown, result.Score is null);
                Assert.All(result.Spans, span => Assert.True(0 <= span.Start && span.Start <= span.End && span.End <= text.Length, result.ToString()));
            });
        }
        Assert.Equal(0, s_validators.Failed);
    }

    [Fact]
    public void An_answer_to_another_question_is_off_topic()
    {
        const string Question = "How long does the ferry from Elsness to Norvik take, and does it run on Sundays?";
        Assert.Equal(ValidatorVerdict.Pass, Of(ValidatorNames.OffTopic, new("The ferry from Elsness to Norvik takes two hours. It does not run on Sundays.") { Question = Question }).Verdict);
        Assert.NotEqual(ValidatorVerdict.Pass, Of(ValidatorNames.OffTopic, new("To bake sourdough bread, mix flour with water and let the dough rest overnight in a cool kitchen before shaping the loaf.") { Question = Question }).Verdict);
    }

    [Fact]
    public void A_claim_that_the_context_does_not_hold_gets_a_span()
    {
        var good = Of(ValidatorNames.Groundedness, new("The harbour of Elsness was opened in 1923. It was built by the engineer Karen Holm.") { Question = "When was the harbour opened?", Context = Context });
        const string Wrong = "A second terminal for cruise ships was financed by Japanese investors during the eighties.";
        var bad = Of(ValidatorNames.Groundedness, new("The harbour of Elsness was opened in 1923. " + Wrong) { Question = "When was the harbour opened?", Context = Context });
        Assert.Equal(ValidatorVerdict.Pass, good.Verdict);
        Assert.NotEqual(ValidatorVerdict.Pass, bad.Verdict);
        Assert.True(bad.Score < good.Score);
        Assert.Contains(bad.Spans, span => span.Start >= 40);
        Assert.Equal(ValidatorVerdict.Unknown, Of(ValidatorNames.Groundedness, new(Wrong)).Verdict);
    }

    [Theory]
    [InlineData("1923", "1932")]
    [InlineData("two hours", "five hours")]
    public void A_changed_number_lowers_the_score(string right, string wrong)
    {
        double Score(string number) => Of(ValidatorNames.Groundedness, new($"According to the text the number is {number}.") { Context = Context }).Score!.Value;
        Assert.True(Score(wrong) < Score(right), $"{Score(wrong)} < {Score(right)}");
    }

    [Theory]
    [InlineData("The harbour was opened in 1932 by the mayor.")]
    [InlineData("The harbour employs 18,500 people.")]
    [InlineData("It handles 4.2 billion tonnes of cargo each year.")]
    [InlineData("The harbour was opened on March 15, 1923 by the mayor.")]
    public void A_number_that_is_nowhere_is_said_however_alike_the_words_are(string answer) =>
        Assert.NotEqual(ValidatorVerdict.Pass, Of(ValidatorNames.Groundedness, new(answer) { Context = Figures, Question = "What about the harbour?" }).Verdict);

    [Theory]
    [InlineData("The harbour was opened on 1923-03-05 by the mayor.")]
    [InlineData("The harbour employs 1850 people and handles 4,200,000 tonnes of cargo each year.")]
    [InlineData("The harbour employs 1.850 people, and about 2,000 in summer.")]
    [InlineData("The harbour was opened by the mayor in the 1923rd year [17].")]
    public void The_same_number_may_be_written_in_another_way(string answer)
    {
        var numbers = new NumberEvidence(Figures, "");
        Assert.False(numbers.Contradicts(answer));
        Assert.False(new NumberEvidence("It holds three thousand litres since 1990.", "").Contradicts("It holds 3,000 litres."));
        Assert.False(new NumberEvidence("No figures here.", "").Contradicts("It holds 3,000 litres."));
    }

    private const string Figures = "The harbour was opened on 5 March 1923 by the mayor. It handles 4.2 million tonnes of cargo each year and employs 1,850 people.";

    [Theory]
    [InlineData("Paris")]
    [InlineData("42")]
    public void A_word_is_too_short_to_be_off_topic(string answer) =>
        Assert.Equal(ValidatorVerdict.Unknown, Of(ValidatorNames.OffTopic, new(answer) { Question = "What is the capital of France, and what is six times seven?" }).Verdict);
}
