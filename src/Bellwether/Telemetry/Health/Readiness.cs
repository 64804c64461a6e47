namespace Bellwether.Telemetry;

/// <summary>Whether this process should get traffic: what <c>/readyz</c> answers. Starts as "starting"; a shutdown is final.</summary>
public sealed class Readiness
{
    private volatile string? _waitingFor = "starting";
    private volatile bool _stopping;
    private volatile bool _started;

    public bool IsReady => _waitingFor is null && !_stopping;

    /// <summary>True once the process has been ready, also when it is not any more: what <c>/startupz</c> answers.</summary>
    public bool HasStarted => _started;

    /// <summary>Why it is not ready, in a word; null when it is.</summary>
    public string? Reason => _stopping ? "shutting_down" : _waitingFor;

    public void Ready()
    {
        _started = true;
        _waitingFor = null;
    }

    public void NotReady(string reason) => _waitingFor = reason;

    /// <summary>From now on 503, so that load balancers turn away before the listener closes.</summary>
    public void Stopping() => _stopping = true;
}
