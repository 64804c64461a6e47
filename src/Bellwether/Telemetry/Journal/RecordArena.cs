namespace Bellwether.Telemetry;

/// <summary>
/// Memory for the bytes of the records of one batch, used again for a later one: a batch lives longer than the collector's young
/// generation, and its texts would be copied from generation to generation. Used by one thread at a time.
/// </summary>
internal sealed class RecordArena
{
    private const int SlabBytes = 1 << 20;
    private readonly List<byte[]> _slabs = [];
    private int _slab;
    private int _used;

    /// <summary>A copy that is good until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > SlabBytes / 4)
        {
            return bytes.ToArray();
        }
        if (_used + bytes.Length > SlabBytes)
        {
            (_slab, _used) = (_slab + 1, 0);
        }
        if (_slab == _slabs.Count)
        {
            _slabs.Add(GC.AllocateUninitializedArray<byte>(SlabBytes));
        }
        var copy = _slabs[_slab].AsMemory(_used, bytes.Length);
        bytes.CopyTo(copy.Span);
        _used += bytes.Length;
        return copy;
    }

    /// <summary>Nobody uses what was copied any more.</summary>
    public void Clear()
    {
        // What a backlog's batches needed goes, one slab a batch, once there is no backlog.
        if (_slabs.Count > _slab + 2)
        {
            _slabs.RemoveAt(_slabs.Count - 1);
        }
        (_slab, _used) = (0, 0);
    }
}
