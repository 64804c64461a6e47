using Bellwether.Quality;

namespace Bellwether.Tests;

/// <summary>Claims that turn their source around in a word or two.</summary>
public sealed class ContradictionTests
{
    private static readonly GroundednessValidator s_validator = GroundednessValidator.Load();

    private static ValidatorResult Of(string context, string answer) => s_validator.Check(new(answer) { Context = context });

    private static int Flagged(IEnumerable<(string Context, string Claim)> claims) => claims.Count(claim => Of(claim.Context, claim.Claim).Verdict != ValidatorVerdict.Pass);

    [Fact]
    public void Claims_that_were_turned_around_are_flagged_and_the_ones_they_were_made_of_are_not()
    {
        Assert.InRange(Flagged(GroundednessProbe.Seen.Select(pair => (pair.Context, pair.Contradicted))), 35, GroundednessProbe.Seen.Length);
        Assert.InRange(Flagged(GroundednessProbe.Unseen.Select(pair => (pair.Context, pair.Contradicted))), 28, GroundednessProbe.Unseen.Length);
        Assert.InRange(Flagged(GroundednessProbe.Seen.Concat(GroundednessProbe.Unseen).Select(pair => (pair.Context, pair.Supported))), 0, 1);
        Assert.All(GroundednessProbe.Seen.Concat(GroundednessProbe.Unseen), pair => Assert.True(Of(pair.Context, pair.Contradicted).Score < Of(pair.Context, pair.Supported).Score, pair.Contradicted));
    }

    [Fact]
    public void The_same_in_other_words_is_no_contradiction() => Assert.Equal(0, Flagged(GroundednessProbe.Paraphrases));

    [Fact]
    public void The_reason_says_that_a_sentence_contradicts()
    {
        const string Context = "Water damage is covered by the basic plan. Claims must be filed within 30 days.";
        const string Wrong = "Water damage is not covered by the basic plan.";
        var result = Of(Context, "Claims must be filed within 30 days. " + Wrong);
        Assert.Equal("1 of 2 sentences seem not to rest on the context, and 1 of them to say the opposite of it.", result.Reason);
        Assert.Equal(37, Assert.Single(result.Spans).Start);
    }

    [Theory]
    [InlineData("Der Hafen wurde im Jahr 1923 eröffnet und von der Ingenieurin Karen Holm gebaut.", ValidatorVerdict.Unknown)]
    [InlineData("Der Hafen wurde im Jahr 1932 eröffnet und von der Ingenieurin Karen Holm gebaut.", ValidatorVerdict.Fail)]
    public void Across_languages_only_numbers_tell(string answer, ValidatorVerdict verdict) =>
        Assert.Equal(verdict, Of("The harbour of Elsness was opened in 1923. It was built by the engineer Karen Holm.", answer).Verdict);

    [Fact]
    public void Hostile_contexts_cost_no_more_than_their_length()
    {
        // Every word is a negation, a number, a day or an opposite of the claim's; the work is bounded by the clause and by places, or this would not end.
        var context = string.Concat(Enumerable.Repeat("not open 4 Monday July without closed before ", 20_000));
        var answer = string.Concat(Enumerable.Repeat("The gate is not open on 5 Monday in June after it closed. ", 300));
        Assert.NotNull(Of(context, answer).Score);
    }
}
