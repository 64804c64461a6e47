namespace Bellwether.Gateway;

/// <summary>Why a call was stopped before its end.</summary>
internal enum StopReason { None, ClientGone, FirstByte, Idle, Total, Shutdown }

/// <summary>
/// A call between acceptance and end: its cancellation token, the reason when it was cancelled, and its deadline. The token
/// sources are used again, because one is needed for every call.
/// </summary>
internal sealed class RunningCall
{
    private const int Running = 0, Stopped = 1, Ended = 2;

    private readonly CallRegistry _registry;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _client;
    private int _state;
    private StopReason _reason;
    // Monotonic timestamps; read by the registry's sweep.
    private long _deadline = long.MaxValue;
    private long _totalDeadline = long.MaxValue;
    private StopReason _phase;

    internal RunningCall(CallRegistry registry, CancellationTokenSource source, CancellationToken client)
    {
        _registry = registry;
        _source = source;
        _client = client.UnsafeRegister(static call => ((RunningCall)call!).Stop(StopReason.ClientGone), this);
    }

    internal RunningCall? Previous { get; set; }
    internal RunningCall? Next { get; set; }

    /// <summary>True while it holds one of the places for streams.</summary>
    internal bool HoldsStream { get; set; }

    public CancellationToken Token => _source.Token;

    public StopReason Reason => _reason;

    internal long Deadline => Volatile.Read(ref _deadline);

    /// <summary>Cancels the call unless it has ended or was stopped before; the first reason stays.</summary>
    public void Stop(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _state, Stopped, Running) == Running)
        {
            _reason = reason;
            Volatile.Write(ref _deadline, long.MaxValue);
            _source.Cancel();
        }
    }

    /// <summary>Stops the call because its deadline passed.</summary>
    internal void Expire() => Stop(Volatile.Read(ref _deadline) >= _totalDeadline ? StopReason.Total : _phase);

    /// <summary>Sets the time, from <paramref name="now"/> on, after which nothing may be waited for any more.</summary>
    public void LimitTotal(long now, TimeSpan timeout) => _totalDeadline = _registry.After(now, timeout);

    /// <summary>Sets the deadline of what is waited for next. Costs a write, unless it comes before the one that it replaces.</summary>
    public void Expect(StopReason phase, long now, TimeSpan timeout)
    {
        _phase = phase;
        var deadline = Math.Min(_registry.After(now, timeout), _totalDeadline);
        var earlier = deadline < _deadline;
        Volatile.Write(ref _deadline, deadline);
        if (earlier)
        {
            _registry.DeadlineMovedForward(deadline);
        }
    }

    /// <summary>The caller is waited for, which is no silence of the provider's: only the limit on the whole call counts until the next <see cref="Expect"/>.</summary>
    public void ExpectCaller() => Volatile.Write(ref _deadline, _totalDeadline);

    /// <summary>Takes the call off the registry. Its token must not be used any more.</summary>
    public void End()
    {
        _client.Dispose();
        _registry.Remove(this);
        if (Interlocked.CompareExchange(ref _state, Ended, Running) == Running)
        {
            _registry.Recycle(_source);
        }
    }
}
