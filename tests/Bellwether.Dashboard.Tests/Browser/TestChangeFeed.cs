using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard.Tests;

/// <summary>Says "changed" when the test does.</summary>
public sealed class TestChangeFeed : IChangeFeed
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];

    public int Subscribers
    {
        get { lock (_gate) { return _subscriptions.Count; } }
    }

    public IDisposable Subscribe(ProjectId project, TimeSpan atMostEvery, Action<TelemetryChange> onChange)
    {
        var subscription = new Subscription(this, project, onChange);
        lock (_gate) { _subscriptions.Add(subscription); }
        return subscription;
    }

    public void Announce(ProjectId project, DateTimeOffset upTo, int observations)
    {
        Subscription[] all;
        lock (_gate) { all = [.. _subscriptions]; }
        foreach (var subscription in all.Where(one => one.Project == project)) { subscription.OnChange(new TelemetryChange(project, upTo, observations)); }
    }

    private sealed record Subscription(TestChangeFeed Feed, ProjectId Project, Action<TelemetryChange> OnChange) : IDisposable
    {
        public void Dispose()
        {
            lock (Feed._gate) { Feed._subscriptions.Remove(this); }
        }
    }
}
