using System.Buffers;
using System.Net;
using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>A request body in memory on its way to the provider, with at most one edit.</summary>
internal sealed class BodyContent : HttpContent
{
    private int _started;
    private int _finished;

    public ReadOnlyMemory<byte> Body { get; set; }
    public BodySplice? Splice { get; set; }

    /// <summary>True when the transport holds no part of the body any more, so that its array may be used again.</summary>
    public bool IsReleased => Volatile.Read(ref _started) == Volatile.Read(ref _finished);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Again for a second connection, when the first one turned out to be closed.
        Interlocked.Increment(ref _started);
        try
        {
            if (Splice is { } splice)
            {
                await stream.WriteAsync(Body[..splice.Offset], cancellationToken);
                await stream.WriteAsync(splice.Bytes, cancellationToken);
                await stream.WriteAsync(Body[(splice.Offset + splice.Length)..], cancellationToken);
            }
            else
            {
                await stream.WriteAsync(Body, cancellationToken);
            }
        }
        finally
        {
            Interlocked.Increment(ref _finished);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = Body.Length + (Splice is { } splice ? splice.Bytes.Length - splice.Length : 0);
        return true;
    }
}

/// <summary>A request body that is passed through without being kept: files, audio, whatever a blind route carries.</summary>
internal sealed class PassThroughContent(Stream source, long? length) : HttpContent
{
    private long _bytes;

    /// <summary>Bytes passed on so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>What went wrong with the caller's body, as opposed to the provider's connection.</summary>
    public Exception? SourceError { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (true)
            {
                int count;
                try
                {
                    count = await source.ReadAsync(buffer, cancellationToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    SourceError = error;
                    throw;
                }
                if (count == 0)
                {
                    return;
                }
                Volatile.Write(ref _bytes, _bytes + count);
                await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }
}
