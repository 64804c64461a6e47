using Bellwether.Telemetry;

namespace Bellwether.Dashboard.Tests;

/// <summary>What of a trace is folded, beyond what a URL has room for.</summary>
public sealed class TraceStateTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_step_can_be_folded_and_opened_again_however_many_there_are()
    {
        var parents = HundredParents();
        Assert.Equal(100, parents.Count);
        var state = parents.Aggregate(TraceState.Parse("/p/x/traces/t"), (state, node) => state.Toggle(node));
        Assert.All(parents, node => Assert.True(state.IsFolded(node)));
        Assert.All(parents, node => Assert.False(state.Toggle(node).IsFolded(node)));
    }

    [Fact]
    public void A_URL_names_eighty_and_is_taken_for_what_the_page_shows()
    {
        var parents = HundredParents();
        var state = parents.Aggregate(TraceState.Parse("/p/x/traces/t"), (state, node) => state.Toggle(node));
        var uri = state.Apply("/p/x/traces/t?q=a");
        Assert.Equal(80, TraceState.Parse(uri).Named.Count);
        Assert.True(state.IsSaidBy(uri));
        Assert.False(state.IsSaidBy("/p/x/traces/t?q=a"));
        Assert.False(state.IsSaidBy(uri.Replace("fold=", "fold=*", StringComparison.Ordinal)));
    }

    private static List<TraceNode> HundredParents() => TraceTree.Of([.. Enumerable.Range(0, 100).SelectMany(Pair)]).Nodes.Where(node => node.Children > 0).ToList();

    private static Observation[] Pair(int number) =>
        [TracesServer.Step("t", "", $"p{number}", At, ObservationKind.Chain, "parent", 10), TracesServer.Step("t", $"p{number}", $"c{number}", At, ObservationKind.Chain, "child", 10)];
}
