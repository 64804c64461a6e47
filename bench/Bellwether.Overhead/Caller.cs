using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bellwether.Overhead;

/// <summary>One keep-alive connection of a client, on a bare socket.</summary>
internal sealed class Caller : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<Caller> ConnectAsync(int port)
    {
        var caller = new Caller();
        await caller._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return caller;
    }

    /// <summary>The bytes of a chat completion call.</summary>
    /// <param name="promptBytes">Length of the prompt.</param>
    /// <param name="tokens">0 for a plain answer; else a stream of so many tokens.</param>
    public static byte[] Request(string key, int promptBytes, int tokens, int gapMs)
    {
        const string sentence = "Please summarise the following support ticket for the on-call engineer. ";
        var prompt = string.Concat(Enumerable.Repeat(sentence, (promptBytes / sentence.Length) + 1))[..promptBytes];
        var body = "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"system\",\"content\":\"You are terse.\"},{\"role\":\"user\",\"content\":\"" + prompt + "\"}],\"temperature\":0.2"
            + (tokens > 0 ? ",\"stream\":true}" : "}");
        var headers = string.Create(CultureInfo.InvariantCulture,
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nAccept: application/json\r\nUser-Agent: OpenAI/JS 7.57.0\r\nx-bellwether-user: user-17\r\nContent-Length: {body.Length}\r\n");
        if (tokens > 0)
        {
            headers += string.Create(CultureInfo.InvariantCulture, $"x-tokens: {tokens}\r\nx-gap-ms: {gapMs}\r\n");
        }
        return Encoding.ASCII.GetBytes(headers + "\r\n" + body);
    }

    /// <summary>Makes one call and reads the whole answer. Throws when it is not a 200.</summary>
    /// <param name="oneWay">Takes the one-way time of each streamed token, in microseconds.</param>
    public async ValueTask CallAsync(ReadOnlyMemory<byte> request, Samples? oneWay = null)
    {
        await _socket.SendAsync(request);
        var held = 0;
        int headerEnd;
        while ((headerEnd = _buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8)) < 0)
        {
            held += await ReceiveAsync(held);
        }
        if (!_buffer.AsSpan(0, 12).SequenceEqual("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, held));
        }
        var length = ContentLength(_buffer.AsSpan(0, headerEnd));
        if (length >= 0)
        {
            var missing = headerEnd + 4 + length - held;
            while (missing > 0)
            {
                missing -= await ReceiveAsync(0);
            }
            return;
        }

        // Chunked: the answer ends with "0\r\n\r\n". Token events say when they were sent.
        var start = headerEnd + 4;
        Note(start, held - start, oneWay);
        while (!_buffer.AsSpan(0, held).EndsWith("\r\n0\r\n\r\n"u8))
        {
            // Keep a tail, so that the terminator is found when it is split over reads.
            var kept = Math.Min(held, 16);
            _buffer.AsSpan(held - kept, kept).CopyTo(_buffer);
            var read = await ReceiveAsync(kept);
            Note(kept, read, oneWay);
            held = kept + read;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<int> ReceiveAsync(int at)
    {
        var read = await _socket.ReceiveAsync(_buffer.AsMemory(at));
        return read > 0 ? read : throw new InvalidOperationException("The server closed the connection.");
    }

    private void Note(int from, int count, Samples? oneWay)
    {
        if (oneWay is null)
        {
            return;
        }
        var now = Stopwatch.GetTimestamp();
        var rest = _buffer.AsSpan(from, count);
        while (rest.IndexOf("\"at\":"u8) is >= 0 and var found && rest.Length >= found + 25)
        {
            var sent = long.Parse(rest.Slice(found + 5, 20), CultureInfo.InvariantCulture);
            oneWay.Add((now - sent) * 1e6 / Stopwatch.Frequency);
            rest = rest[(found + 25)..];
        }
    }

    private static int ContentLength(ReadOnlySpan<byte> headers)
    {
        var at = headers.IndexOf("ontent-Length: "u8);
        if (at < 0)
        {
            at = headers.IndexOf("ontent-length: "u8);
        }
        if (at < 0)
        {
            return -1;
        }
        var value = headers[(at + 15)..];
        return int.Parse(value.IndexOf((byte)'\r') is >= 0 and var end ? value[..end] : value, CultureInfo.InvariantCulture);
    }
}

/// <summary>Measured values; read after the measurement has ended.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = new(200_000);

    public void Add(double value)
    {
        lock (_values)
        {
            _values.Add(value);
        }
    }

    public int Count => _values.Count;

    public double Quantile(double q)
    {
        if (_values.Count == 0)
        {
            return double.NaN;
        }
        _values.Sort();
        return _values[Math.Min(_values.Count - 1, (int)(q * _values.Count))];
    }
}
