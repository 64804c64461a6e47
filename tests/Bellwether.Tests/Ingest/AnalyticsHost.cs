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

/// <summary>The receivers of PostHog's and Mixpanel's events on real Kestrel, over an intake that keeps what it is given.</summary>
internal sealed class AnalyticsHost : IAsyncDisposable
{
    public const int MaxBodyBytes = 1024 * 1024;
    public static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    public static readonly string Key = GatewayHost.Key;

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private AnalyticsHost(WebApplication app, KeepingIntake intake)
    {
        _app = app;
        Intake = intake;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public KeepingIntake Intake { get; }

    /// <summary>What the receivers refused.</summary>
    public RefusalTally Refusals => _app.Services.GetRequiredService<RefusalTally>();

    /// <summary>Host and port, as clients have them in their base URLs.</summary>
    public string Authority => _http.BaseAddress!.Authority;

    public string? RetryAfter { get; private set; }

    public Observation Step(string name) => Intake.Observations.Last(step => step.Name == name);

    public ObservationPayload Texts(string name) => Intake.Records.Last(record => record.Observation?.Name == name).Payload;

    public IEnumerable<Annotation> Annotations => Intake.Records.Where(record => record.Annotation is not null).Select(record => record.Annotation!);

    public static async Task<AnalyticsHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Bellwether:Otlp:MaxBodyBytes"] = MaxBodyBytes.ToString(CultureInfo.InvariantCulture) });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var intake = new KeepingIntake();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        builder.Services.AddSingleton<ITelemetryIntake>(intake);
        builder.Services.AddSingleton<IKeyring>(new TestKeyring());
        builder.Services.AddSingleton<RefusalTally>();
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        builder.Services.AddAnalyticsReceivers();
        var app = builder.Build();
        app.Services.GetRequiredService<RefusalTally>();
        app.UseRouting();
        app.MapAnalyticsReceivers();
        await app.StartAsync();
        return new AnalyticsHost(app, intake);
    }

    public static JsonElement Json(ReadOnlyMemory<byte> text) => JsonDocument.Parse(text).RootElement;

    /// <summary>An event as posthog-node writes it into its batch.</summary>
    public static string Event(string name, string properties, string distinct = "u-1", string? uuid = null) =>
        $$"""{"distinct_id":"{{distinct}}","event":"{{name}}","properties":{"$lib":"posthog-node","$lib_version":"5.70.0",{{properties.TrimStart('{')}},"type":"capture","library":"posthog-node","library_version":"5.70.0","timestamp":"2026-11-26T11:59:30.000Z","uuid":"{{uuid ?? Guid.CreateVersion7().ToString()}}"}""";

    public Task<(HttpStatusCode Status, JsonElement Answer)> BatchAsync(params string[] events) =>
        PostJsonAsync("/batch/", $$"""{"api_key":"{{Key}}","batch":[{{string.Join(',', events)}}],"sent_at":"2026-11-26T12:00:00.000Z"}""");

    public async Task<(HttpStatusCode Status, JsonElement Answer)> PostJsonAsync(string path, string json)
    {
        var (status, text) = await PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        return (status, JsonDocument.Parse(text).RootElement);
    }

    public async Task<(HttpStatusCode Status, string Answer)> PostAsync(string path, HttpContent content)
    {
        using var response = await _http.PostAsync(path, content);
        RetryAfter = response.Headers.RetryAfter?.ToString();
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<(HttpStatusCode Status, string Answer)> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
