using System.Buffers;
using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>The copy of an answer that is read while the answer passes. Opaque answers are not read; compressed ones at their end, within bounds.</summary>
internal sealed class AnswerTee : IDisposable
{
    private const int MostEncoded = 1024 * 1024;
    private const int MostDecoded = 8 * 1024 * 1024;

    private readonly AnswerReader? _reader;
    private readonly GatewayMeters _meters;
    private readonly string _encoding;
    private ArrayBufferWriter<byte>? _encoded;
    private bool _tooLarge;
    private long _lastTimestamp;
    private uint _tail;

    public AnswerTee(CallSession session, bool events, bool drop, string encoding, int captureLimit, GatewayMeters meters)
    {
        IsEvents = events;
        _meters = meters;
        _encoding = IsIdentity(encoding) ? "" : encoding;
        if (session.Route.IsOpaque)
        {
            return;
        }
        Drops = drop && _encoding.Length == 0;
        // Gemini streams an array where nobody asked for events; its type is that of any JSON.
        _reader = events || (session.Call.Stream && session.Call.Dialect == Dialect.GeminiGenerate)
            ? AnswerReader.Stream(session.Call.Dialect, Drops, captureLimit)
            : AnswerReader.Json(session.Call.Dialect, captureLimit);
        session.Reader = _reader;
        if (_encoding.Length > 0)
        {
            _encoded = new ArrayBufferWriter<byte>(4 * 1024);
        }
    }

    /// <summary>True for an encoding that changes nothing.</summary>
    public static bool IsIdentity(string encoding) => encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    public bool IsEvents { get; }

    /// <summary>True when bytes are taken out of the answer, so that only this tee may write it.</summary>
    public bool Drops { get; }

    /// <summary>True when what passed was understood.</summary>
    public bool IsRead => _reader is not null && (_encoding.Length == 0 || _encoded is not null);

    /// <summary>True when text can be added to what was sent.</summary>
    public bool IsPlainText => _encoding.Length == 0;

    /// <summary>True when the last bytes were the blank line that ends an event, or nothing was sent yet.</summary>
    public bool IsBetweenEvents => IsEvents && (_tail == 0 || (_tail & 0xffff) is 0x0a0a or 0x0d0d || _tail == 0x0d0a0d0a);

    /// <summary>Takes a chunk. True: with it the answer says that it is over.</summary>
    public bool Take(ReadOnlyMemory<byte> chunk, long timestamp, IBufferWriter<byte> writer)
    {
        _lastTimestamp = timestamp;
        if (IsEvents)
        {
            foreach (var last in chunk.Span[^Math.Min(4, chunk.Length)..])
            {
                _tail = (_tail << 8) | last;
            }
        }
        if (_reader is null)
        {
            return false;
        }
        if (_encoding.Length > 0)
        {
            Collect(chunk.Span);
            return false;
        }
        return _reader.Read(chunk.Span, timestamp, Drops ? writer : null).Terminal;
    }

    /// <summary>Writes what was held back, at the end of the answer.</summary>
    public void FlushHeld(IBufferWriter<byte> writer)
    {
        if (Drops)
        {
            _reader?.FlushHeld(writer);
        }
    }

    /// <summary>Ends the reading. Once.</summary>
    public AnswerFacts Complete()
    {
        if (_reader is null)
        {
            return AnswerFacts.None;
        }
        if (_encoding.Length > 0)
        {
            ReadEncoded();
        }
        return _reader.Complete();
    }

    private void Collect(ReadOnlySpan<byte> chunk)
    {
        if (_tooLarge || _encoded is null)
        {
            return;
        }
        if (_encoded.WrittenCount + chunk.Length > MostEncoded)
        {
            _tooLarge = true;
            _encoded = null;
            return;
        }
        _encoded.Write(chunk);
    }

    // A provider that compresses although it was asked not to: the bytes went through as they came, this is only for the record.
    private void ReadEncoded()
    {
        var read = false;
        if (_encoded is { } encoded && Decoding.TryOpen(_encoding, encoded.WrittenMemory, out var stream))
        {
            using (stream)
            {
                try
                {
                    if (Decoding.TryReadAll(stream, MostDecoded, out var decoded))
                    {
                        _reader!.Read(decoded.Span, _lastTimestamp, passOn: null);
                        read = true;
                    }
                }
                catch (Exception error) when (error is IOException || Decoding.IsBroken(error))
                {
                    // Not what it claimed to be; the caller has the bytes all the same.
                }
            }
        }
        if (!read)
        {
            _encoded = null;
            _meters.UnreadAnswer();
        }
    }

    /// <summary>The reader itself is given back with the session.</summary>
    public void Dispose() => _encoded = null;
}
