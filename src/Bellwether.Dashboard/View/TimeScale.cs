using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Dashboard;

/// <summary>The buckets that a chart of a range has: a round step that gives at most 120 of them, aligned to the Unix epoch as the store aligns them.</summary>
public sealed record TimeScale(TimeRange Range, TimeSpan Step, ImmutableArray<DateTimeOffset> Buckets)
{
    private static readonly int[] Steps = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

    public static TimeScale For(TimeRange range, int most = 120)
    {
        var seconds = range.Length.TotalSeconds;
        // Below a minute the store has to scan raw rows, which is fine for half an hour and wasteful beyond.
        var floor = range.Length > TimeSpan.FromMinutes(30) ? 60 : 10;
        var step = Steps[^1];
        foreach (var candidate in Steps)
        {
            if (candidate >= floor && seconds / candidate <= most)
            {
                step = candidate;
                break;
            }
        }
        var buckets = ImmutableArray.CreateBuilder<DateTimeOffset>();
        for (var at = range.From.ToUnixTimeSeconds() / step * step; at < range.To.ToUnixTimeMilliseconds() / 1000d; at += step)
        {
            buckets.Add(DateTimeOffset.FromUnixTimeSeconds(at));
        }
        return new TimeScale(range, TimeSpan.FromSeconds(step), buckets.ToImmutable());
    }

    /// <summary>Index of the bucket that starts at <paramref name="start"/>, or -1.</summary>
    public int IndexOf(DateTimeOffset start)
    {
        if (Buckets.IsEmpty) { return -1; }
        var index = (start - Buckets[0]) / Step;
        return index >= 0 && index < Buckets.Length ? (int)index : -1;
    }

    /// <summary>How much of a bucket lies inside the range: the first and the last are usually cut, and a rate must be divided by what was seen.</summary>
    public TimeSpan Covered(int index)
    {
        var from = Buckets[index] < Range.From ? Range.From : Buckets[index];
        var end = Buckets[index] + Step;
        var to = end > Range.To ? Range.To : end;
        return to - from;
    }

    /// <summary>The span of one bucket, cut to the range.</summary>
    public TimeRange Span(int index)
    {
        var from = Buckets[index] < Range.From ? Range.From : Buckets[index];
        return new TimeRange(from, from + Covered(index));
    }
}
