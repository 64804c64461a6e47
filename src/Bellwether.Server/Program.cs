using Bellwether.Api;
using Bellwether.Dashboard;
using Bellwether.Demo;
using Bellwether.Identity;
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

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(new DataFolder(Path.GetFullPath(builder.Configuration["Bellwether:DataDirectory"] ?? "bellwether-data")));

builder.Services.AddStateStorage().AddState();
builder.Services.AddDuckDbTelemetry();
builder.Services.AddTelemetry();
builder.Services.AddDemo(builder.Configuration);
builder.Services.AddIdentity();
builder.Services.AddPricing().AddTranscripts();
builder.Services.AddProviderSettings().AddSimulatedProvider();
builder.Services.AddOnboarding();
builder.Services.AddDashboard();
builder.Services.AddApi().AddOpenApi("openapi");

builder.Services.AddBellwetherOptions<InstallationOptions>("").AddBellwetherOptions<DemoSwitch>("Demo").AddBellwetherOptions<OtlpPorts>("Otlp");

if (BellwetherConfiguration.Validate(builder.Configuration, builder.Services) is { Count: > 0 } errors)
{
    await Console.Error.WriteAsync(BellwetherConfiguration.Report(errors));
    return 2;
}

var app = builder.Build();
app.UseApi();
app.UseIdentity();
app.UseAntiforgery();
app.MapStaticAssets().AllowAnonymous();
app.MapDashboard();
app.MapIdentity();
app.MapProviderSettings();
app.MapTelemetry();
app.MapPricing();
app.MapOpenApi("/{documentName}.json").AllowAnonymous();

await app.RunAsync();
return 0;
