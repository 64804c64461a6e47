using System.Buffers;

namespace Bellwether.Exchange;

/// <summary>
/// Cuts a stream into server-sent events by the rules of the HTML standard (https://html.spec.whatwg.org/#event-stream-interpretation),
/// wherever the chunks are cut, and hands on every byte but those of an event that is to be dropped. An event whose one data
/// line lies in one chunk, which is nearly all of them, is read in place; only what a chunk leaves unfinished is copied.
/// </summary>
internal sealed class EventFramer(AnswerCollector collector)
{
    /// <summary>An event longer than this is not read as a whole: its usage is looked for in its last bytes.</summary>
    public const int MaxEventBytes = 1024 * 1024;
    private const int TailBytes = 8 * 1024;
    // No usage chunk is that long, so such an event is not waited for.
    private const int MaxHeldBytes = 64 * 1024;

    private readonly TextBuffer _line = new();
    private readonly TextBuffer _data = new();
    private readonly TextBuffer _held = new();
    private bool _drop;
    private bool _afterReturn;
    private bool _afterReturnDropped;
    private bool _hasField;
    private bool _hasData;
    private bool _oversized;
    private bool _lineIgnored;
    private bool _released;

    // Where the data of the event lies, while it is a single line within the current chunk.
    private int _dataStart;
    private int _dataLength;

    public bool SawEvent { get; private set; }

    public void Start(bool drop)
    {
        _drop = drop;
        _afterReturn = _afterReturnDropped = SawEvent = false;
        ResetEvent();
    }

    public void Clear()
    {
        _line.Clear();
        _data.Clear();
        _held.Clear();
    }

