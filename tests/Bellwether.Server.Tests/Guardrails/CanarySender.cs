using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Sends as a client does and fails when the server refuses.</summary>
internal sealed class CanarySender(BellwetherProcess server) : IDisposable
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private readonly HttpClient _http = Client(server);

    public static string Now => (TimeProvider.System.GetUtcNow() - s_hour).ToString("O", CultureInfo.InvariantCulture);

    public static string Nanoseconds(int second) => ((TimeProvider.System.GetUtcNow() - s_hour).AddSeconds(second).ToUnixTimeMilliseconds() * 1_000_000).ToString(CultureInfo.InvariantCulture);

    public static string Hex(int number, int length) => (number + 1).ToString("x", CultureInfo.InvariantCulture).PadLeft(length, 'a');

    public static string Id(int number) => $"01890a5d-ac96-774b-bcce-{number:x12}";

    public Task<string> JsonAsync(string path, object body, params (string Name, string Value)[] headers) =>
        PostAsync(path, JsonSerializer.SerializeToUtf8Bytes(body), "application/json", headers);

    public async Task<string> PostAsync(string path, byte[] body, string type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        var refused = false;
        foreach (var (name, value) in headers)
        {
            refused |= name == "expect-refusal";
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode != refused, $"{path}: {(int)response.StatusCode} {text[..Math.Min(1_000, text.Length)]}");
        return text;
    }

    public async Task<byte[]> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync();
    }

    public async Task<JsonElement> ReadAsync(string path) => JsonDocument.Parse(await GetAsync(path)).RootElement;

    /// <summary>Waits until everything that was accepted is stored.</summary>
    public async Task SettleAsync()
    {
        for (var attempt = 0; attempt < 1_200; attempt++)
        {
            var metrics = Encoding.UTF8.GetString(await GetAsync("/metrics"));
            if (Metric(metrics, "bellwether_telemetry_accepted") is > 0 and var accepted && Metric(metrics, "bellwether_telemetry_stored") >= accepted)
            {
                return;
            }
            await Task.Delay(100);
        }
        Assert.Fail("Not everything was stored.");
    }

    public async Task<byte[]> ExportAsync(string format)
    {
        using var asked = JsonDocument.Parse(await JsonAsync("/api/v1/exports", new { format, from = "now-30d", texts = true }));
        var id = asked.RootElement.GetProperty("id").GetString();
        for (var attempt = 0; ; attempt++)
        {
            var export = await ReadAsync($"/api/v1/exports/{id}");
            if (export.GetProperty("state").GetString() == "done")
            {
                return await GetAsync($"/api/v1/exports/{id}/file");
            }
            Assert.True(attempt < 1_200, export.GetRawText());
            await Task.Delay(100);
        }
    }

    public void Dispose() => _http.Dispose();

    private static double Metric(string metrics, string name) => metrics.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static HttpClient Client(BellwetherProcess server)
    {
        var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        return http;
    }
}
