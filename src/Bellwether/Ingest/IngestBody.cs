using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Bellwether.Ingest;

/// <summary>
/// The body of an ingest request, read whole and decoded (identity, gzip, deflate, zstd). Its memory is rented: nothing that is
/// kept may point into it, and <see cref="Dispose"/> gives it back. The size is bounded before and after decoding, so that one
/// request never holds more than twice the limit.
/// </summary>
internal sealed class IngestBody : IDisposable
{
    private const int FirstBytes = 16 * 1024;
    // Frames that ask for a window beyond 32 MB are not made by any client's default level; the window is memory too.
    private const int ZstdWindowLog = 25;

    private byte[] _array = [];
    private int _length;

    private IngestBody() { }

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, _length);

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, _length);

    /// <returns>The body, or why it was not read. Throws <see cref="BadHttpRequestException"/> for a body that is not valid HTTP.</returns>
    public static async ValueTask<(IngestBody? Body, BodyRefusal? Refusal)> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        // Kestrel's own limit of 30 MB would end in its words and not in ours.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
        if (request.ContentLength > limit)
        {
            return (null, BodyRefusal.TooLarge(limit));
        }
        var body = new IngestBody();
        try
        {
            if (!await body.FillAsync(request.BodyReader, request.ContentLength ?? FirstBytes, limit, cancellationToken))
            {
                body.Dispose();
                return (null, BodyRefusal.TooLarge(limit));
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
        var encoding = request.Headers.ContentEncoding.ToString().Trim();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase) || body._length == 0)
        {
            return (body, null);
        }
        using (body)
        {
            return Decode(body.Memory, encoding, limit);
        }
    }

    /// <summary>A decoded copy of <paramref name="bytes"/>, of which at most <paramref name="limit"/> bytes are made.</summary>
    public static (IngestBody? Body, BodyRefusal? Refusal) Decode(ReadOnlyMemory<byte> bytes, string encoding, int limit)
    {
        try
        {
            using var stream = Open(encoding, bytes);
            if (stream is null)
            {
                return (null, BodyRefusal.UnknownEncoding);
            }
            var decoded = new IngestBody();
            try
            {
                if (decoded.Fill(stream, bytes.Length, limit))
                {
                    return (decoded, null);
                }
            }
            catch
            {
                decoded.Dispose();
                throw;
            }
            decoded.Dispose();
            return (null, BodyRefusal.TooLarge(limit));
        }
        catch (Exception error) when (error is InvalidDataException or IOException or InvalidOperationException or ZstdException)
        {
            return (null, BodyRefusal.NotDecodable);
        }
    }

    public void Dispose()
    {
        var array = _array;
        _array = [];
        _length = 0;
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private static Stream? Open(string encoding, ReadOnlyMemory<byte> bytes)
    {
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment);
        var source = new MemoryStream(segment.Array ?? [], segment.Offset, segment.Count, writable: false);
        switch (encoding.Trim().ToLowerInvariant())
        {
            case "gzip" or "x-gzip":
                return new GZipStream(source, CompressionMode.Decompress);
            case "deflate":
                // HTTP means zlib by it; some clients leave the two bytes of header out.
                var span = bytes.Span;
                return span.Length > 1 && (span[0] & 0x0f) == 8 && ((span[0] << 8) | span[1]) % 31 == 0
                    ? new ZLibStream(source, CompressionMode.Decompress)
                    : new DeflateStream(source, CompressionMode.Decompress);
            case "zstd":
                var zstd = new DecompressionStream(source);
                zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
                return zstd;
            default:
                return null;
        }
    }

    private async ValueTask<bool> FillAsync(System.IO.Pipelines.PipeReader reader, long expected, int limit, CancellationToken cancellationToken)
    {
        Reserve((int)Math.Min(expected, limit), limit);
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (_length + buffer.Length > limit)
            {
                reader.AdvanceTo(buffer.End);
                return false;
            }
            Reserve((int)buffer.Length, limit);
            buffer.CopyTo(_array.AsSpan(_length));
            _length += (int)buffer.Length;
            reader.AdvanceTo(buffer.End);
            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    private bool Fill(Stream stream, int encodedLength, int limit)
    {
        // Texts shrink to a fourth or so: one buffer is mostly enough.
        Reserve((int)Math.Min(limit, Math.Max(FirstBytes, 4L * encodedLength)), limit);
        while (true)
        {
            if (_length == _array.Length)
            {
                if (_length >= limit)
                {
                    // Full: no larger array is needed to see whether there is more.
                    return stream.ReadByte() < 0;
                }
                Reserve(1, limit);
            }
            var count = stream.Read(_array, _length, _array.Length - _length);
            if (count == 0)
            {
                return true;
            }
            _length += count;
            if (_length > limit)
            {
                return false;
            }
        }
    }

    private void Reserve(int more, int limit)
    {
        if (_length + more <= _array.Length)
        {
            return;
        }
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + more, (int)Math.Min(2L * _length, limit)));
        Span.CopyTo(larger);
        var length = _length;
        Dispose();
        _array = larger;
        _length = length;
    }
}

/// <summary>Why a body was not read: an HTTP status and a sentence for the sender.</summary>
internal sealed record BodyRefusal(int Status, string Reason, string Message)
{
    public static readonly BodyRefusal UnknownEncoding =
        new(StatusCodes.Status415UnsupportedMediaType, "encoding", "The Content-Encoding is not known; identity, gzip, deflate and zstd are.");

    public static readonly BodyRefusal NotDecodable =
        new(StatusCodes.Status400BadRequest, "not_decodable", "The body is not what its Content-Encoding says.");

    /// <summary>As too large, and for the same reason: an answer or a row for each is memory too.</summary>
    public static BodyRefusal TooMany(string field, int most) =>
        new(StatusCodes.Status413PayloadTooLarge, "too_many", $"{field}: may have at most {most} items and 4000000 values in them; send them in several requests.");

    // Without Retry-After: the same body would come again and again.
    public static BodyRefusal TooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, "too_large", $"The body may have at most {limit} bytes, also after decompression.");
}
