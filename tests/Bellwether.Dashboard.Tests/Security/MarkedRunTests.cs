using System.Text;
using Bellwether.Exchange;

namespace Bellwether.Dashboard.Tests;

public sealed class MarkedRunTests
{
    [Fact]
    public void A_text_is_whole_again_when_its_runs_are_put_together()
    {
        const string Text = "one 😀 two three";
        // Overlapping, beyond the end, between the halves of a pair, empty, backwards.
        var runs = MarkedRun.Of(Text, [new(4, 9, "a"), new(5, 12, "b"), new(14, 99, "c"), new(3, 3, "d"), new(8, 2, "e"), new(-5, 2, "f"), new(200, 300, "g")], around: null);
        Assert.Equal(Text, string.Concat(runs.Select(run => run.Text)));
        Assert.DoesNotContain(runs, run => run.Text.Length > 0 && char.IsLowSurrogate(run.Text[0]));
        Assert.Equal(["on:f1", "😀 tw:a2", "o t:b1", "ee:c1"], runs.Where(run => run.Label is not null).Select(run => $"{run.Text}:{run.Label}{run.Depth}"));
    }

    [Theory]
    [InlineData(60, 5000), InlineData(400, 100_000)]
    public void What_is_far_from_a_mark_is_left_out_and_counted(int around, int length)
    {
        var text = new string('x', length);
        var runs = MarkedRun.Of(text, [new(length / 2, (length / 2) + 10, "a")], around);
        Assert.Equal(length, runs.Sum(run => run.Text.Length + run.Left));
        Assert.Equal(10 + (2 * around), runs.Sum(run => run.Text.Length));
    }

    [Theory]
    [InlineData("messages[1].content 10-18", "marked me", "Hello you marked me")]
    [InlineData("input 0-4", null, "")]
    [InlineData("messages[7].content 0-4", null, "")]
    [InlineData("messages[-1].content 0-4", null, "")]
    [InlineData("messages.content 0-4", null, "")]
    [InlineData("*", null, "")]
    [InlineData("messages[1].content 18446744073709551616-3", "", "Hello you marked me")]
    [InlineData("messages[1].content 900-903", "", "Hello you marked me")]
    [InlineData("messages[1].content", "", "Hello you marked me")]
    public void A_place_is_looked_up_in_the_stored_body(string place, string? marked, string text)
    {
        var body = Encoding.UTF8.GetBytes("""{"messages":[{"content":"x"},{"content":"Hello you marked me"}]}""");
        var found = FoundPlace.Of(new CallFinding("injection", "flag", "flag", 1, place, "user", "", ""), body);
        Assert.Equal(marked is null ? null : text, found?.Text);
        if (marked is { Length: > 0 }) { Assert.Equal("marked m", found!.Value.Text[found.Value.Marks[0].Start..found.Value.Marks[0].End]); }
        else if (found is { } there) { Assert.Empty(there.Marks); }
    }

    [Theory]
    [InlineData("""{"messages":[{"content":"cut"""), InlineData("[1,2"), InlineData(""), InlineData("""{"messages":[{"content":"\ud800"}]}""")]
    public void A_body_that_cannot_be_read_has_no_place(string body) =>
        Assert.Null(FoundPlace.Of(new CallFinding("injection", "flag", "flag", 1, "messages[0].content 0-2", "user", "", ""), Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Placeholders_of_personal_data_are_marked()
    {
        var body = Encoding.UTF8.GetBytes("""{"input":"To [EMAIL], [PHONE:3f9a1c20b7], [EMAIL_BCDF] but not [this] or [EMAIL"}""");
        var found = FoundPlace.Of(new CallFinding("pii", "mask", "flag", null, "input", "user", "", ""), body)!.Value;
        Assert.Equal(["[EMAIL]", "[PHONE:3f9a1c20b7]", "[EMAIL_BCDF]"], found.Marks.Select(mark => found.Text[mark.Start..mark.End]));
    }

    [Theory]
    [InlineData("/p/x/security?kind=injection&kind=pii&action=block&user=%3Cb%3E&endpoint=a%26b&cursor=abc")]
    [InlineData("/p/x/security?from=now-7d&to=now&kind=a")]
    public void A_state_survives_its_own_address_beside_other_keys(string uri)
    {
        var state = SecurityState.Parse(uri);
        var again = SecurityState.Parse(state.Apply(uri));
        Assert.Equal((state.Kinds.Length, state.Actions.Length, state.Cursor), (again.Kinds.Length, again.Actions.Length, again.Cursor));
        Assert.Equal(state.Users, again.Users);
        Assert.Equal(state.Endpoints, again.Endpoints);
        Assert.Equal(uri.Contains("from=now-7d", StringComparison.Ordinal), state.Apply(uri).Contains("from=now-7d", StringComparison.Ordinal));
        // Another choice begins at its newest event.
        Assert.Equal("", state.WithKind("leak").Cursor);
    }
}
