using Bellwether.Api;
using Bellwether.Dashboard;
using Bellwether.Demo;
using Bellwether.Gateway;
using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.Onboarding;
using Bellwether.Pricing;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.State;
using Bellwether.Storage;
using Bellwether.Telemetry;

if (args is ["simulate", ..])
{
    return await SimulatedProviderApi.RunAsync(args[1..]);
}

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
{
    Args = ServerArguments.ToSettings(args),
    // Settings and assets lie beside the program, wherever it is started from.
    ContentRootPath = AppContext.BaseDirectory,
});
var services = builder.Services;
services.AddSingleton(TimeProvider.System);
services.AddBellwetherOptions<InstallationOptions>("").AddBellwetherOptions<DemoSwitch>("Demo").AddBellwetherOptions<OtlpPorts>("Otlp");

services.AddStateStorage().AddState();
services.AddDuckDbTelemetry().AddTelemetry();
// Before identity: snapshots load in this order, and the keyring must find the demo's key.
services.AddDemo(builder.Configuration);
services.AddIdentity();
services.AddPricing().AddTranscripts();
services.AddProviderSettings();
services.AddGateway();
services.AddHeliconeLog();
services.AddOnboarding();
services.AddDashboard();
services.AddApi().AddOpenApi("openapi");

if (BellwetherConfiguration.Validate(builder.Configuration, services) is { Count: > 0 } errors)
{
    await Console.Error.WriteAsync(BellwetherConfiguration.Report(errors));
    return 2;
}

services.AddSingleton(new DataFolder(Path.GetFullPath(builder.Configuration["Bellwether:DataDirectory"] ?? "bellwether-data")));
if (string.IsNullOrEmpty(builder.Configuration["urls"]))
{
    builder.WebHost.UseUrls("http://localhost:5080");
}
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

var app = builder.Build();
app.UseGateway();
app.UseApi();
app.UseRouting();
app.UseIdentity();
app.UseAntiforgery();
app.MapStaticAssets().AllowAnonymous();
app.MapDashboard();
app.MapTelemetry();
app.MapHeliconeLog();
app.MapIdentity();
app.MapProviderSettings();
app.MapPricing();
app.MapOpenApi("/{documentName}.json").AllowAnonymous();

try
{
    await app.RunAsync();
    return 0;
}
catch (IOException error) when (app.Services.GetRequiredService<Readiness>() is { HasStarted: false })
{
    // A folder that another process holds, a port that is taken: the message says which, a stack trace would hide it.
    await Console.Error.WriteLineAsync($"Bellwether cannot start: {error.Message}");
    return 1;
}
