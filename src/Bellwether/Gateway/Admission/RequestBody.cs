using System.Buffers;
using System.IO.Compression;
using Bellwether.Exchange;
using Microsoft.AspNetCore.Http;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Bellwether.Gateway;

/// <summary>
/// The body of a request that is read whole. Up to the capture limit it is an array of its own, because the record keeps it
/// after the call; a larger one is rented and only its beginning is copied for the record.
/// </summary>
internal struct RequestBody
{
    private byte[]? _array;
    private bool _rented;
    private int _length;

    public readonly ReadOnlyMemory<byte> Memory => _array is null ? default : _array.AsMemory(0, _length);

    public readonly bool IsRented => _rented;

    /// <summary>Reads to the end, or says why not. Throws <see cref="BadHttpRequestException"/> for a body that is not valid HTTP.</summary>
    public static async ValueTask<(RequestBody Body, Refusal? Refusal)> ReadAsync(HttpRequest request, GatewayOptions options, CancellationToken cancellationToken)
    {
        var body = new RequestBody();
        var reader = request.BodyReader;
        if (request.ContentLength is { } declared)
        {
            if (declared > options.MaxBodyBytes)
            {
                return (body, Refusals.TooLarge(options.MaxBodyBytes));
            }
            body.Allocate((int)declared, options.CaptureInputBytes);
        }
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (body._length + buffer.Length > options.MaxBodyBytes)
            {
                reader.AdvanceTo(buffer.End);
                body.Return();
                return (default, Refusals.TooLarge(options.MaxBodyBytes));
            }
            body.Append(buffer);
            reader.AdvanceTo(buffer.End);
            if (read.IsCompleted)
            {
                return (body, null);
            }
        }
    }

    private void Allocate(int length, int captureLimit)
    {
        _rented = length > captureLimit;
        _array = _rented ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
    }

    private void Append(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return;
        }
        var needed = _length + (int)buffer.Length;
        if (_array is null || needed > _array.Length)
        {
            // Chunked: the length is not known before the end.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _length));
            Memory.CopyTo(larger);
            Return();
            _array = larger;
            _rented = true;
        }
        buffer.CopyTo(_array.AsSpan(_length));
        _length = needed;
    }

    /// <summary>Gives a rented array back. Only once nothing reads it any more.</summary>
    public void Return()
    {
        if (_rented && _array is not null)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }
        _array = null;
        _rented = false;
    }

    /// <summary>What the record keeps: the array itself where it is ours alone, else a copy of its beginning.</summary>
    public static ReadOnlyMemory<byte> Captured(ReadOnlyMemory<byte> body, bool rented, int limit) =>
        !rented && body.Length <= limit ? body : body[..Math.Min(body.Length, limit)].ToArray();

    /// <summary>
    /// A decoded copy of a compressed body, to be scanned; the bytes that are forwarded stay as they came. Null with a refusal
    /// for an encoding that is not known, for one that does not decode, and for a bomb.
    /// </summary>
    public static (ReadOnlyMemory<byte> Decoded, Refusal? Refusal) Decode(ReadOnlyMemory<byte> body, string encoding, int limit)
    {
        // Providers would not know zstd, and a body that no guard changes goes on as it came.
        if (encoding.Trim().Equals("zstd", StringComparison.OrdinalIgnoreCase) || !Decoding.TryOpen(encoding, body, out var stream))
        {
            return (default, Refusals.Encoding);
        }
        // 100:1 is far beyond what JSON of people reaches, and far below what a bomb does.
        var most = (int)Math.Min(limit, Math.Max(64 * 1024L, body.Length * 100L));
        using (stream)
        {
            try
            {
                return Decoding.TryReadAll(stream, most, out var decoded)
                    ? (decoded, null)
                    : (default, Refusals.TooLarge(most));
            }
            catch (Exception error) when (error is IOException || Decoding.IsBroken(error))
            {
                return (default, Refusals.BadRequest("invalid_content_encoding", $"The body is not valid {encoding}."));
            }
        }
    }
}

/// <summary>Reading what was compressed, within bounds.</summary>
internal static class Decoding
{
    /// <summary>RFC 9659: a window of at most 8 MB for what comes over HTTP.</summary>
    private const int ZstdWindowLog = 23;

    public static bool TryOpen(string encoding, ReadOnlyMemory<byte> bytes, out Stream stream)
    {
        Stream source = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
        return TryOpen(encoding, source, out stream);
    }

    /// <summary>True when <see cref="TryOpen(string, Stream, out Stream)"/> can open it.</summary>
    public static bool Knows(string encoding) => Opener(encoding) is not null;

    /// <summary>What a failed reading of such a stream throws beside <see cref="IOException"/>.</summary>
    public static bool IsBroken(Exception error) => error is InvalidDataException or InvalidOperationException or ZstdException;

    /// <summary>Gives what was sent piece by piece piece by piece.</summary>
    public static bool TryOpen(string encoding, Stream source, out Stream stream)
    {
        var opener = Opener(encoding);
        stream = opener?.Invoke(source) ?? Stream.Null;
        return opener is not null;
    }

    // Stacked encodings ("gzip, gzip") have none.
    private static Func<Stream, Stream>? Opener(string encoding) => encoding.Trim().ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => static source => new GZipStream(source, CompressionMode.Decompress),
        "deflate" => static source => new ZLibStream(source, CompressionMode.Decompress),
        "br" => static source => new BrotliStream(source, CompressionMode.Decompress),
        "zstd" => static source =>
        {
            var zstd = new DecompressionStream(source, leaveOpen: false);
            zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
            return zstd;
        },
        _ => null,
    };

    /// <summary>False when there is more than <paramref name="limit"/>.</summary>
    public static bool TryReadAll(Stream stream, int limit, out ReadOnlyMemory<byte> bytes)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        while (true)
        {
            var count = stream.Read(buffer.GetSpan(16 * 1024));
            if (count == 0)
            {
                bytes = buffer.WrittenMemory;
                return true;
            }
            buffer.Advance(count);
            if (buffer.WrittenCount > limit)
            {
                bytes = default;
                return false;
            }
        }
    }
}
