using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.Telemetry;
using Bellwether.Tests.Gateway;
using Bellwether.Tests.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Ingest;

/// <summary>The Langfuse receiver on real Kestrel, over an intake that keeps what it is given.</summary>
internal sealed class LangfuseHost : IAsyncDisposable
{
    public const int MaxBodyBytes = 1024 * 1024;
    public static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private LangfuseHost(WebApplication app, KeepingIntake intake)
    {
        _app = app;
        Intake = intake;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public KeepingIntake Intake { get; }

    public static async Task<LangfuseHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Bellwether:Otlp:MaxBodyBytes"] = MaxBodyBytes.ToString(CultureInfo.InvariantCulture) });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var intake = new KeepingIntake();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        builder.Services.AddSingleton<ITelemetryIntake>(intake);
        builder.Services.AddSingleton<ITelemetryStore>(new MemoryStore());
        builder.Services.AddSingleton<TelemetryReader>();
        builder.Services.AddSingleton<IKeyring>(new TestKeyring());
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        builder.Services.AddLangfuse();
        var app = builder.Build();
        app.UseRouting();
        app.MapLangfuse();
        await app.StartAsync();
        return new LangfuseHost(app, intake);
    }

    /// <summary>The last version of the step with this name.</summary>
    public TelemetryRecord Record(string name) => Intake.Records.Last(record => record.Observation?.Name == name);

    public Observation Step(string name) => Record(name).Observation!;

    public IEnumerable<Annotation> Annotations => Intake.Records.Where(record => record.Annotation is not null).Select(record => record.Annotation!);

    public static JsonElement Json(ReadOnlyMemory<byte> text) => JsonDocument.Parse(text).RootElement;

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
        using var response = await _http.SendAsync(request);
        RetryAfter = response.Headers.RetryAfter?.ToString();
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public string? RetryAfter { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
