using System.Buffers;

namespace Bellwether.Exchange;

/// <summary>
/// Cuts Gemini's other stream form, a JSON array that grows (<c>[{…},\r\n{…}]</c>, without <c>alt=sse</c>), into its elements as they come.
/// </summary>
internal sealed class ArrayFramer(AnswerCollector collector)
{
    private const int TailBytes = 8 * 1024;
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    private readonly TextBuffer _element = new();
    private int _depth;
    private bool _inString;
    private bool _escape;
    private bool _oversized;

    public void Start()
    {
        _depth = 0;
        _inString = _escape = _oversized = false;
    }

    public void Clear() => _element.Clear();

    public void Read(ReadOnlySpan<byte> chunk, long timestamp)
    {
        // Where the element begins within this chunk; the part before it is in the buffer.
        var begin = _depth > 1 ? 0 : -1;
        for (var at = 0; at < chunk.Length; at++)
        {
            if (_escape)
            {
                _escape = false;
                continue;
            }
            var found = _inString ? chunk[at..].IndexOfAny((byte)'"', (byte)'\\') : chunk[at..].IndexOfAny(Structure);
            if (found < 0)
            {
                break;
            }
            at += found;
            switch (chunk[at])
            {
                case (byte)'\\': _escape = true; break;
                case (byte)'"': _inString = !_inString; break;
                case (byte)'{' or (byte)'[':
                    if (++_depth == 2)
                    {
                        begin = at;
                    }
                    break;
                default:
                    if (--_depth == 1 && begin >= 0)
                    {
                        Take(chunk[begin..(at + 1)], timestamp);
                        begin = -1;
                    }
                    break;
            }
        }
        if (begin >= 0)
        {
            Append(chunk[begin..]);
        }
    }

    private void Take(ReadOnlySpan<byte> end, long timestamp)
    {
        if (_element.Length > 0)
        {
            Append(end);
            end = _element.Span;
        }
        if (_oversized)
        {
            collector.Truncated = true;
            OversizedAnswer.ReadUsage(collector, end);
            collector.AddDelta(timestamp);
        }
        else
        {
            collector.ReadEvent(end, timestamp);
        }
        _element.Clear();
        _oversized = false;
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        _element.Append(part);
        if (_element.Length > EventFramer.MaxEventBytes)
        {
            _oversized = true;
            _element.KeepLast(TailBytes);
        }
    }
}
