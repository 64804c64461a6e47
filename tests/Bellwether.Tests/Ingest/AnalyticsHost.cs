using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Ingest;
using Bellwether.Telemetry;
using Bellwether.Tests.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Tests.Ingest;

/// <summary>The receivers of PostHog's and Mixpanel's events on real Kestrel, over an intake that keeps what it is given.</summary>
internal sealed class AnalyticsHost : ReceiverHost
{
    public static readonly string Key = GatewayHost.Key;

    private AnalyticsHost(WebApplication app) : base(app) { }

    /// <summary>What the receivers refused.</summary>
    public RefusalTally Refusals => App.Services.GetRequiredService<RefusalTally>();

    /// <summary>Host and port, as clients have them in their base URLs.</summary>
    public string Authority => Http.BaseAddress!.Authority;

    public string? RetryAfter { get; private set; }

    public Observation Step(string name) => Intake.Observations.Last(step => step.Name == name);

    public ObservationPayload Texts(string name) => Intake.Records.Last(record => record.Observation?.Name == name).Payload;

    public static async Task<AnalyticsHost> StartAsync() => new(await StartAsync(
        services => services.AddSingleton<RefusalTally>().AddAnalyticsReceivers(),
        app =>
        {
            // Counts from its first use.
            app.Services.GetRequiredService<RefusalTally>();
            app.MapAnalyticsReceivers();
        }));

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
        using var response = await Http.PostAsync(path, content);
        RetryAfter = response.Headers.RetryAfter?.ToString();
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<(HttpStatusCode Status, string Answer)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
