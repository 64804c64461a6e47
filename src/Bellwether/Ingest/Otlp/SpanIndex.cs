using System.Buffers.Binary;
using Bellwether.Primitives;

namespace Bellwether.Ingest;

/// <summary>
/// Which observation a span became, for the log records that belong to it, in whichever order the two arrive. Holds the last
/// 50,000 to 100,000 spans; what is older is no longer put together.
/// </summary>
internal sealed class SpanIndex
{
    private const int GenerationSize = 50_000;

    private readonly Lock _lock = new();
    private Dictionary<(string, UInt128, ulong), SpanPlace> _young = [];
    private Dictionary<(string, UInt128, ulong), SpanPlace> _old = [];

    /// <summary>
    /// The place of a span's observation: the one that there is, or the one that is offered and from now on stands. One step, so that
    /// a span and its log record that arrive in the same instant agree on it.
    /// </summary>
    /// <param name="offered">A log record takes any place that there is; a span only one that a log record made.</param>
    public SpanPlace Claim(ProjectId project, ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId, in SpanPlace offered)
    {
        if (traceId.Length != 16 || spanId.Length != 8)
        {
            return offered;
        }
        var key = Key(project, traceId, spanId);
        lock (_lock)
        {
            if ((_young.TryGetValue(key, out var found) || _old.TryGetValue(key, out found)) && (offered.FromLog || found.FromLog))
            {
                return found;
            }
            if (_young.Count >= GenerationSize)
            {
                (_old, _young) = (_young, []);
            }
            return _young[key] = offered;
        }
    }

    public Guid? Find(ProjectId project, ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId)
    {
        if (traceId.Length != 16 || spanId.Length != 8)
        {
            return null;
        }
        lock (_lock)
        {
            var key = Key(project, traceId, spanId);
            return _young.TryGetValue(key, out var found) || _old.TryGetValue(key, out found) ? found.Id : null;
        }
    }

    private static (string, UInt128, ulong) Key(ProjectId project, ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId) =>
        (project.Value, BinaryPrimitives.ReadUInt128BigEndian(traceId), BinaryPrimitives.ReadUInt64BigEndian(spanId));
}

/// <param name="Id">Of the observation.</param>
/// <param name="FromLog">Whether a log record made it.</param>
/// <param name="Request">The request that brought it.</param>
internal readonly record struct SpanPlace(Guid Id, bool FromLog, RequestInFlight Request);
