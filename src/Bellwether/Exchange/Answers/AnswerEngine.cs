using System.Buffers;
using System.Collections.Concurrent;

namespace Bellwether.Exchange;

/// <summary>The pooled inside of an <see cref="AnswerReader"/>: finds out what form the answer has and lets the framer for it read.</summary>
internal sealed class AnswerEngine
{
    private const int PoolSize = 256;
    private const int MaxBodyBytes = 4 * 1024 * 1024;
    private const int TailBytes = 8 * 1024;

    private static readonly ConcurrentQueue<AnswerEngine> Pool = new();

    private readonly AnswerCollector _collector = new();
    private readonly EventFramer _events;
    private readonly ArrayFramer _array;
    private readonly TextBuffer _body = new();
    private readonly TextBuffer _tail = new();
    private Form _form;
    private bool _stream;
    private bool _drop;
    private bool _finished;
    private int _captureLimit;
    private int _bodyLimit;
    private int _mark;
    private long _lastTimestamp;

    private AnswerEngine()
    {
        _events = new EventFramer(_collector);
        _array = new ArrayFramer(_collector);
    }

    private enum Form { Unknown, Events, Array, Body }

    public static AnswerEngine Rent(Dialect dialect, bool stream, bool dropUsage, int captureLimit)
    {
        var engine = Pool.TryDequeue(out var pooled) ? pooled : new AnswerEngine();
        engine._collector.Start(dialect, captureLimit);
        engine._events.Start(dropUsage);
        engine._array.Start();
        engine._form = stream ? Form.Unknown : Form.Body;
        (engine._stream, engine._drop, engine._finished) = (stream, dropUsage, false);
        engine._captureLimit = captureLimit;
        engine._bodyLimit = Math.Max(captureLimit, MaxBodyBytes);
        engine._mark = 0;
        engine._lastTimestamp = 0;
        return engine;
    }

    public ChunkVerdict Read(ReadOnlySpan<byte> chunk, long timestamp, IBufferWriter<byte>? passOn)
    {
        _lastTimestamp = timestamp;
        var hadDelta = _collector.HasDelta;
        var rest = chunk;
        if (_form == Form.Unknown)
        {
            rest = Recognise(chunk);
            passOn?.Write(chunk[..(chunk.Length - rest.Length)]);
        }
        switch (_form)
        {
            case Form.Events:
                _events.Read(rest, timestamp, passOn);
                break;
            case Form.Array:
                _array.Read(rest, timestamp);
                AppendBody(rest);
                passOn?.Write(rest);
                break;
            case Form.Body:
                AppendBody(rest);
                passOn?.Write(rest);
                break;
        }
        return new ChunkVerdict
        {
            Terminal = _collector.Terminated,
            FirstDelta = !hadDelta && _collector.HasDelta,
            Error = _collector.IsError,
        };
    }

    public void FlushHeld(IBufferWriter<byte> passOn)
    {
        Finish();
        _events.Release(passOn);
    }

    public AnswerFacts Complete()
    {
        Finish();
        return _form switch
        {
            Form.Events => CompleteEvents(),
            Form.Array when !_collector.HasDelta && _collector.FinishReason.Length == 0 => CompleteBody(),
            Form.Array => CompleteEvents(),
            _ => CompleteBody(),
        };
    }

    public void Return()
    {
        _collector.Clear();
        _events.Clear();
        _array.Clear();
        _body.Clear();
        _tail.Clear();
        if (Pool.Count < PoolSize)
        {
            Pool.Enqueue(this);
        }
    }

    // What begins with a bracket is JSON, whatever was asked for; a field name or a comment begins a stream of events.
    private ReadOnlySpan<byte> Recognise(ReadOnlySpan<byte> chunk)
    {
        var mark = "\uFEFF"u8;
        for (var i = 0; i < chunk.Length; i++)
        {
            var value = chunk[i];
            if (_mark < mark.Length && value == mark[_mark])
            {
                _mark++;
            }
            else if (value is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t')
            {
                _mark = mark.Length;
            }
            else
            {
                _form = value switch
                {
                    (byte)'[' when _collector.Dialect is Dialect.GeminiGenerate => Form.Array,
                    (byte)'d' or (byte)'e' or (byte)'i' or (byte)'r' or (byte)':' => Form.Events,
                    _ => Form.Body,
                };
                return chunk[i..];
            }
        }
        return [];
    }

    private void Finish()
    {
        if (!_finished)
        {
            _finished = true;
            _events.Finish(_lastTimestamp);
        }
    }

    private void AppendBody(ReadOnlySpan<byte> chunk)
    {
        var room = _bodyLimit - _body.Length;
        if (chunk.Length <= room)
        {
            _body.Append(chunk);
            return;
        }
        _body.Append(chunk[..room]);
        _tail.Append(chunk[room..]);
        if (_tail.Length > 4 * TailBytes)
        {
            _tail.KeepLast(TailBytes);
        }
    }

    private AnswerFacts CompleteEvents()
    {
        if (_form == Form.Events && !_events.SawEvent && _collector is { IsError: false, Terminated: false })
        {
            // Bytes, but not one event: a page of HTML, a plain text.
            _collector.Malformed = true;
        }
        return _collector.Facts(_collector.Assemble(_body), assembled: true, isWhole: false);
    }

    private AnswerFacts CompleteBody()
    {
        var body = _body.Span;
        var trimmed = TrimStart(body);
        if (trimmed.StartsWith("data:"u8) || trimmed.StartsWith("event:"u8) || trimmed.StartsWith(": "u8))
        {
            // Events to a request that asked for none.
            _events.Start(drop: false);
            _events.Read(trimmed, _lastTimestamp, null);
            _events.Finish(_lastTimestamp);
            return CompleteEvents();
        }
        _collector.IsPlainBody = true;
        var whole = _tail.Length == 0 && _collector.TryReadObject(Unwrap(trimmed));
        if (!whole && _tail.Length > 0)
        {
            _collector.Truncated = true;
            whole = OversizedAnswer.ReadUsage(_collector, _tail.Span);
        }
        else if (!whole)
        {
            _collector.Malformed = trimmed.Length > 0;
        }
        _collector.Truncated |= body.Length > _captureLimit;
        return _collector.Facts(body[..Math.Min(body.Length, _captureLimit)].ToArray(), assembled: false, isWhole: whole && !_collector.IsError);
    }

    private static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> body) =>
        (body.StartsWith("\uFEFF"u8) ? body[3..] : body).TrimStart(" \t\r\n"u8);

    // Gemini's stream form of an error is an array with one object: [{"error":{…}}].
    private ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> body)
    {
        var end = body.TrimEnd(" \t\r\n"u8);
        return _collector.Dialect == Dialect.GeminiGenerate && end.StartsWith("["u8) && end.EndsWith("]"u8) ? end[1..^1] : body;
    }
}
