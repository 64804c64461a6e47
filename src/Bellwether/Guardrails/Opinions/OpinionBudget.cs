namespace Bellwether.Guardrails;

/// <summary>A number of calls in each minute, for many threads.</summary>
internal sealed class OpinionBudget(TimeProvider clock, int most)
{
    private readonly Lock _lock = new();
    private long _since = clock.GetTimestamp();
    private int _spent;

    public bool TryTake()
    {
        lock (_lock)
        {
            if (clock.GetElapsedTime(_since) >= TimeSpan.FromMinutes(1))
            {
                (_since, _spent) = (clock.GetTimestamp(), 0);
            }
            if (_spent >= most)
            {
                return false;
            }
            _spent++;
            return true;
        }
    }
}
