using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>How an answer of the zoo is framed on the wire.</summary>
internal enum ZooFraming { Length, Chunked, Close, Raw }

/// <summary>How it ends.</summary>
internal enum ZooEnd
{
    Whole,
    /// <summary>RST in the middle.</summary>
    Reset,
    /// <summary>FIN in the middle: fewer bytes than announced, or no last chunk.</summary>
    Fin,
    /// <summary>Silence.</summary>
    Hang,
}

/// <summary>One misbehaviour of a provider, byte for byte.</summary>
/// <param name="Head">Status line and headers, without framing and without the empty line; the whole answer for <see cref="ZooFraming.Raw"/>.</param>
/// <param name="Pieces">The body in the pieces in which it is written.</param>
internal sealed record ZooAnimal(string Name, string Head, IEnumerable<byte[]> Pieces)
{
    public ZooFraming Framing { get; init; } = ZooFraming.Chunked;
    public ZooEnd End { get; init; } = ZooEnd.Whole;
    public TimeSpan HeadAfter { get; init; }
    public TimeSpan Between { get; init; }
    public bool Stream { get; init; } = true;
    /// <summary>Expected state and error type of the observation.</summary>
    public string State { get; init; } = "ok";
    public string? ErrorType { get; init; }
    /// <summary>The status that the caller gets; 0 when it is the upstream's own.</summary>
    public int Status { get; init; }
    /// <summary>The caller must see this end, too: the body breaks off for it.</summary>
    public bool Breaks => End is ZooEnd.Reset or ZooEnd.Fin;

    public override string ToString() => Name;
}

/// <summary>A provider made of raw TCP, so that it can do what no HTTP server would. The request's model names the animal.</summary>
internal sealed class ZooUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, ZooAnimal> _animals = new();
    private readonly Task _accepting;
    private int _open;
    private long _written;

    public ZooUpstream()
    {
        _listener.Start(1_024);
        _accepting = AcceptAsync();
    }

    public Uri BaseUrl => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/v1");

    /// <summary>Connections that carry a call right now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Body bytes written so far, over all connections.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Head of the last request, as it came.</summary>
    public string LastHead { get; private set; } = "";

    public void Add(ZooAnimal animal) => _animals[animal.Name] = animal;

    public async ValueTask DisposeAsync()
    {
        // In this order: a listener that is stopped under the loop fails otherwise when a connection comes in the same instant.
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
                serving.RemoveAll(task => task.IsCompleted);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        // Small, so that what the gateway does not take is not taken by the kernel either.
        socket.SendBufferSize = 64 * 1024;
        try
        {
            var buffer = new List<byte>();
            while (await ReadRequestAsync(socket, buffer) is { } body)
            {
                using var document = JsonDocument.Parse(body);
                var animal = _animals[document.RootElement.GetProperty("model").GetString()!];
                Interlocked.Increment(ref _open);
                try
                {
                    if (!await AnswerAsync(socket, animal))
                    {
                        return;
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref _open);
                }
            }
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException)
        {
            // The other side left.
        }
    }

    // True: the connection may carry another call.
    private async Task<bool> AnswerAsync(Socket socket, ZooAnimal animal)
    {
        await PauseAsync(socket, animal.HeadAfter);
        var framing = animal.Framing switch
        {
            ZooFraming.Length => $"\r\nContent-Length: {animal.Pieces.Sum(piece => (long)piece.Length).ToString(CultureInfo.InvariantCulture)}\r\n\r\n",
            ZooFraming.Chunked => "\r\nTransfer-Encoding: chunked\r\n\r\n",
            ZooFraming.Close => "\r\nConnection: close\r\n\r\n",
            ZooFraming.Raw => "",
            _ => throw new InvalidOperationException(),
        };
        await SendAsync(socket, Encoding.Latin1.GetBytes(animal.Head + framing));
        var pieces = animal.End == ZooEnd.Whole ? animal.Pieces : Half(animal.Pieces);
        foreach (var piece in pieces)
        {
            await PauseAsync(socket, animal.Between);
            if (animal.Framing == ZooFraming.Chunked)
            {
                await SendAsync(socket, Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"));
                await SendAsync(socket, piece);
                await SendAsync(socket, "\r\n"u8.ToArray());
            }
            else
            {
                await SendAsync(socket, piece);
            }
            Interlocked.Add(ref _written, piece.Length);
        }
        switch (animal.End)
        {
            case ZooEnd.Hang:
                await PauseAsync(socket, Timeout.InfiniteTimeSpan);
                return false;
            case ZooEnd.Reset:
                // What is still in the buffers would be lost with the reset, and the test wants to compare it.
                await Task.Delay(100, _stop.Token);
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
                return false;
            case ZooEnd.Fin:
                socket.Shutdown(SocketShutdown.Both);
                return false;
            case ZooEnd.Whole when animal.Framing == ZooFraming.Chunked:
                await SendAsync(socket, "0\r\n\r\n"u8.ToArray());
                return true;
            default:
                return animal.Framing == ZooFraming.Length;
        }
    }

    /// <summary>What of the body is sent when it does not end well.</summary>
    public static IEnumerable<byte[]> Half(IEnumerable<byte[]> pieces)
    {
        var all = pieces.ToArray();
        return all.Length > 1 ? all.Take(all.Length / 2) : all.Select(piece => piece[..(piece.Length / 2)]);
    }

    // Waits, and notices when the other side leaves meanwhile.
    private async Task PauseAsync(Socket socket, TimeSpan time)
    {
        if (time == TimeSpan.Zero)
        {
            return;
        }
        using var left = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var gone = socket.ReceiveAsync(new byte[1], SocketFlags.Peek, left.Token).AsTask();
        if (await Task.WhenAny(gone, Task.Delay(time, left.Token)) == gone)
        {
            throw new IOException("The caller left.");
        }
        await left.CancelAsync();
        await gone.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private async Task SendAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, _stop.Token);
        }
    }

    private async Task<byte[]?> ReadRequestAsync(Socket socket, List<byte> buffer)
    {
        var chunk = new byte[64 * 1024];
        while (true)
        {
            var head = IndexOfBlankLine(buffer);
            if (head >= 0)
            {
                var headers = Encoding.Latin1.GetString([.. buffer.Take(head)]);
                var length = int.Parse(
                    headers.Split("\r\n").First(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))["Content-Length:".Length..], CultureInfo.InvariantCulture);
                if (buffer.Count >= head + 4 + length)
                {
                    LastHead = headers;
                    var body = buffer.GetRange(head + 4, length).ToArray();
                    buffer.RemoveRange(0, head + 4 + length);
                    return body;
                }
            }
            var count = await socket.ReceiveAsync(chunk, SocketFlags.None, _stop.Token);
            if (count == 0)
            {
                return null;
            }
            buffer.AddRange(chunk.AsSpan(0, count));
        }
    }

    private static int IndexOfBlankLine(List<byte> buffer)
    {
        for (var i = 0; i + 3 < buffer.Count; i++)
        {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n')
            {
                return i;
            }
        }
        return -1;
    }
}
