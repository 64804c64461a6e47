using Bellwether.Quality;

namespace Bellwether.Tests;

public sealed class FormattingValidatorTests
{
    private static ValidatorVerdict Verdict(string answer, bool json = false) => FormattingValidator.Check(new AnswerUnderTest(answer) { WantsJson = json }).Verdict;

    [Theory]
    [InlineData("(]")]
    [InlineData("The value (see table [3) is small].")]
    [InlineData("It is open (like this and never closed.")]
    [InlineData("Too much here}.")]
    [InlineData("```python\nprint(1)\n")]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 |\n")]
    [InlineData("{\"a\": 1,}")]
    [InlineData("[{\"a\": 1}, {\"b\": }]")]
    [InlineData("```json\n{\"a\": 1\n```")]
    public void Broken_form_is_found(string answer) => Assert.True(Verdict(answer) is ValidatorVerdict.Warn or ValidatorVerdict.Fail, answer);

    [Theory]
    [InlineData("Plain words.")]
    [InlineData("Here it is: {\"a\": [1, {\"b\": \"}\"}], \"c\": \":(\"} as you wanted.")]
    [InlineData("A pair (with [another {inside}]) is fine.")]
    [InlineData("1) first\n2) second\n a) third")]
    [InlineData("Nice :) and ;-) and :( too.")]
    [InlineData("x lies in [0, 1) or in (2, 3].")]
    [InlineData("Use `if (x) {` to begin the block.")]
    [InlineData("```c\nint main( {\n```\nThe code above has a mistake.")]
    [InlineData("| a | b |\n|---|:-:|\n| 1 | 2 |\n| x \\| y | 4 |\n")]
    [InlineData("{\"a\": [1, 2, {\"b\": \"(]\"}]}")]
    [InlineData("[1] says so, and [2] too.")]
    [InlineData("```json\n{\"a\": 1, ...}\n```")]
    public void Sound_form_passes(string answer) => Assert.Equal(ValidatorVerdict.Pass, Verdict(answer));

    [Fact]
    public void Json_that_was_asked_for_must_parse()
    {
        Assert.Equal(ValidatorVerdict.Fail, Verdict("Here you are: {\"a\":1}", json: true));
        Assert.Equal(ValidatorVerdict.Pass, Verdict("```json\n{\"a\":1}\n```", json: true));
        Assert.Equal(ValidatorVerdict.Pass, Verdict("{\"a\":1}", json: true));
    }

    [Fact]
    public void A_hundred_thousand_open_brackets_are_judged()
    {
        Assert.Equal(ValidatorVerdict.Warn, Verdict(new string('(', 100_000)));
        Assert.Equal(ValidatorVerdict.Warn, Verdict(string.Concat(Enumerable.Repeat("(]", 50_000))));
        Assert.NotEqual(ValidatorVerdict.Unknown, Verdict(new string('`', 100_001)));
    }
}
