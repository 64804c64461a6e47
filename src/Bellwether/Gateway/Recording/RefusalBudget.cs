namespace Bellwether.Gateway;

/// <summary>
/// Lets a bounded number of events through per second, with a burst of ten times as many (GCRA on the monotonic clock). Keeps
/// a flood of bad keys from filling the disk: what does not pass is counted, not stored.
/// </summary>
internal sealed class RefusalBudget(TimeProvider time, int perSecond)
{
    private const int BurstFactor = 10;

    private readonly long _interval = perSecond == 0 ? 0 : Math.Max(1, time.TimestampFrequency / perSecond);
    private long _next;

    public bool TryTake()
    {
        if (perSecond == 0)
        {
            return false;
        }
        var now = time.GetTimestamp();
        var tolerance = _interval * perSecond * BurstFactor;
        while (true)
        {
            var next = Volatile.Read(ref _next);
            var taken = Math.Max(next, now) + _interval;
            if (taken - now > tolerance)
            {
                return false;
            }
            if (Interlocked.CompareExchange(ref _next, taken, next) == next)
            {
                return true;
            }
        }
    }
}
