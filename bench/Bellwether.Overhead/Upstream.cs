using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bellwether.Overhead;

/// <summary>
/// A provider that answers at once, on bare sockets so that it costs little on the core it shares with the driver. Plain
/// calls get a 2 KB chat completion. Streams get <c>x-tokens</c> events, <c>x-gap-ms</c> apart; each carries the monotonic
/// clock at which it was sent, so that the driver, on the same machine, can tell its one-way time.
/// </summary>
internal static class Upstream
{
    private static readonly byte[] Plain = Response("application/json", Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-bench","object":"chat.completion","created":1790000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"TEXT"},"finish_reason":"stop"}],"usage":{"prompt_tokens":412,"completion_tokens":380,"total_tokens":792,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}"""
            .Replace("TEXT", string.Concat(Enumerable.Repeat("The quick answer is that it depends on the load. ", 34)), StringComparison.Ordinal)));

    public static async Task<int> RunAsync(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(1024);
        while (true)
        {
            var client = await listener.AcceptAsync();
            client.NoDelay = true;
            _ = ServeAsync(client);
        }
    }

    private static async Task ServeAsync(Socket client)
    {
        var buffer = new byte[256 * 1024];
        var held = 0;
        try
        {
            while (true)
            {
                int headerEnd;
                while ((headerEnd = buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8)) < 0)
                {
                    var read = await client.ReceiveAsync(buffer.AsMemory(held));
                    if (read == 0)
                    {
                        return;
                    }
                    held += read;
                }
                var bodyStart = headerEnd + 4;
                var length = Header(buffer.AsSpan(0, headerEnd), "content-length"u8);
                while (held < bodyStart + length)
                {
                    var read = await client.ReceiveAsync(buffer.AsMemory(held));
                    if (read == 0)
                    {
                        return;
                    }
                    held += read;
                }
                var tokens = Header(buffer.AsSpan(0, headerEnd), "x-tokens"u8);
                var gap = Header(buffer.AsSpan(0, headerEnd), "x-gap-ms"u8);
                var wantsUsage = tokens > 0 && buffer.AsSpan(bodyStart, length).IndexOf("include_usage"u8) >= 0;
                var rest = held - bodyStart - length;
                buffer.AsSpan(bodyStart + length, rest).CopyTo(buffer);
                held = rest;
                if (tokens > 0)
                {
                    await StreamAsync(client, tokens, gap, wantsUsage);
                }
                else
                {
                    await client.SendAsync(Plain);
                }
            }
        }
        catch (SocketException)
        {
            // The gateway closed the connection: nothing to tell.
        }
        finally
        {
            client.Dispose();
        }
    }

    private static async Task StreamAsync(Socket client, int tokens, int gapMs, bool wantsUsage)
    {
        await client.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        for (var i = 0; i < tokens; i++)
        {
            if (gapMs > 0)
            {
                await Task.Delay(gapMs);
            }
            await client.SendAsync(Chunk(string.Create(CultureInfo.InvariantCulture,
                $$"""data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1790000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}],"at":{{Stopwatch.GetTimestamp():D20}}}""") + "\n\n"));
        }
        var end = new StringBuilder("data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1790000000,\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
        if (wantsUsage)
        {
            end.Append(CultureInfo.InvariantCulture, $$$"""data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1790000000,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":412,"completion_tokens":{{{tokens}}},"total_tokens":{{{412 + tokens}}}}}""").Append("\n\n");
        }
        end.Append("data: [DONE]\n\n");
        await client.SendAsync(Chunk(end.ToString()));
        await client.SendAsync("0\r\n\r\n"u8.ToArray());
    }

    private static byte[] Chunk(string text) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text.Length:x}\r\n{text}\r\n"));

    private static byte[] Response(string type, byte[] body) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n")), .. body];

    /// <summary>Value of a numeric header, 0 when it is missing. Names arrive in whatever case the gateway writes.</summary>
    private static int Header(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            var line = headers.IndexOf("\r\n"u8) is >= 0 and var end ? headers[..end] : headers;
            if (line.Length > name.Length + 1 && line[name.Length] == ':' && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                return int.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
            }
            if (line.Length == headers.Length)
            {
                return 0;
            }
            headers = headers[(line.Length + 2)..];
        }
    }
}
