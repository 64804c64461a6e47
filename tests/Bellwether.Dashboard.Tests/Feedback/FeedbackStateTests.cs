using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard.Tests;

public sealed class FeedbackStateTests
{
    [Theory]
    [InlineData("/p/x/feedback?name=report&name=user_feedback&source=user&category=&user=%3Cb%3E&vote=down")]
    [InlineData("/p/x/feedback?from=now-7d&to=now&name=a%26b%3Dc")]
    public void A_state_survives_its_own_address_beside_other_keys(string uri)
    {
        var state = FeedbackState.Parse(uri);
        var again = FeedbackState.Parse(state.Apply(uri));
        Assert.Equal(state.Names, again.Names);
        Assert.Equal(state.Categories, again.Categories);
        Assert.Equal(state.Users, again.Users);
        Assert.Equal(state.Up, again.Up);
        Assert.Equal(uri.Contains("from=now-7d", StringComparison.Ordinal), state.Apply(uri).Contains("from=now-7d", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("?vote=sideways"), InlineData("?vote=up&vote=down"), InlineData("?other=1"), InlineData("#name=report")]
    public void What_cannot_be_read_asks_for_everything(string query) => Assert.True(FeedbackState.Parse("/p/x/feedback" + query).IsEmpty);

    [Fact]
    public void A_vote_without_a_category_can_be_asked_for() =>
        Assert.Equal([""], FeedbackState.Parse("/p/x/feedback?category=").Of(ProjectId.Default, AnnotationQuery.AllTime, "").Categories);

    [Theory]
    [InlineData("user_feedback", 1.0, "Thumbs up"), InlineData("user_feedback", 0.0, "Thumbs down"), InlineData("user_feedback", null, "Vote"), InlineData("report", 0.0, "Reported")]
    [InlineData("edited", 0.25, "Edited 25 %"), InlineData("re_asked", null, "Asked again"), InlineData("groundedness", 0.875, "Groundedness 0.875"), InlineData("coherence", 0.875, "coherence 0.875"), InlineData("coherence", null, "coherence")]
    public void Each_kind_has_words(string name, double? number, string words) =>
        Assert.StartsWith(words, FeedbackWords.Of(new Annotation { Id = default, Project = ProjectId.Default, Time = default, ObservationId = default, Name = name, Source = "user", Number = number }).Label, StringComparison.Ordinal);
}
