using Bellwether.References;

namespace Bellwether.Tests;

/// <summary>Requirement Q2: the similarity that needs no model.</summary>
public sealed class LexicalSimilarityTests
{
    private readonly LexicalSimilarity _similarity = LexicalSimilarity.Load();

    [Fact]
    public void The_same_text_is_one_and_another_language_or_nothing_is_near_zero()
    {
        Assert.Equal(1, _similarity.Of("The ferry to Norvik takes two hours.", "The ferry to Norvik takes two hours."), 9);
        Assert.True(_similarity.Of("The ferry to Norvik takes two hours.", "THE FERRY, to Norvik: takes two hours!") > 0.99);
        Assert.Equal(0, _similarity.Of("The ferry to Norvik takes two hours.", ""));
        Assert.Equal(1, _similarity.Of("", ""));
        Assert.InRange(_similarity.Of("The ferry to Norvik takes two hours.", "Photosynthesis converts light energy."), 0, 0.2);
        Assert.Equal(1, _similarity.Of("渡船需要两个小时。", "渡船需要两个小时"), 9);
    }

    [Fact]
    public void It_orders_answers_by_how_much_they_share_and_does_not_depend_on_the_order_of_its_texts()
    {
        const string Wanted = "Returns are free within 30 days. Send the parcel to Elsness with the label from your account.";
        var near = _similarity.Of(Wanted, "You can return for free within 30 days: use the label from your account and send it to Elsness.");
        var part = _similarity.Of(Wanted, "Returns are free within 30 days.");
        var far = _similarity.Of(Wanted, "Our shop opens at nine and closes at six.");
        Assert.True(near > part && part > far, $"{near} {part} {far}");
        Assert.Equal(near, _similarity.Of("You can return for free within 30 days: use the label from your account and send it to Elsness.", Wanted), 9);
        // Another number is another answer; the same one in letters is not.
        Assert.True(_similarity.Of("It takes two hours.", "It takes 2 hours.") > _similarity.Of("It takes two hours.", "It takes 3 hours."));
        // What is written wrong or bent is alike too, and not the same.
        Assert.InRange(_similarity.Of("returned parcels", "return parcel"), 0.5, 0.99);
        Assert.True(_similarity.Of("returned parcels", "returning parcel") > _similarity.Of("returned parcels", "opened shops"));
    }

    [Fact]
    public void Length_alone_changes_nothing_and_two_long_answers_are_as_alike_as_their_words()
    {
        const string Left = "Returns are free within 30 days. Send the parcel to Elsness with the label from your account. ";
        const string Right = "You can return for free within 30 days: use the label from your account. ";
        var once = _similarity.Of(Left, Right);
        Assert.InRange(_similarity.Of(string.Concat(Enumerable.Repeat(Left, 40)), string.Concat(Enumerable.Repeat(Right, 40))), once - 0.15, once + 0.15);
        Assert.True(_similarity.Of(string.Concat(Enumerable.Repeat(Left, 40)), "Our shop opens at nine and closes at six.") < 0.3);
    }

    [Fact]
    public void Hostile_and_long_texts_give_a_number()
    {
        foreach (var text in new[] { new string('a', 200_000), "\ud800\udfff\0", string.Join(' ', Enumerable.Range(0, 20_000).Select(i => $"w{i}")), "🙂🙂🙂", "\u202e\u200b\u200b" })
        {
            Assert.InRange(_similarity.Of(text, "The ferry takes two hours."), 0, 1);
            Assert.InRange(_similarity.Of(text, text), 0.99, 1);
        }
    }
}