    public void Read(ReadOnlySpan<byte> chunk, long timestamp, IBufferWriter<byte>? passOn)
    {
        var hold = _drop && passOn is not null;
        // Bytes from here on have not been passed on; and the unfinished event begins here.
        var (pass, begin, at) = (0, 0, 0);
        if (_afterReturn && chunk.Length > 0)
        {
            // CR LF, cut between the two: the LF goes the way of its CR.
            if (chunk[0] == (byte)'\n')
            {
                at = 1;
                if (_afterReturnDropped)
                {
                    pass = begin = 1;
                }
                else if (_held.Length == 0)
                {
                    begin = 1;
                }
            }
            _afterReturn = _afterReturnDropped = false;
        }
        while (true)
        {
            var rest = chunk[at..];
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                AppendLine(rest);
                break;
            }
            var next = at + end + 1;
            if (rest[end] == (byte)'\r')
            {
                if (next < chunk.Length)
                {
                    next += chunk[next] == (byte)'\n' ? 1 : 0;
                }
                else
                {
                    _afterReturn = true;
                }
            }
            if (_line.Length > 0)
            {
                AppendLine(rest[..end]);
                TakeLine(chunk, _line.Span, offset: -1);
                _line.Clear();
            }
            else if (end > 0)
            {
                TakeLine(chunk, rest[..end], at);
            }
            else
            {
                var drop = Dispatch(chunk, timestamp) && hold && !_released;
                if (drop)
                {
                    passOn!.Write(chunk[pass..begin]);
                    pass = next;
                    _afterReturnDropped = _afterReturn;
                    _held.Clear();
                }
                ResetEvent();
                begin = next;
            }
            if (hold && !_hasField)
            {
                // Comments between events, and whole events that stay, need not wait.
                Release(passOn!);
                begin = next;
            }
            at = next;
        }
        KeepData(chunk);
        if (passOn is null)
        {
            return;
        }
        if (!hold || _released)
        {
            Release(passOn);
            passOn.Write(chunk[pass..]);
            return;
        }
        if (_held.Length > 0 && pass == 0 && begin == 0)
        {
            _held.Append(chunk);
        }
        else
        {
            Release(passOn);
            passOn.Write(chunk[pass..Math.Max(pass, begin)]);
            _held.Append(chunk[Math.Max(pass, begin)..]);
        }
        if (_held.Length > MaxHeldBytes)
        {
            _released = true;
            Release(passOn);
        }
    }

    /// <summary>The answer is over: reads an event that its sender did not end with an empty line. What is held of it is to be handed on, unless it is to be dropped.</summary>
    public void Finish(long timestamp)
    {
        if (_line.Length > 0)
        {
            TakeLine(default, _line.Span, offset: -1);
            _line.Clear();
        }
        var malformed = collector.Malformed;
        var drop = _hasData && Dispatch(default, timestamp) && _drop && !_released;
        // Cut off in the middle is not malformed: that the end is missing shows elsewhere.
        collector.Malformed = malformed;
        ResetEvent();
        if (drop)
        {
            _held.Clear();
        }
    }

    /// <summary>Hands on what is held back; after <see cref="Finish"/>, since an event that is cut off belongs to the reader too.</summary>
    public void Release(IBufferWriter<byte> passOn)
    {
        if (_held.Length > 0)
        {
            passOn.Write(_held.Span);
            _held.Clear();
        }
    }

    private void AppendLine(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
        {
            return;
        }
        _line.Append(part);
        if (_line.Length > MaxEventBytes)
        {
            // Only the end is of interest from now on, and of a line that is not data nothing.
            _lineIgnored |= !_oversized && !_line.Span.StartsWith("data"u8);
            _oversized |= !_lineIgnored;
            _line.KeepLast(TailBytes);
        }
    }

    private void TakeLine(ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> line, int offset)
    {
        if (_lineIgnored)
        {
            _lineIgnored = false;
            return;
        }
        if (_oversized)
        {
            KeepData(chunk);
            _data.Append(line);
            _data.KeepLast(TailBytes);
            _hasField = _hasData = true;
            return;
        }
        if (line[0] == (byte)':')
        {
            return;
        }
        _hasField = true;
        if (!line.StartsWith("data"u8))
        {
            return;
        }
        var value = line[4..];
        if (!value.IsEmpty)
        {
            if (value[0] != (byte)':')
            {
                return;
            }
            value = value[1..];
            value = value.StartsWith(" "u8) ? value[1..] : value;
        }
        if (!_hasData && offset >= 0)
        {
            _dataStart = offset + line.Length - value.Length;
            _dataLength = value.Length;
            _hasData = true;
            return;
        }
        KeepData(chunk);
        AppendData(value);
    }

    private void AppendData(ReadOnlySpan<byte> value)
    {
        if (_hasData)
        {
            _data.Append((byte)'\n');
        }
        _hasData = true;
        _data.Append(value);
        if (_data.Length > MaxEventBytes)
        {
            _oversized = true;
            _data.KeepLast(TailBytes);
        }
    }

    private void KeepData(ReadOnlySpan<byte> chunk)
    {
        if (_dataStart >= 0)
        {
            _data.Append(chunk.Slice(_dataStart, _dataLength));
            _dataStart = -1;
        }
    }

    // True when the event is the usage chunk.
    private bool Dispatch(ReadOnlySpan<byte> chunk, long timestamp)
    {
        if (!_hasData)
        {
            return false;
        }
        SawEvent = true;
        var data = _dataStart >= 0 ? chunk.Slice(_dataStart, _dataLength) : _data.Span;
        if (_oversized)
        {
            collector.Truncated = true;
            if (!OversizedAnswer.ReadUsage(collector, data))
            {
                collector.AddDelta(timestamp);
            }
            return false;
        }
        if (data.SequenceEqual("[DONE]"u8))
        {
            collector.Terminated = true;
            return false;
        }
        return !data.IsEmpty && collector.ReadEvent(data, timestamp);
    }

    private void ResetEvent()
    {
        _data.Clear();
        _dataStart = -1;
        _hasField = _hasData = _oversized = _lineIgnored = _released = false;
    }
}
