using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What one request brings: records of its own, and halves of calls that another request has not finished yet.</summary>
internal sealed class ReceivedRequest(ITelemetryAppend append)
{
    private readonly List<Task<bool>> _left = [];

    public ITelemetryAppend Append => append;

    public RequestInFlight InFlight { get; } = new();

    public int Added { get; private set; }

    /// <summary>Of each half that was left with another request: whether the call became durable.</summary>
    public IReadOnlyList<Task<bool>> Left => _left;

    /// <summary>False when the request is refused already.</summary>
    public bool TryAdd(TelemetryRecord record)
    {
        Added++;
        return append.TryAdd(record);
    }

    /// <summary>Leaves a half with the request that brought the other; false when that one is through, or is this one.</summary>
    public bool Leave(in CallHalf half, in SpanPlace place)
    {
        if (ReferenceEquals(place.Request, InFlight) || place.Request.TryLeave(half) is not { } ended)
        {
            return false;
        }
        _left.Add(ended);
        return true;
    }
}
