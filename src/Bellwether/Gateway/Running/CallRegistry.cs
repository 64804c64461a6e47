using System.Collections.Concurrent;

namespace Bellwether.Gateway;

/// <summary>
/// All calls in flight. One timer serves every deadline: it is set to the earliest one known, so that ten thousand calls cost
/// no timers of their own and an idle gateway none at all.
/// </summary>
internal sealed class CallRegistry : IDisposable
{
    private const int MostRecycled = 1_024;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly ConcurrentBag<CancellationTokenSource> _sources = [];
    private RunningCall? _first;
    private long _armedFor = long.MaxValue;
    private int _count;
    private int _streams;
    private TaskCompletionSource? _empty;
    private volatile bool _draining;

    public CallRegistry(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static registry => ((CallRegistry)registry!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => Volatile.Read(ref _count);

    public int Streams => Volatile.Read(ref _streams);

    /// <summary>True once new calls are refused because the process is about to end.</summary>
    public bool Draining => _draining;

    public RunningCall Start(CancellationToken client)
    {
        var call = new RunningCall(this, _sources.TryTake(out var source) ? source : new CancellationTokenSource(), client);
        lock (_lock)
        {
            call.Next = _first;
            _first?.Previous = call;
            _first = call;
            _count++;
        }
        return call;
    }

    /// <summary>Takes one of the places for streams; false when all are taken.</summary>
    public bool TryHoldStream(RunningCall call, int limit)
    {
        if (Interlocked.Increment(ref _streams) > limit)
        {
            Interlocked.Decrement(ref _streams);
            return false;
        }
        call.HoldsStream = true;
        return true;
    }

    internal void Remove(RunningCall call)
    {
        if (call.HoldsStream)
        {
            Interlocked.Decrement(ref _streams);
        }
        TaskCompletionSource? empty = null;
        lock (_lock)
        {
            if (call.Previous is { } previous)
            {
                previous.Next = call.Next;
            }
            else
            {
                _first = call.Next;
            }
            call.Next?.Previous = call.Previous;
            if (--_count == 0)
            {
                empty = _empty;
            }
        }
        empty?.TrySetResult();
    }

    internal void Recycle(CancellationTokenSource source)
    {
        if (_sources.Count < MostRecycled && source.TryReset())
        {
            _sources.Add(source);
        }
    }

    internal long After(long now, TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan || timeout.TotalSeconds > 10_000_000
            ? long.MaxValue
            : now + (long)(timeout.TotalSeconds * _time.TimestampFrequency);

    internal void DeadlineMovedForward(long deadline)
    {
        lock (_lock)
        {
            if (deadline < _armedFor)
            {
                Arm(deadline, _time.GetTimestamp());
            }
        }
    }

    private void Arm(long deadline, long now)
    {
        _armedFor = deadline;
        // At least a millisecond, and one too late rather than too early.
        _timer.Change(deadline == long.MaxValue ? Timeout.InfiniteTimeSpan : Max(_time.GetElapsedTime(now, deadline), TimeSpan.Zero) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private void Sweep()
    {
        List<RunningCall>? expired = null;
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var next = long.MaxValue;
            for (var call = _first; call is not null; call = call.Next)
            {
                var deadline = call.Deadline;
                if (deadline <= now)
                {
                    (expired ??= []).Add(call);
                }
                else
                {
                    next = Math.Min(next, deadline);
                }
            }
            Arm(next, now);
        }
        if (expired is not null)
        {
            // Outside the lock: cancelling runs the transport's callbacks.
            foreach (var call in expired)
            {
                call.Expire();
            }
        }
    }

    /// <summary>Refuses new calls from now on. Completes when no call is left.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            _draining = true;
            if (_count == 0)
            {
                return Task.CompletedTask;
            }
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    /// <summary>Stops every call that is still running.</summary>
    public void StopAll(StopReason reason)
    {
        var calls = new List<RunningCall>();
        lock (_lock)
        {
            for (var call = _first; call is not null; call = call.Next)
            {
                calls.Add(call);
            }
        }
        foreach (var call in calls)
        {
            call.Stop(reason);
        }
    }

    public void Dispose() => _timer.Dispose();
}
