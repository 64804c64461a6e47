using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// A request whose records are not yet in the journal. Another request that brings the other half of one of its calls cannot find
/// the first half yet, and whichever were written last would win; so it leaves its half here and waits until it is put together.
/// Nobody waits before its own records are written, so that two requests never wait for each other.
/// </summary>
internal sealed class RequestInFlight
{
    private readonly Lock _lock = new();
    private List<CallHalf>? _left;
    private TaskCompletionSource<bool>? _ended;
    private bool _closed;

    /// <summary>Takes a half of a call; null when the request's records are in the journal and can be found there.</summary>
    /// <returns>Whether both halves became durable.</returns>
    public Task<bool>? TryLeave(in CallHalf half)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }
            _ended ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            (_left ??= []).Add(half);
            return _ended.Task;
        }
    }

    /// <summary>The request's records can be found from now on. What was left here meanwhile is for the caller to put together.</summary>
    public List<CallHalf> Close()
    {
        lock (_lock)
        {
            _closed = true;
            var left = _left ?? [];
            _left = null;
            return left;
        }
    }

    /// <summary>Tells those who wait how it went. Once only; what comes later changes nothing.</summary>
    public void End(bool durable)
    {
        lock (_lock)
        {
            _closed = true;
            _left = null;
        }
        _ended?.TrySetResult(durable);
    }
}

/// <summary>What a span, or a log record of it, says of a call.</summary>
internal readonly record struct CallHalf(TelemetryRecord Record, bool IsSpan);
