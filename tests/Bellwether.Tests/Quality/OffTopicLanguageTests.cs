using Bellwether.Quality;

namespace Bellwether.Tests;

/// <summary>Off-topic where words are joined or written without spaces.</summary>
public sealed class OffTopicLanguageTests
{
    private static readonly OffTopicValidator s_validator = OffTopicValidator.Load();

    private static ValidatorVerdict Of(string question, string answer) => s_validator.Check(new(answer) { Question = question }).Verdict;

    [Fact]
    public void An_answer_that_fits_passes_and_another_does_not()
    {
        OffTopicProbe.Pair[] all = [.. OffTopicProbe.Seen, .. OffTopicProbe.Unseen];
        Assert.Equal(all.Length, all.Count(pair => Of(pair.Question, pair.Fitting) == ValidatorVerdict.Pass));
        Assert.InRange(all.Count(pair => Of(pair.Question, pair.Other) is ValidatorVerdict.Warn or ValidatorVerdict.Fail), 16, all.Length);
    }

    [Fact]
    public void Thai_is_read_letter_by_letter_with_the_marks_on_it()
    {
        var words = WordList.Of("เก้าโมง").Words;
        Assert.Equal([(0, 4), (4, 2), (6, 1)], words.ToArray().Select(word => (word.Start, word.Length)));
    }
}
