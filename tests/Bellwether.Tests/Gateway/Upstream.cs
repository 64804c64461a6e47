using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Bellwether.Tests.Gateway;

/// <summary>A provider of raw bytes: says exactly what a test scripts, and keeps exactly what it was sent.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<string> _requests = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<Connection, Task> _script;
    private readonly Task _accepting;

    public Upstream(Func<Connection, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Always the same answer.</summary>
    public static Upstream Answering(string answer) => new(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
        {
            await connection.SendAsync(answer);
        }
    });

    public static string Plain(string body, int status = 200, string headers = "") =>
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}";

    public static readonly string EventsHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Completes when a connection was broken from the other side.</summary>
    public Task Broken => _broken.Task;

    /// <summary>The next request that arrived, head and body as they were sent.</summary>
    public async Task<string> NextRequestAsync() => await _requests.Reader.ReadAsync(_stop.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public bool TryNextRequest(out string? request) => _requests.Reader.TryRead(out request);

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _script(new Connection(this, client, _stop.Token));
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                _broken.TrySetResult();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // In this order: a listener that is stopped under the loop fails otherwise when a connection comes in the same instant.
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    internal sealed class Connection(Upstream upstream, TcpClient client, CancellationToken stop)
    {
        private readonly NetworkStream _stream = client.GetStream();
        private readonly List<byte> _pending = [];

        public CancellationToken Stop => stop;

        public NetworkStream Stream => _stream;

        /// <summary>Reads one request with its body; null when the connection ended.</summary>
        public async Task<string?> ReadRequestAsync()
        {
            while (true)
            {
                var text = Encoding.UTF8.GetString(_pending.ToArray());
                var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end >= 0)
                {
                    var head = text[..(end + 4)];
                    var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } line
                        ? int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)
                        : 0;
                    var chunked = head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
                    if (chunked ? text.EndsWith("0\r\n\r\n", StringComparison.Ordinal) : _pending.Count >= Encoding.UTF8.GetByteCount(head) + length)
                    {
                        _pending.Clear();
                        upstream._requests.Writer.TryWrite(text);
                        return text;
                    }
                }
                var buffer = new byte[64 * 1024];
                var count = await _stream.ReadAsync(buffer, stop);
                if (count == 0)
                {
                    return null;
                }
                _pending.AddRange(buffer.AsSpan(0, count));
            }
        }

        public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), stop);

        public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes, stop);

        /// <summary>Waits until the other side closes or breaks the connection.</summary>
        public async Task WaitForEndAsync()
        {
            var buffer = new byte[1];
            try
            {
                while (await _stream.ReadAsync(buffer, stop) > 0)
                {
                }
            }
            finally
            {
                upstream._broken.TrySetResult();
            }
        }

        /// <summary>Breaks the connection with a reset.</summary>
        public void Reset() => client.Client.Close(0);
    }
}
