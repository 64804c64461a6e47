namespace Bellwether.Telemetry;

/// <summary>How many model calls run now: <c>ai_requests_in_progress</c>. The gateway counts up and down.</summary>
public sealed class CallsInProgress
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);
}
