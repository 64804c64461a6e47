using System.Diagnostics.Metrics;
using System.Globalization;

namespace Bellwether.Telemetry;

/// <summary>
/// What the product says about itself: every instrument of a meter named <c>Bellwether</c>, shown as <c>bellwether_…</c>.
/// A feature makes an instrument (<c>meter.CreateCounter&lt;long&gt;("journal.records")</c>) and is done.
/// </summary>
public sealed class MeterReadings : IDisposable
{
    public static readonly string MeterName = "Bellwether";

    // A label value that callers could choose would grow this without end.
    private const int MostSeries = 2_000;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private int _series;

    public MeterReadings()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    internal void Write(ExpositionWriter writer)
    {
        _listener.RecordObservableInstruments();
        lock (_lock)
        {
            foreach (var (name, family) in _families)
            {
                writer.Family(name, family.Type, family.Help);
                foreach (var series in family.Series.Values)
                {
                    if (family.Type == "summary")
                    {
                        writer.Sample(name + "_sum", series.Value, series.Labels);
                        writer.Sample(name + "_count", series.Count, series.Labels);
                    }
                    else
                    {
                        writer.Sample(name, series.Value, series.Labels);
                    }
                }
            }
        }
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isCounter = instrument is Counter<long> or Counter<int> or Counter<double> or ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double>;
        var isHistogram = instrument is Histogram<long> or Histogram<int> or Histogram<double>;
        var name = PrometheusName(instrument, isCounter);
        var key = "";
        foreach (var (tag, tagValue) in tags)
        {
            key += $"{tag}={tagValue}\n";
        }
        lock (_lock)
        {
            if (!_families.TryGetValue(name, out var family))
            {
                _families[name] = family = new Family(isCounter ? "counter" : isHistogram ? "summary" : "gauge", instrument.Description ?? instrument.Name);
            }
            if (!family.Series.TryGetValue(key, out var series))
            {
                if (++_series > MostSeries)
                {
                    return;
                }
                family.Series[key] = series = new Series(Labels(tags));
            }
            // Observable instruments report their total, the others what was added.
            series.Value = instrument.IsObservable ? value : series.Value + value;
            series.Count++;
        }
    }

    // journal.commit.duration with unit "s" is bellwether_journal_commit_duration_seconds.
    private static string PrometheusName(Instrument instrument, bool isCounter)
    {
        var name = "bellwether_" + instrument.Name.Replace('.', '_');
        var unit = instrument.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", _ => "" };
        return name + (name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit) + (isCounter ? "_total" : "");
    }

    private static (string, string)[] Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new (string, string)[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            labels[i] = (tags[i].Key.Replace('.', '_'), Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "");
        }
        return labels;
    }

    private sealed record Family(string Type, string Help)
    {
        public SortedDictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Series((string, string)[] labels)
    {
        public (string, string)[] Labels { get; } = labels;
        public double Value { get; set; }
        public long Count { get; set; }
    }
}
