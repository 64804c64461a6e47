using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Recipe R6: bodies made to hurt. Each gets a clear error of the endpoint's dialect, never a 500, and the server goes on.</summary>
public sealed class HostileBodyTests(SimulatedServer server)
{
    private static readonly HttpMessageInvoker s_client = new(new SocketsHttpHandler());

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{\"model\":\"gpt-4o\"")]
    [InlineData("{\"model\":\"gpt-4o\",\"model\":\"gpt-4o-mini\",\"messages\":[]}")]
    [InlineData("{\"model\":\"gpt-4o\",\"messages\":[],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")]
    [InlineData("{\"model\":7,\"messages\":[]}")]
    [InlineData("{\"model\":\"gpt-4o\",\"stream\":\"yes\",\"messages\":[]}")]
    public async Task A_body_that_is_wrong_gets_a_400_in_the_dialect(string body)
    {
        var (status, text) = await PostAsync("/v1/chat/completions", Encoding.UTF8.GetBytes(body));
        Assert.Equal(400, status);
        Assert.NotEmpty(JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("message").GetString()!);
        (status, text) = await PostAsync("/v1/messages", Encoding.UTF8.GetBytes(body));
        Assert.Equal(400, status);
        Assert.Equal("error", JsonDocument.Parse(text).RootElement.GetProperty("type").GetString());
        AssertQuiet();
    }

    [Fact]
    public async Task A_depth_bomb_is_refused() =>
        Assert.Equal(400, (await PostAsync("/v1/chat/completions", Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o","messages":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}"""))).Status);

    [Fact]
    public async Task Invalid_utf8_is_refused() =>
        Assert.Equal(400, (await PostAsync("/v1/chat/completions", [.. "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\""u8, 0xff, 0xfe, .. "\"}]}"u8])).Status);

    [Fact]
    public async Task A_lone_surrogate_never_becomes_an_error_of_ours()
    {
        Assert.InRange((await PostAsync("/v1/chat/completions", """{"model":"gpt-4o","user":"a\ud800","messages":[{"role":"user","content":"\ud800"}]}"""u8.ToArray())).Status, 200, 499);
        AssertQuiet();
    }

    [Fact]
    public async Task A_body_over_the_limit_gets_a_413() =>
        Assert.Equal(413, (await PostAsync("/v1/chat/completions", new byte[25 * 1024 * 1024])).Status);

    [Fact]
    public async Task A_gzip_bomb_gets_a_413_and_little_memory()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 300; i++)
            {
                gzip.Write(zeros);
            }
        }
        var before = server.Process.Memory;
        Assert.Equal(413, (await PostAsync("/v1/chat/completions", packed.ToArray(), "gzip")).Status);
        Assert.True(server.Process.Memory - before < 150_000_000);
    }

    [Fact]
    public async Task An_unknown_encoding_gets_a_415() =>
        Assert.Equal(415, (await PostAsync("/v1/chat/completions", "{}"u8.ToArray(), "compress")).Status);

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    [InlineData("/v1/responses")]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1beta/models/gemini-2.5-flash:generateContent")]
    public async Task Random_bytes_never_make_a_500(string path)
    {
        var random = new Random(20261123);
        for (var i = 0; i < 40; i++)
        {
            var bytes = new byte[random.Next(1, 2_000)];
            random.NextBytes(bytes);
            Assert.InRange((await PostAsync(path, bytes)).Status, 400, 499);
        }
        AssertQuiet();
    }

    [Fact]
    public async Task A_refusal_is_recorded_with_its_reason()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Process.Address, "/v1/chat/completions")) { Content = new StringContent("{") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        request.Headers.Add("x-bellwether-user", "hostile-refused");
        using var response = await s_client.SendAsync(request, default);
        var stored = await server.Process.TheObservationAsync("user=hostile-refused");
        Assert.Equal("refused", stored.GetProperty("state").GetString());
        Assert.Equal(response.Headers.GetValues("x-bellwether-id").Single(), stored.GetProperty("id").GetString());
    }

    private async Task<(int Status, string Body)> PostAsync(string path, byte[] body, string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Process.Address, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        request.Headers.ExpectContinue = body.Length > 1_000_000;
        using var response = await s_client.SendAsync(request, default);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private void AssertQuiet() => Assert.Empty(server.Process.Errors);
}
