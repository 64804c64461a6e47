using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>Finds the requests before and after one within a filter, without the list it was opened from, so that a link is enough.</summary>
internal sealed class Neighbours(ReadPage read)
{
    private static readonly int MostLooks = 12;

    /// <summary>The next older request, or null.</summary>
    public async Task<Guid?> OlderAsync(Observation of, TimeRange range, FilterExpression filter, CancellationToken cancellationToken)
    {
        var window = new TimeRange(range.From, of.StartTime.AddTicks(10));
        if (window.Length <= TimeSpan.Zero) { return null; }
        var page = await read(new(of.Project, window, 20) { Where = filter.Where, Text = filter.Text }, cancellationToken);
        return page.Items.SkipWhile(row => row.Id != of.Id && row.StartTime >= of.StartTime).FirstOrDefault(row => row.Id != of.Id)?.Id;
    }

    /// <summary>
    /// The next newer request, or null. Pages come newest first, so a window that begins at the request is widened until it
    /// holds something, and narrowed while it holds more than a page.
    /// </summary>
    public async Task<Guid?> NewerAsync(Observation of, TimeRange range, FilterExpression filter, CancellationToken cancellationToken)
    {
        var span = TimeSpan.FromSeconds(30);
        for (var look = 0; look < MostLooks; look++)
        {
            var end = of.StartTime + span;
            var window = new TimeRange(of.StartTime, end < range.To ? end : range.To);
            if (window.Length <= TimeSpan.Zero) { return null; }
            var page = await read(new(of.Project, window, 100) { Where = filter.Where, Text = filter.Text }, cancellationToken);
            if (page.Next is not null && span > TimeSpan.FromMilliseconds(1))
            {
                span /= 16;
                continue;
            }
            var newer = page.Items.TakeWhile(row => row.Id != of.Id).LastOrDefault(row => row.Id != of.Id);
            if (newer is not null) { return newer.Id; }
            if (end >= range.To) { return null; }
            span *= 10;
        }
        return null;
    }
}
