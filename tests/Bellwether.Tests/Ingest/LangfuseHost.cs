using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Ingest;
using Bellwether.Telemetry;
using Bellwether.Tests.Gateway;
using Microsoft.AspNetCore.Builder;

namespace Bellwether.Tests.Ingest;

/// <summary>The Langfuse receiver on real Kestrel, over an intake that keeps what it is given.</summary>
internal sealed class LangfuseHost : ReceiverHost
{
    private LangfuseHost(WebApplication app) : base(app) { }

    public static async Task<LangfuseHost> StartAsync() => new(await StartAsync(services => services.AddLangfuse(), app => app.MapLangfuse()));

    /// <summary>The last version of the step with this name.</summary>
    public TelemetryRecord Record(string name) => Intake.Records.Last(record => record.Observation?.Name == name);

    public Observation Step(string name) => Record(name).Observation!;

    /// <summary>An event, made so many milliseconds before now.</summary>
    public static string Event(string type, string body, double agoMs = 1_000, string? id = null) =>
        $$"""{"id":"{{id ?? Guid.CreateVersion7().ToString()}}","type":"{{type}}","timestamp":"{{Now.AddMilliseconds(-agoMs).ToString("O", CultureInfo.InvariantCulture)}}","body":{{body}} }""";

    /// <summary>Sends a batch; all of it is kept or the test fails.</summary>
    public async Task KeepAsync(params string[] events)
    {
        var (status, answer) = await SendAsync(events);
        Assert.Equal(HttpStatusCode.MultiStatus, status);
        Assert.Equal((events.Length, 0), (answer.GetProperty("successes").GetArrayLength(), answer.GetProperty("errors").GetArrayLength()));
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(params string[] events) =>
        PostAsync("/api/public/ingestion", $$$"""{"batch":[{{{string.Join(',', events)}}}],"metadata":{"sdk_name":"python"}}""");

    public Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, string json, string? credentials = null) =>
        PostAsync(path, new ByteArrayContent(Encoding.UTF8.GetBytes(json)), credentials);

    public async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, HttpContent content, string? credentials = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        return await SendAsync(request, credentials);
    }

    public async Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(string path, string? credentials = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, credentials);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpRequestMessage request, string? credentials)
    {
        request.Headers.TryAddWithoutValidation("Authorization", credentials ?? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("pk-lf-any:" + GatewayHost.Key)));
        using var response = await Http.SendAsync(request);
        RetryAfter = response.Headers.RetryAfter?.ToString();
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public string? RetryAfter { get; private set; }
}
