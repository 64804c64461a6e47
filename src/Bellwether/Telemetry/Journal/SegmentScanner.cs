using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Bellwether.Telemetry;

internal enum ScanStep
{
    /// <summary>A whole record: <see cref="SegmentScanner.Sequence"/> and <see cref="SegmentScanner.Payload"/>.</summary>
    Record,
    /// <summary>Bytes that are no record, with records after them: <see cref="SegmentScanner.DamageOffset"/>.</summary>
    Damage,
    /// <summary>Bytes that are no record, with nothing but zeros or the end after them: a write that a crash cut.</summary>
    TornTail,
    End,
}

/// <summary>Reads the frames of one segment in order and finds its way past damage. Never returns a record whose checks fail.</summary>
internal sealed class SegmentScanner : IDisposable
{
    private const int Window = 256 * 1024;

    private readonly SafeFileHandle _file;
    private readonly ulong _salt;
    private byte[] _window = new byte[Window];
    private long _windowAt;
    private int _windowLength;
    private long _limit;

    /// <param name="after">Records at or below this sequence are not expected: the one before the segment's first.</param>
    public SegmentScanner(string path, ulong salt, long after)
    {
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _salt = salt;
        Sequence = after;
        FileLength = RandomAccess.GetLength(_file);
    }

    public long FileLength { get; }

    /// <summary>Where the next frame is looked for; after the end: how far the segment is good.</summary>
    public long Position { get; private set; } = JournalFormat.SegmentHeader;

    public long Sequence { get; private set; }

    /// <summary>Where payloads are copied to; null for an array each.</summary>
    public RecordArena? Arena { get; set; }

    /// <summary>The record's bytes; a copy, which may be kept as long as <see cref="Arena"/> says.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    public long DamageOffset { get; private set; }

    public long DamageLength { get; private set; }

    public void Dispose() => _file.Dispose();

    public byte[] Header()
    {
        var header = new byte[JournalFormat.SegmentHeader];
        var read = RandomAccess.Read(_file, header, 0);
        return header[..read];
    }

    public byte[] Bytes(long offset, int count)
    {
        var bytes = new byte[count];
        return bytes[..RandomAccess.Read(_file, bytes, offset)];
    }

    /// <param name="limit">How much of the file is written; what lies behind is not looked at.</param>
    /// <param name="copyAfter">Payloads are only copied for records above this sequence.</param>
    public ScanStep Next(long limit, long copyAfter)
    {
        _limit = limit;
        if (TryFrame(Position, limit, out var sequence, out var frame))
        {
            Take(sequence, frame, copyAfter);
            return ScanStep.Record;
        }
        var from = Position;
        if (FindFrame(from + 1, limit) is { } next)
        {
            (DamageOffset, DamageLength) = (from, next - from);
            Position = next;
            return ScanStep.Damage;
        }
        var end = LastNonZero(from, limit);
        if (end < from)
        {
            return ScanStep.End;
        }
        (DamageOffset, DamageLength) = (from, end - from + 1);
        return ScanStep.TornTail;
    }

    private void Take(long sequence, ReadOnlySpan<byte> frame, long copyAfter)
    {
        Sequence = sequence;
        Position += frame.Length;
        var payload = frame[JournalFormat.FrameHeader..];
        Payload = sequence <= copyAfter ? default : Arena is { } arena ? arena.Copy(payload) : payload.ToArray();
    }

    private bool TryFrame(long at, long limit, out long sequence, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        sequence = 0;
        if (limit - at < JournalFormat.FrameHeader
            || !JournalFormat.TryReadHeader(Read(at, JournalFormat.FrameHeader), _salt, out sequence, out var length)
            || length > limit - at - JournalFormat.FrameHeader
            || sequence <= Sequence)
        {
            return false;
        }
        frame = Read(at, JournalFormat.FrameHeader + length);
        return frame.Length == JournalFormat.FrameHeader + length && JournalFormat.IsPayload(frame);
    }

    private long? FindFrame(long from, long limit)
    {
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, JournalFormat.FrameMagic);
        for (var at = from; limit - at >= JournalFormat.FrameHeader;)
        {
            var window = Read(at, (int)Math.Min(Window, limit - at));
            var found = window.IndexOf(magic);
            if (found < 0)
            {
                // The magic may lie across two windows.
                at += Math.Max(1, window.Length - 3);
                continue;
            }
            if (TryFrame(at + found, limit, out _, out _))
            {
                return at + found;
            }
            at += found + 1;
        }
        return null;
    }

    private long LastNonZero(long from, long limit)
    {
        var last = from - 1;
        for (var at = from; at < limit;)
        {
            var window = Read(at, (int)Math.Min(Window, limit - at));
            if (window.IsEmpty)
            {
                break;
            }
            var index = window.LastIndexOfAnyExcept((byte)0);
            if (index >= 0)
            {
                last = at + index;
            }
            at += window.Length;
        }
        return last;
    }

    private ReadOnlySpan<byte> Read(long at, int count)
    {
        if (at < _windowAt || at + count > _windowAt + _windowLength)
        {
            if (_window.Length < count)
            {
                _window = new byte[count];
            }
            else if (_window.Length > 8 * Window && count <= Window)
            {
                _window = new byte[Window];
            }
            _windowAt = at;
            _windowLength = 0;
            // Never beyond the limit: those bytes may be written after this.
            var fill = (int)Math.Min(_window.Length, _limit - at);
            while (_windowLength < fill)
            {
                var read = RandomAccess.Read(_file, _window.AsSpan(_windowLength, fill - _windowLength), at + _windowLength);
                if (read == 0)
                {
                    break;
                }
                _windowLength += read;
            }
        }
        var start = (int)(at - _windowAt);
        return _window.AsSpan(start, Math.Min(count, _windowLength - start));
    }
}
