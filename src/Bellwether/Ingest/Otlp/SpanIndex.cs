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
    private Dictionary<(string, UInt128, ulong), (Guid Id, bool FromLog)> _young = [];
    private Dictionary<(string, UInt128, ulong), (Guid Id, bool FromLog)> _old = [];

    public void Set(ProjectId project, ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId, Guid id, bool fromLog)
    {
        if (traceId.Length != 16 || spanId.Length != 8)
        {
            return;
        }
        lock (_lock)
        {
            if (_young.Count >= GenerationSize)
            {
                (_old, _young) = (_young, []);
            }
            _young[Key(project, traceId, spanId)] = (id, fromLog);
        }
    }

    public (Guid Id, bool FromLog)? Find(ProjectId project, ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId)
    {
        if (traceId.Length != 16 || spanId.Length != 8)
        {
            return null;
        }
        lock (_lock)
        {
            var key = Key(project, traceId, spanId);
            return _young.TryGetValue(key, out var found) || _old.TryGetValue(key, out found) ? found : null;
        }
    }

    private static (string, UInt128, ulong) Key(ProjectId project, ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId) =>
        (project.Value, BinaryPrimitives.ReadUInt128BigEndian(traceId), BinaryPrimitives.ReadUInt64BigEndian(spanId));
}
