using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>How many requests the list covers, over time, and how many of them failed. A click goes into one bar.</summary>
public sealed partial class VolumeBar
{
    [Parameter, EditorRequired]
    public TimeScale? Scale { get; set; }

    [Parameter, EditorRequired]
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Parameter]
    public bool IsLoading { get; set; }

    [Parameter]
    public EventCallback<TimeRange> OnZoom { get; set; }

    [Parameter, EditorRequired]
    public ImmutableArray<VolumeBucket> Buckets { get; set; } = [];

    private double Most => Buckets.Max(bucket => bucket.Count);

    private string Summary =>
        $"{Format.Count(Buckets.Sum(bucket => bucket.Count))} requests, {Format.Count(Buckets.Sum(bucket => bucket.Errors))} failed; at most {Format.Count(Most)} in {Format.Span(Scale!.Step)}";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string X(int index) => Number(index + 0.12);

    private string Label(int index) => string.Create(CultureInfo.InvariantCulture,
        $"{Format.Moment(Scale!.Buckets[index], Zone, Scale.Range.To)}: {Format.Count(Buckets[index].Count)} request{(Buckets[index].Count == 1 ? "" : "s")}, {Format.Count(Buckets[index].Errors)} failed");

    // A bar of one request among thousands is still to be seen, and so is one failure.
    private (double Height, double Bad) Heights(VolumeBucket bucket)
    {
        var height = Math.Max(100 * bucket.Count / Most, 4);
        return (height, bucket.Errors > 0 ? Math.Min(height, Math.Max(height * bucket.Errors / bucket.Count, 3)) : 0);
    }
}
