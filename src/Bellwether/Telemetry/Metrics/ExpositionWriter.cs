using System.Globalization;
using System.Text;

namespace Bellwether.Telemetry;

/// <summary>
/// Writes Prometheus' text formats: 0.0.4, or OpenMetrics 1.0, where a counter's family drops <c>_total</c> and the text ends
/// with <c># EOF</c> (prometheus.io/docs/instrumenting/exposition_formats, OpenMetrics 1.0 §5).
/// </summary>
internal sealed class ExpositionWriter(bool openMetrics)
{
    public const string TextType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder _text = new();

    public void Family(string name, string type, string help)
    {
        var family = openMetrics && type == "counter" && name.EndsWith("_total", StringComparison.Ordinal) ? name[..^"_total".Length] : name;
        _text.Append("# HELP ").Append(family).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        _text.Append("# TYPE ").Append(family).Append(' ').Append(type).Append('\n');
    }

    public void Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        Labels(labels, extra: null);
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <param name="counts">Per bucket, not cumulative, one more than there are bounds.</param>
    public void Histogram(string name, ReadOnlySpan<double> bounds, ReadOnlySpan<long> counts, double sum, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            _text.Append(name).Append("_bucket");
            Labels(labels, i < bounds.Length ? Number(bounds[i]) : "+Inf");
            _text.Append(' ').Append(Number(total)).Append('\n');
        }
        Sample(name + "_sum", sum, labels);
        Sample(name + "_count", total, labels);
    }

    public override string ToString() => openMetrics ? _text + "# EOF\n" : _text.ToString();

    private void Labels(ReadOnlySpan<(string Name, string Value)> labels, string? extra)
    {
        if (labels.Length == 0 && extra is null)
        {
            return;
        }
        var separator = '{';
        foreach (var (name, value) in labels)
        {
            _text.Append(separator).Append(name).Append("=\"");
            foreach (var character in value)
            {
                _ = character switch
                {
                    '\\' => _text.Append("\\\\"),
                    '"' => _text.Append("\\\""),
                    '\n' => _text.Append("\\n"),
                    _ => _text.Append(character),
                };
            }
            _text.Append('"');
            separator = ',';
        }
        if (extra is not null)
        {
            _text.Append(separator).Append("le=\"").Append(extra).Append('"');
        }
        _text.Append('}');
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
