using Bellwether.Quality;

namespace Bellwether.Tests;

public sealed class RepetitionValidatorTests
{
    private static ValidatorVerdict Verdict(string answer) => RepetitionValidator.Check(answer).Verdict;

    public static TheoryData<string, string> Degenerate() => new()
    {
        { "a word", "The answer is the the the the the the the the the the the the the the the" },
        { "letters", "Well " + string.Concat(Enumerable.Repeat("ha", 60)) },
        { "a letter", new string('a', 80) },
        { "a phrase", "First we look at the harbour. " + string.Concat(Enumerable.Repeat("and then we go on ", 9)) },
        { "a sentence", "Here is the plan. " + string.Concat(Enumerable.Repeat("The ship leaves the harbour early in the morning. ", 5)) },
        { "the tail", "The method has three steps and each is short. " + string.Concat(Enumerable.Repeat("In the last step we add the results together", 6)) },
        { "a paragraph", "Boats float because they push water aside.\n\nThe weight of that water is the lift that carries a boat.\n\nShips are large boats.\n\nThe weight of that water is the lift that carries a boat." },
        { "sentences that are nearly the same", "The committee will surely review the plan for the new harbour next week. The committee will indeed review the plan for the new harbour next week. The committee will review the plan for the new harbour next week. The committee will really review the plan for the new harbour next week." },
    };

    [Theory]
    [MemberData(nameof(Degenerate))]
    public void What_comes_again_and_again_is_found(string what, string answer)
    {
        var result = RepetitionValidator.Check(answer);
        Assert.True(result.Verdict is ValidatorVerdict.Warn or ValidatorVerdict.Fail, $"{what}: {result.Score}");
        var span = Assert.Single(result.Spans);
        Assert.InRange(span.End, span.Start + 1, answer.Length);
    }

    public static TheoryData<string, string> Legitimate() => new()
    {
        { "short sentences that come twice", "Yes. It works. Try it. Yes. It works. But only on Mondays, as the manual of the pump says on page four." },
        { "a rule and a hash", $"{new string('-', 80)}\n{new string('=', 80)}\n{string.Concat(Enumerable.Repeat("0123456789abcdef", 4))} {new string('0', 64)}" },
        { "a table", string.Concat(Enumerable.Range(1, 30).Select(i => $"| {i} | open | open | {i * 7 % 13} | yes |\n")) },
        { "a log", string.Concat(Enumerable.Range(0, 40).Select(i => $"2026-03-01 10:{i:00}:0{i % 10} INFO  worker {i % 3} finished job {i * 37} in {i + 12} ms\n")) },
        { "a poem", "Row, row, row your boat,\nGently down the stream,\nMerrily, merrily, merrily, merrily,\nLife is but a dream.\n\nRow, row, row your boat,\nGently up the creek,\nIf you see a little mouse,\nDon't forget to squeak." },
        { "code", "```python\nfor i in range(3):\n    print(i)\nfor j in range(3):\n    print(j)\nfor k in range(3):\n    print(k)\n```\nThe three loops print the numbers from zero to two." },
        { "a list", string.Concat(new[] { "salt", "pepper", "flour", "butter", "milk", "sugar" }.Select(item => $"- Add a spoon of {item} to the bowl and stir.\n")) },
        { "a multiplication table", string.Concat(Enumerable.Range(1, 20).Select(i => $"7 times {i} is {7 * i}.\n")) },
        { "laughter", "Ha ha ha ha, that is a good one. Now to your question: the pump needs a new valve." },
        { "nothing", "" },
    };

    [Theory]
    [MemberData(nameof(Legitimate))]
    public void What_repeats_as_its_kind_of_text_does_passes(string what, string answer) => Assert.True(Verdict(answer) == ValidatorVerdict.Pass, $"{what}: {RepetitionValidator.Check(answer)}");

    [Fact]
    public void A_megabyte_of_one_letter_and_one_of_lone_surrogates_are_judged()
    {
        Assert.Equal(ValidatorVerdict.Pass, Verdict(new string('\ud800', 1 << 20)));
        Assert.Equal(ValidatorVerdict.Fail, Verdict(string.Concat(Enumerable.Repeat("a ", 1 << 19))));
    }
}
