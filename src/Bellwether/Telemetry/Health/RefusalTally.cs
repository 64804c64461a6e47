using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Bellwether.Telemetry;

/// <summary>
/// What receivers of telemetry refused since the start, by where it came in and why. Reads their counters, so that a receiver
/// does nothing for it but to count as all do: <c>otlp.refused.requests</c> for whole requests and <c>otlp.rejected</c> for single
/// items, with a tag <c>reason</c>.
/// </summary>
public sealed class RefusalTally : IDisposable
{
    private const string Requests = ".refused.requests";
    private const string Items = ".rejected";
    // Reasons are fixed words; this bounds a receiver that breaks the rule.
    private const int MostRows = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Source, bool WholeRequest, string Reason), (long Count, DateTimeOffset LastAt)> _rows = [];
    private readonly MeterListener _listener = new();
    private readonly TimeProvider _clock;

    /// <param name="meters">Only its meters are listened to: another server in the same process has its own.</param>
    /// <param name="clock">Dates the last refusal.</param>
    public RefusalTally(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeterReadings.MeterName && ReferenceEquals(instrument.Meter.Scope, meters)
                && (instrument.Name.EndsWith(Requests, StringComparison.Ordinal) || instrument.Name.EndsWith(Items, StringComparison.Ordinal)))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Take);
        _listener.Start();
    }

    /// <summary>By source, the most frequent reasons of each first.</summary>
    public ImmutableArray<IngestRefusal> Read()
    {
        lock (_lock)
        {
            return [.. _rows.Select(row => new IngestRefusal(row.Key.Source, row.Key.WholeRequest, row.Key.Reason, row.Value.Count, row.Value.LastAt))
                .OrderBy(row => row.Source, StringComparer.Ordinal).ThenByDescending(row => row.Count).ThenBy(row => row.Reason, StringComparer.Ordinal)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, long count, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (count <= 0)
        {
            return;
        }
        var reason = "invalid";
        foreach (var (tag, value) in tags)
        {
            if (tag == "reason" && value is string { Length: > 0 } text)
            {
                reason = text;
            }
        }
        var wholeRequest = instrument.Name.EndsWith(Requests, StringComparison.Ordinal);
        var source = instrument.Name[..^(wholeRequest ? Requests : Items).Length];
        var now = _clock.GetUtcNow();
        lock (_lock)
        {
            var key = (source, wholeRequest, reason);
            if (!_rows.ContainsKey(key) && _rows.Count >= MostRows)
            {
                key = ("other", wholeRequest, "other");
            }
            _rows[key] = (_rows.GetValueOrDefault(key).Count + count, now);
        }
    }
}

/// <param name="Source">The receiver: <c>otlp</c>, <c>langsmith</c>, <c>posthog</c> …</param>
/// <param name="WholeRequest">True for whole requests; false for single spans, runs or events, whose neighbours were kept.</param>
/// <param name="Reason">A fixed word, never the sender's.</param>
/// <param name="LastAt">When the last one was refused, UTC.</param>
public sealed record IngestRefusal(string Source, bool WholeRequest, string Reason, long Count, DateTimeOffset LastAt);
