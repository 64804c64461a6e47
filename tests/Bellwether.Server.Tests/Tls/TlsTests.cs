using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>Providers are reached over TLS: HTTP/2 where it is offered, WebSockets over HTTP/1.1, and only with a certificate that is trusted.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly TestAuthority _trusted = new();
    private readonly TestAuthority _stranger = new();
    private readonly string _roots = Path.GetTempFileName();
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler());
    private TlsUpstream _upstream = null!;
    private TlsUpstream _impostor = null!;
    private BellwetherProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await TlsUpstream.StartAsync(_trusted);
        _impostor = await TlsUpstream.StartAsync(_stranger);
        await File.WriteAllTextAsync(_roots, _trusted.Pem);
        _server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
        {
            // How an operator makes a private authority known: docs/operations.md.
            ["SSL_CERT_FILE"] = _roots,
            ["Bellwether__Providers__tls__Kind"] = "openai",
            ["Bellwether__Providers__tls__BaseUrl"] = Secure(_upstream),
            ["Bellwether__Providers__tls__ApiKey"] = "sk-tls",
            ["Bellwether__Providers__tls__Models__0"] = "*",
            ["Bellwether__Providers__impostor__Kind"] = "openai",
            ["Bellwether__Providers__impostor__BaseUrl"] = Secure(_impostor),
            ["Bellwether__Providers__impostor__ApiKey"] = "sk-impostor",
            ["Bellwether__Providers__impostor__Models__0"] = "impostor",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
        await _impostor.DisposeAsync();
        _client.Dispose();
        _trusted.Dispose();
        _stranger.Dispose();
        File.Delete(_roots);
    }

    [Fact]
    public async Task A_provider_that_speaks_HTTP_2_is_spoken_to_in_HTTP_2()
    {
        using var response = await AskAsync("plain", stream: false);
        Assert.Equal(TlsUpstream.Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("HTTP/2 /v1/chat/completions", Assert.Single(_upstream.Seen));
        var stored = await _server.TheObservationAsync("user=plain");
        Assert.Equal("ok", stored.GetProperty("state").GetString());
        Assert.Equal(2, stored.GetProperty("usage").GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public async Task A_stream_over_HTTP_2_reaches_the_caller_event_by_event()
    {
        using var response = await AskAsync("held", stream: true);
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[TlsUpstream.First.Length];
        // The provider holds the rest back until the first event has arrived here.
        await body.ReadExactlyAsync(first);
        Assert.Equal(TlsUpstream.First, Encoding.UTF8.GetString(first));
        _upstream.GoOn();
        using var rest = new StreamReader(body);
        Assert.Equal(TlsUpstream.Rest, await rest.ReadToEndAsync());
        Assert.All(_upstream.Seen, seen => Assert.StartsWith("HTTP/2 ", seen, StringComparison.Ordinal));
        Assert.Equal("ok", (await _server.TheObservationAsync("user=held")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_stream_that_is_reset_over_HTTP_2_breaks_off_for_the_caller_and_the_connection_lives_on()
    {
        using (var response = await AskAsync("reset", stream: true))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            var first = new byte[TlsUpstream.First.Length];
            await body.ReadExactlyAsync(first);
            Assert.Equal(TlsUpstream.First, Encoding.UTF8.GetString(first));
            _upstream.GoOn();
            await Assert.ThrowsAnyAsync<IOException>(async () => await body.ReadExactlyAsync(first));
        }
        using var next = await AskAsync("plain", stream: false);
        Assert.Equal(TlsUpstream.Answer, await next.Content.ReadAsStringAsync());
        Assert.Single(_upstream.Connections);
        var stored = await _server.TheObservationAsync("user=reset");
        Assert.Equal("provider_error", stored.GetProperty("state").GetString());
        Assert.Empty(_server.Errors);
    }

    [Fact]
    public async Task More_streams_than_one_HTTP_2_connection_carries_run_at_the_same_time()
    {
        // Kestrel allows 100 streams on a connection; all of these are answered only once all are there.
        const int Streams = 250;
        _upstream.CrowdSize = Streams;
        var answers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(async _ =>
        {
            using var response = await AskAsync("crowd", stream: true);
            return await response.Content.ReadAsStringAsync();
        }));
        Assert.All(answers, answer => Assert.Equal(TlsUpstream.First + TlsUpstream.Rest, answer));
        Assert.InRange(_upstream.Connections.Count, 3, 50);
        Assert.All(_upstream.Seen, seen => Assert.StartsWith("HTTP/2 ", seen, StringComparison.Ordinal));
        Assert.Equal(Streams, (await _server.ObservationsAsync("user=crowd&state=ok", Streams)).Count);
    }

    [Fact]
    public async Task A_websocket_passes_to_a_provider_behind_TLS()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + BellwetherProcess.ApiKey);
        socket.Options.SetRequestHeader("x-bellwether-user", "socket");
        socket.Options.AddSubProtocol("realtime");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_server.Address.Port.ToString(CultureInfo.InvariantCulture)}/v1/realtime?model=gpt-realtime"), limit.Token);
        Assert.Equal("realtime", socket.SubProtocol);
        foreach (var size in (int[])[1, 125, 126, 4_000, 60_000])
        {
            var sent = Enumerable.Range(0, size).Select(i => (byte)i).ToArray();
            await socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
            using var all = new MemoryStream();
            var buffer = new byte[16 * 1024];
            ValueWebSocketReceiveResult received;
            do
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
                all.Write(buffer, 0, received.Count);
            }
            while (!received.EndOfMessage || all.Length < size);
            Assert.Equal(sent, all.ToArray());
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", limit.Token);
        Assert.Equal("bye", socket.CloseStatusDescription);

        Assert.Equal("HTTP/1.1 /v1/realtime", Assert.Single(_upstream.Seen));
        var stored = await _server.TheObservationAsync("user=socket");
        Assert.Equal("ok", stored.GetProperty("state").GetString());
        Assert.Equal(101, stored.GetProperty("http_status").GetInt32());
        Assert.Empty(_server.Errors);
    }

    [Fact]
    public async Task A_provider_whose_certificate_nobody_vouches_for_is_not_spoken_to()
    {
        using var response = await AskAsync("impostor", stream: false);
        Assert.Equal(502, (int)response.StatusCode);
        Assert.Contains("tls_failed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_impostor.Seen);
        Assert.Equal("provider_error", (await _server.TheObservationAsync("user=impostor")).GetProperty("state").GetString());
    }

    private async Task<HttpResponseMessage> AskAsync(string model, bool stream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Address, "/v1/chat/completions"))
        {
            Content = new StringContent(
                $$"""{"model":"{{model}}","user":"{{model}}","stream":{{(stream ? "true" : "false")}},"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", BellwetherProcess.ApiKey);
        return await _client.SendAsync(request, default);
    }

    // By name, so that the name is checked too.
    private static string Secure(TlsUpstream upstream) => $"https://localhost:{upstream.Address.Port.ToString(CultureInfo.InvariantCulture)}/v1";
}
