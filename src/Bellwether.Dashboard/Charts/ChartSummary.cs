using System.Text;

namespace Bellwether.Dashboard;

/// <summary>A chart in one sentence per series.</summary>
public static class ChartSummary
{
    public static string Of(IReadOnlyList<ChartSeries> series, TimeScale scale, ChartUnit unit, TimeZoneInfo zone)
    {
        var text = new StringBuilder();
        foreach (var one in series)
        {
            if (one.Previous) { continue; }
            var (last, low, high) = (-1, -1, -1);
            for (var i = 0; i < Math.Min(one.Values.Count, scale.Buckets.Length); i++)
            {
                if (one.Values[i] is not { } value) { continue; }
                last = i;
                if (low < 0 || value < one.Values[low]) { low = i; }
                if (high < 0 || value > one.Values[high]) { high = i; }
            }
            text.Append(text.Length > 0 ? " " : "").Append(one.Name);
            if (last < 0)
            {
                text.Append(": no data.");
                continue;
            }
            text.Append(": last ").Append(ChartUnits.Format(unit, one.Values[last]))
                .Append(", lowest ").Append(ChartUnits.Format(unit, one.Values[low]))
                .Append(", highest ").Append(ChartUnits.Format(unit, one.Values[high]))
                .Append(" at ").Append(Format.Timestamp(scale.Buckets[high], zone, milliseconds: false)).Append('.');
        }
        return text.ToString();
    }
}
