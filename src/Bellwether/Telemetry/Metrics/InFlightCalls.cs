namespace Bellwether.Telemetry;

/// <summary>How many gateway calls are in flight: the gauge <c>ai_requests_in_progress</c>.</summary>
public sealed class InFlightCalls
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);
}
