using System.Net.Sockets;
using System.Text;

namespace Bellwether.Tests.Gateway;

/// <summary>A client of raw bytes, for what no HTTP client would send or stand.</summary>
internal static class Raw
{
    public static async Task<TcpClient> ConnectAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        return client;
    }

    /// <summary>Sends a request and reads until the server closes.</summary>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var client = await ConnectAsync(address);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        return await ReadToEndAsync(stream);
    }

    public static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        using var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all).WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (IOException)
        {
            // Broken off: what came until then is the answer.
            all.Write("<broken>"u8);
        }
        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>Reads until the text has come.</summary>
    public static async Task<string> ReadUntilAsync(NetworkStream stream, string text)
    {
        var all = new StringBuilder();
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!all.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, limit.Token);
            Assert.NotEqual(0, count);
            all.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        return all.ToString();
    }
}
