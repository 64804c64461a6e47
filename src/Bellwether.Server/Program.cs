using Bellwether.Api;
using Bellwether.Dashboard;
using Bellwether.Datasets;
using Bellwether.Demo;
using Bellwether.Detection;
using Bellwether.Evaluators;
using Bellwether.Exports;
using Bellwether.Feedback;
using Bellwether.Flags;
using Bellwether.Gateway;
using Bellwether.Guardrails;
using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.Onboarding;
using Bellwether.Pricing;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.Quality;
using Bellwether.References;
using Bellwether.Server;
using Bellwether.Sinks;
using Bellwether.State;
using Bellwether.Storage;
using Bellwether.Telemetry;

if (args is ["simulate", ..])
{
    return await SimulatedProviderApi.RunAsync(args[1..]);
}

NativeMemory.ShareOneArena();
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
{
    Args = ServerArguments.ToSettings(args),
    // Settings and assets lie beside the program, wherever it is started from.
    ContentRootPath = AppContext.BaseDirectory,
});
var services = builder.Services;
services.AddSingleton(TimeProvider.System);
services.AddBellwetherOptions<InstallationOptions>("").AddBellwetherOptions<DemoSwitch>("Demo");

services.AddStateStorage().AddState();
services.AddDuckDbTelemetry().AddTelemetry();
// Before identity: snapshots load in this order, and the keyring must find the demo's key.
services.AddDemo(builder.Configuration);
services.AddIdentity();
services.AddPricing().AddTranscripts();
services.AddProviderSettings();
services.AddGateway();
services.AddOtlp();
services.AddLangSmith();
services.AddLangfuse();
services.AddPhoenix();
services.AddUiLinks();
services.AddFeedback();
services.AddDetection().AddGuardrails();
services.AddPersonalData().AddGuardPolicies();
services.AddLeakage();
services.AddAnswerGuards();
services.AddQuality();
services.AddEvaluators();
services.AddReferences();
services.AddFlags();
services.AddDatasets();
services.AddSinks();
services.AddExports();
services.AddHeliconeLog();
services.AddAnalyticsReceivers();
services.AddOnboarding();
services.AddDashboard();
services.AddApi().AddOpenApi("openapi", ApiDescription.Describe);

if (BellwetherConfiguration.Validate(builder.Configuration, services) is { Count: > 0 } errors)
{
    await Console.Error.WriteAsync(BellwetherConfiguration.Report(errors));
    return 2;
}

if (HostSettings.Read(builder.Configuration, out var mistakes) is not { } host)
{
    await Console.Error.WriteAsync(BellwetherConfiguration.Report(mistakes));
    return 2;
}

services.AddSingleton(host.Folder);
builder.WebHost.UseUrls(host.Urls);
// The dashboard's assets come out of packages, also when the server is started from its source.
builder.WebHost.UseStaticWebAssets();

// One event a line, so that nothing in a name or a message can forge another; a person at a terminal gets plain text.
builder.Logging.ClearProviders();
if (Console.IsOutputRedirected)
{
    builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
}
else
{
    builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
}
// It tells of a start that failed with a stack, which the line at the end of this file says without one. What stops a running server it tells as critical.
builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

var app = builder.Build();
app.UseOtlp();
app.UseGateway();
app.UseApi();
app.UseLangSmith();
app.UseDashboard();
app.UseRouting();
app.UseIdentity();
app.UseAntiforgery();
app.MapStaticAssets().AllowAnonymous();
app.MapDashboard();
app.MapTelemetry();
app.MapFeedback();
app.MapGuardrails();
app.MapPersonalData();
app.MapGuardPolicies();
app.MapAnswerGuards();
app.MapQuality();
app.MapEvaluators();
app.MapReferences();
app.MapFlags();
app.MapHeliconeLog();
app.MapAnalyticsReceivers();
app.MapIdentity();
app.MapProviderSettings();
app.MapPricing();
app.MapOtlp();
app.MapLangSmith();
app.MapLangfuse();
app.MapPhoenix();
app.MapUiLinks();
app.MapSinks();
app.MapExports();
app.MapOpenApi("/{documentName}.json").AllowAnonymous();

await using (app)
{
    try
    {
        await app.StartAsync();
    }
    catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
    {
        // Told to stop before it had started.
        return 0;
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
    {
        // A folder that another process holds, a port that is taken: the message says which, a stack trace would hide it.
        await Console.Error.WriteLineAsync($"Bellwether cannot start: {error.Message}");
        // The port is bound last. What runs by then is cancelled, which the host takes for a failure of each unless it knows that the end is meant.
        app.Lifetime.StopApplication();
        return 1;
    }
    await app.WaitForShutdownAsync();
    return 0;
}
