using Bellwether.Primitives;
using Microsoft.Extensions.Logging;

namespace Bellwether.Telemetry;

/// <summary>
/// The change feed of one process. The pipeline only adds to counters; each subscriber is called by a timer of its own, so that
/// a slow one holds up nobody.
/// </summary>
internal sealed class ChangeFeed(TimeProvider clock, ILogger<ChangeFeed> logger) : IChangeFeed
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ProjectId, List<Subscription>> _subscriptions = [];

    public IDisposable Subscribe(ProjectId project, TimeSpan atMostEvery, Action<TelemetryChange> onChange)
    {
        var subscription = new Subscription(this, project, atMostEvery, onChange);
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(project, out var list))
            {
                _subscriptions[project] = list = [];
            }
            list.Add(subscription);
        }
        return subscription;
    }

    public void Publish(ReadOnlySpan<SequencedRecord> committed)
    {
        lock (_lock)
        {
            if (_subscriptions.Count == 0)
            {
                return;
            }
            foreach (var entry in committed)
            {
                var observation = entry.Record.Observation;
                var annotation = entry.Record.Annotation;
                var project = observation?.Project ?? annotation!.Project;
                if (_subscriptions.TryGetValue(project, out var list))
                {
                    foreach (var subscription in list)
                    {
                        subscription.Add(observation?.StartTime ?? annotation!.Time, observation is null ? 0 : 1);
                    }
                }
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            if (_subscriptions.TryGetValue(subscription.Project, out var list) && list.Remove(subscription) && list.Count == 0)
            {
                _subscriptions.Remove(subscription.Project);
            }
        }
    }

    private sealed class Subscription : IDisposable
    {
        private readonly ChangeFeed _feed;
        private readonly TimeSpan _atMostEvery;
        private readonly Action<TelemetryChange> _onChange;
        private readonly ITimer _timer;
        private readonly Lock _lock = new();
        private DateTimeOffset _upTo;
        private int _observations;
        private long? _lastCall;
        private bool _armed;
        private bool _disposed;

        public Subscription(ChangeFeed feed, ProjectId project, TimeSpan atMostEvery, Action<TelemetryChange> onChange)
        {
            _feed = feed;
            Project = project;
            _atMostEvery = atMostEvery;
            _onChange = onChange;
            _timer = feed.Clock.CreateTimer(_ => Call(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public ProjectId Project { get; }

        public void Add(DateTimeOffset time, int observations)
        {
            lock (_lock)
            {
                _upTo = time > _upTo ? time : _upTo;
                _observations += observations;
                if (_armed || _disposed)
                {
                    return;
                }
                _armed = true;
                var since = _lastCall is { } last ? _feed.Clock.GetElapsedTime(last) : _atMostEvery;
                _timer.Change(since >= _atMostEvery ? TimeSpan.Zero : _atMostEvery - since, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
            }
            _timer.Dispose();
            _feed.Remove(this);
        }

        private void Call()
        {
            TelemetryChange change;
            lock (_lock)
            {
                if (_disposed)
                {
                    return;
                }
                change = new TelemetryChange(Project, _upTo, _observations);
                _observations = 0;
                _armed = false;
                _lastCall = _feed.Clock.GetTimestamp();
            }
            try
            {
                _onChange(change);
            }
            catch (Exception e)
            {
                // Somebody else's callback on a timer thread: it must not end the process.
                Log.SubscriberFailed(_feed.Logger, e);
            }
        }
    }

    private TimeProvider Clock => clock;

    private ILogger Logger => logger;
}
