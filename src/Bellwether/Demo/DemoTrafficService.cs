using System.Globalization;
using System.Net.Http.Headers;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bellwether.Demo;

/// <summary>
/// Calls the server's own gateway over HTTP as its customers would: streams, tools, images, errors, callers that leave.
/// Only while every provider is simulated, so that a demo never spends anyone's money.
/// </summary>
internal sealed class DemoTrafficService(
    IServer server, DemoProject project, ITelemetryIntake intake, IProviderDirectory providers, DataFolder folder,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DemoTrafficService> logger) : BackgroundService
{
    private const int MaxInFlight = 12;
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private static readonly string[] s_faults = ["429", "500", "529", "context-length", "content-filter", "reset", "stream-error", "malformed"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await StartedAsync(lifetime, stoppingToken) || OwnAddress() is not { } address || project.Key is not { } key)
        {
            return;
        }
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        var calendar = new DemoCalendar(DemoMarker.Load(folder, clock.GetUtcNow()).Anchor);
        var dice = new SimulatedDice((ulong)clock.GetUtcNow().Ticks);
        var running = new List<Task>();
        var paused = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = clock.GetUtcNow();
            await Task.Delay(Pause(calendar.RateAt(now), ref dice), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            running.RemoveAll(task => task.IsCompleted);
            if (stoppingToken.IsCancellationRequested || running.Count >= MaxInFlight)
            {
                continue;
            }
            if (providers.Current.Providers.Any(provider => provider.Kind != ProviderKind.Simulated))
            {
                if (!paused)
                {
                    Log.TrafficPaused(logger);
                }
                paused = true;
                continue;
            }
            paused = false;
            var scenario = DemoCatalogue.Pick(ref dice);
            var call = DemoCall.Invent(scenario, DemoCatalogue.PickModel(scenario, ref dice), now, calendar, ref dice);
            running.Add(RunAsync(client, address, authorization, call, new SimulatedDice(dice.Next()), stoppingToken));
        }
        await Task.WhenAll(running);
    }

    private async Task RunAsync(HttpMessageInvoker client, Uri address, AuthenticationHeaderValue authorization, DemoCall call, SimulatedDice dice, CancellationToken stoppingToken)
    {
        try
        {
            var trace = $"00-{DemoHistory.Hex(ref dice)}{DemoHistory.Hex(ref dice)}-{DemoHistory.Hex(ref dice)}-01";
            var last = await SendAsync(client, address, authorization, call, trace, dice.Next(), stoppingToken);
            if (call.HasTools && last.Succeeded)
            {
                last = await SendAsync(client, address, authorization, call with { ToolResult = DemoTexts.Weather }, trace, dice.Next(), stoppingToken);
            }
            if (last.Succeeded && last.Observation is { } id && dice.Unit() < 0.12)
            {
                var now = clock.GetUtcNow();
                var pleased = dice.Unit() < 0.85;
                intake.TryAppend(TelemetryRecord.Of(new Annotation
                {
                    Id = Guid.CreateVersion7(now),
                    Project = DemoFeature.Project,
                    Time = now,
                    ObservationId = id,
                    Name = "user_feedback",
                    Source = "user",
                    Number = pleased ? 1 : 0,
                    Category = pleased ? "" : dice.Pick(DemoTexts.Reasons),
                    Text = dice.Pick(pleased ? DemoTexts.Praise : DemoTexts.Complaints),
                    Author = call.User,
                }), out _);
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            // Resets are part of the play, and at shutdown everything ends this way.
        }
    }

    private static async Task<(bool Succeeded, Guid? Observation)> SendAsync(
        HttpMessageInvoker client, Uri address, AuthenticationHeaderValue authorization, DemoCall call, string trace, ulong roll, CancellationToken stoppingToken)
    {
        var dice = new SimulatedDice(roll);
        KeyValuePair<string, string>? fault = dice.Unit() < 0.025 ? new("sim_error", dice.Pick(s_faults)) : null;
        var leaves = call.Stream && dice.Unit() < 0.02;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, DemoRequests.Path(call)))
        {
            Content = new ByteArrayContent(DemoRequests.Body(call, fault)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = authorization;
        request.Headers.Add("x-bellwether-user", call.User);
        request.Headers.Add("x-bellwether-session", call.Session);
        request.Headers.Add("x-bellwether-endpoint", call.Scenario.Endpoint);
        request.Headers.Add("traceparent", trace);
        foreach (var (name, value) in call.Properties)
        {
            request.Headers.Add("x-bellwether-property-" + name, value);
        }
        if (call.Model.Dialect == SimulatedDialect.Anthropic)
        {
            request.Headers.Add("anthropic-version", "2023-06-01");
        }
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        using var response = await client.SendAsync(request, timeout.Token);
        await using var body = await response.Content.ReadAsStreamAsync(timeout.Token);
        var buffer = new byte[8_192];
        var reads = 0;
        while (await body.ReadAsync(buffer, timeout.Token) > 0)
        {
            if (leaves && ++reads > 6)
            {
                return (false, null);
            }
        }
        var observation = response.Headers.TryGetValues("x-bellwether-id", out var ids) && Guid.TryParse(ids.First(), CultureInfo.InvariantCulture, out var id) ? id : (Guid?)null;
        return (response.IsSuccessStatusCode, observation);
    }

    private Uri? OwnAddress()
    {
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(candidate => candidate.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        return bound is null ? null : new Uri(bound
            .Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal));
    }

    private static TimeSpan Pause(double callsPerHour, ref SimulatedDice dice)
    {
        // Arrivals are independent: the pauses between them are exponential.
        var pause = TimeSpan.FromHours(-Math.Log(1 - dice.Unit()) / callsPerHour);
        return pause < s_shortestPause ? s_shortestPause : pause > s_longestPause ? s_longestPause : pause;
    }

    /// <summary>Waits until the server listens; false when it stops before.</summary>
    internal static async Task<bool> StartedAsync(IHostApplicationLifetime lifetime, CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await using var onStop = stoppingToken.Register(() => started.TrySetCanceled());
        await started.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return started.Task.IsCompletedSuccessfully;
    }
}
