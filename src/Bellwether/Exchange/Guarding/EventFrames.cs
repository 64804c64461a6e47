using System.Buffers;

namespace Bellwether.Exchange;

/// <summary>Cuts a stream into whole server-sent events, byte for byte, wherever its chunks are cut.</summary>
internal sealed class EventFrames
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly ArrayBufferWriter<byte> _data = new();
    private int _begin;
    private int _line;

    /// <summary>Bytes that are no whole event yet.</summary>
    public int Open => _bytes.WrittenCount - _begin;

    public void Append(ReadOnlySpan<byte> chunk)
    {
        if (_begin > 0)
        {
            var rest = _bytes.WrittenSpan[_begin..].ToArray();
            _bytes.ResetWrittenCount();
            _bytes.Write(rest);
            (_line, _begin) = (_line - _begin, 0);
        }
        _bytes.Write(chunk);
    }

    /// <summary>The next event with the blank line that ends it; with <paramref name="final"/> also what is left without one.</summary>
    /// <param name="data">Where its data lies in it.</param>
    /// <param name="joined">Its data, where that is more than one line.</param>
    public bool TryNext(bool final, out ReadOnlySpan<byte> frame, out Range data, out ReadOnlySpan<byte> joined)
    {
        frame = joined = [];
        data = default;
        var bytes = _bytes.WrittenSpan;
        while (true)
        {
            var end = bytes[_line..].IndexOfAny((byte)'\n', (byte)'\r');
            var next = end < 0 ? bytes.Length : _line + end + 1;
            // After a CR the LF may still come.
            if (end < 0 || (bytes[next - 1] == '\r' && next == bytes.Length && !final))
            {
                if (!final || _begin == bytes.Length) { return false; }
                return Cut(bytes, bytes.Length, out frame, out data, out joined);
            }
            if (bytes[next - 1] == '\r' && next < bytes.Length && bytes[next] == '\n') { next++; }
            var isBlank = end == 0;
            _line = next;
            if (isBlank) { return Cut(bytes, next, out frame, out data, out joined); }
        }
    }

    private bool Cut(ReadOnlySpan<byte> bytes, int end, out ReadOnlySpan<byte> frame, out Range data, out ReadOnlySpan<byte> joined)
    {
        frame = bytes[_begin..end];
        _begin = _line = end;
        var lines = 0;
        var isOther = false;
        data = default;
        joined = [];
        _data.ResetWrittenCount();
        for (var at = 0; at < frame.Length;)
        {
            var length = frame[at..].IndexOfAny((byte)'\n', (byte)'\r');
            length = length < 0 ? frame.Length - at : length;
            var line = frame.Slice(at, length);
            if (line.StartsWith("\uFEFF"u8))
            {
                at += 3;
                continue;
            }
            isOther |= !line.IsEmpty && line[0] != ':' && !line.StartsWith("event"u8) && !line.StartsWith("id"u8) && !line.StartsWith("retry"u8);
            if (line.StartsWith("data"u8) && (line.Length == 4 || line[4] == ':'))
            {
                var skip = line.Length < 6 || line[5] != ' ' ? Math.Min(line.Length, 5) : 6;
                data = (at + skip)..(at + length);
                _data.Write(lines++ == 0 ? [] : "\n"u8);
                _data.Write(line[skip..]);
            }
            at += length + 1;
        }
        if (lines > 1) { joined = _data.WrittenSpan; }
        // No event at all, such as a plain body under the type of a stream: a text like any other.
        if (lines == 0 && isOther) { data = 0..frame.TrimEnd("\r\n"u8).Length; }
        return true;
    }
}
