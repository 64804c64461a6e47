using System.Collections.Immutable;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <param name="Tone">Name of its colour.</param>
public readonly record struct TimingSegment(string Name, double Ms, string Tone, string Help)
{
    /// <summary>The parts of a call in order; they add up to its total time.</summary>
    public static ImmutableArray<TimingSegment> Of(Timings timings)
    {
        var segments = ImmutableArray.CreateBuilder<TimingSegment>(4);
        var queue = Math.Max(0, timings.QueueMs);
        var post = Math.Max(0, timings.PostMs);
        segments.Add(new("Queue", queue, "8", "From the accepted request until the provider was called: key, limits, guards"));
        if (timings.TtftMs is { } ttft && timings.UpstreamMs > 0)
        {
            // Both are counted from the accepted request.
            var waiting = Math.Clamp(ttft - queue, 0, timings.UpstreamMs);
            segments.Add(new("First token", waiting, "4", "From the call to the provider to the first content"));
            segments.Add(new("Generation", Math.Max(0, timings.UpstreamMs - waiting), "1", "From the first content to the provider's last byte"));
        }
        else if (timings.UpstreamMs > 0)
        {
            segments.Add(new("Provider", timings.UpstreamMs, "1", "From the call to the provider to its last byte"));
        }
        segments.Add(new("Finish", post, "7", "From the provider's last byte to the end"));
        return segments.DrainToImmutable();
    }
}
