using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>A server whose only provider is the zoo, with short time limits.</summary>
public sealed class ZooServer : IAsyncLifetime
{
    internal ZooUpstream Zoo { get; } = new();
    internal BellwetherProcess Process { get; private set; } = null!;

    /// <summary>Passes bodies on as they are on the wire: nothing is decompressed, no redirect followed.</summary>
    internal HttpMessageInvoker Client { get; } = new(new SocketsHttpHandler
    {
        AutomaticDecompression = DecompressionMethods.None,
        AllowAutoRedirect = false,
        MaxResponseHeadersLength = 128,
    });

    public async ValueTask InitializeAsync()
    {
        foreach (var animal in ZooAnimals.All)
        {
            Zoo.Add(animal);
        }
        Process = await BellwetherProcess.StartAsync(new Dictionary<string, string>
        {
            ["Bellwether__Providers__zoo__Kind"] = "openai",
            ["Bellwether__Providers__zoo__BaseUrl"] = Zoo.BaseUrl.ToString(),
            ["Bellwether__Providers__zoo__ApiKey"] = "sk-zoo",
            ["Bellwether__Providers__zoo__FirstByteTimeout"] = "00:00:06",
            ["Bellwether__Providers__zoo__IdleTimeout"] = "00:00:03",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Zoo.DisposeAsync();
        Client.Dispose();
    }

    internal HttpRequestMessage Ask(string model, bool stream, string user) => Post(
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"stream_options":{"include_usage":true},"user":"{{user}}","messages":[{"role":"user","content":"hi"}]}"""
            .Replace(stream ? "\u0000" : "\"stream_options\":{\"include_usage\":true},", "", StringComparison.Ordinal));

    internal HttpRequestMessage Post(string body) => Post(Encoding.UTF8.GetBytes(body));

    internal HttpRequestMessage Post(byte[] body) => new(HttpMethod.Post, new Uri(Process.Address, "/v1/chat/completions"))
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey) },
    };

    /// <summary>Reads to the end, or to where it breaks.</summary>
    internal static async Task<(byte[] Bytes, bool Broke)> ReadAsync(HttpResponseMessage response)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            while (await body.ReadAsync(buffer) is > 0 and var count)
            {
                all.Write(buffer, 0, count);
            }
            return (all.ToArray(), false);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return (all.ToArray(), true);
        }
    }
}
