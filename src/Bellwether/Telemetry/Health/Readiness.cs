namespace Bellwether.Telemetry;

/// <summary>
/// Whether this process can serve. Whoever owns a condition sets it; a condition that was never set does not count.
/// Started means: every condition has been true once.
/// </summary>
public sealed class Readiness
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, bool> _conditions = new(StringComparer.Ordinal);
    private bool _started;

    /// <summary>True when every condition holds and we are not shutting down.</summary>
    public bool IsReady
    {
        get
        {
            lock (_lock)
            {
                return _conditions.Values.All(holds => holds);
            }
        }
    }

    /// <summary>True from the first time on that the process was ready.</summary>
    public bool HasStarted
    {
        get
        {
            lock (_lock)
            {
                return _started;
            }
        }
    }

    /// <param name="condition">For example <c>store</c>, <c>journal</c>, <c>running</c>.</param>
    public void Set(string condition, bool holds)
    {
        lock (_lock)
        {
            _conditions[condition] = holds;
            _started |= _conditions.Values.All(value => value);
        }
    }
}
