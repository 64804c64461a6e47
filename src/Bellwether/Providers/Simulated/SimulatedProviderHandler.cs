using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Bellwether.Providers;

/// <summary>The simulated provider inside the process: takes the place of a <see cref="SocketsHttpHandler"/>, byte for byte like the server mode.</summary>
public sealed class SimulatedProviderHandler(SimulatedProvider provider, TimeProvider time) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var uri = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        var reply = provider.Answer(new SimulatedRequest(
            request.Method.Method, Uri.UnescapeDataString(uri.AbsolutePath), uri.Query, body, request.Headers.Contains("anthropic-version")));

        var player = new SimulatedPlayer(reply, time, started);
        await player.WaitForHeadersAsync(cancellationToken);
        var response = new HttpResponseMessage((HttpStatusCode)reply.Status) { RequestMessage = request, Content = new StreamContent(player) };
        response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(reply.ContentType);
        response.Content.Headers.ContentLength = reply.ContentLength;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }
        return response;
    }
}

/// <summary>Plays the chunks of a reply at their times: one chunk per read, as a socket would deliver them.</summary>
internal sealed class SimulatedPlayer(SimulatedReply reply, TimeProvider time, long started) : Stream
{
    private readonly IEnumerator<SimulatedChunk> _chunks = reply.Chunks.GetEnumerator();
    private ReadOnlyMemory<byte> _rest;

    public Task WaitForHeadersAsync(CancellationToken cancellationToken) => WaitUntilAsync(reply.HeadersAt, cancellationToken);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }
        while (_rest.IsEmpty)
        {
            if (!_chunks.MoveNext())
            {
                return 0;
            }
            await WaitUntilAsync(_chunks.Current.At, cancellationToken);
            if (_chunks.Current.Reset)
            {
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The simulated provider broke the connection.", new SocketException((int)SocketError.ConnectionReset));
            }
            _rest = _chunks.Current.Bytes;
        }
        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    private Task WaitUntilAsync(TimeSpan due, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (due <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }
        var left = due - time.GetElapsedTime(started);
        return left > TimeSpan.Zero ? Task.Delay(left, time, cancellationToken) : Task.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _chunks.Dispose();
        }
        base.Dispose(disposing);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Simulated answers are read asynchronously.");

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
