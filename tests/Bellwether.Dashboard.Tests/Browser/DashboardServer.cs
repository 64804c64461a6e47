using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Storage;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Dashboard.Tests;

/// <summary>
/// The dashboard on a real Kestrel over a real DuckDB store, with everybody signed in as an administrator. Projects:
/// <c>default</c> holds two days of calls, <c>empty</c> has never seen one. Pages that need more services add them in
/// <see cref="Configure"/>.
/// </summary>
public class DashboardServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bellwether-dashboard-").FullName;
    private WebApplication? _app;

    public string Url { get; private set; } = "";

    public SwitchableStore Store { get; private set; } = default!;

    public TestChangeFeed Changes { get; } = new();

    public IServiceProvider Services => _app!.Services;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // The manifests of static files carry the server's name.
            ApplicationName = "bellwether-server",
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = "Development",
        });
        builder.WebHost.UseStaticWebAssets().UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new DataFolder(_folder));
        builder.Services.AddDuckDbTelemetry();
        var inner = builder.Services.Last(service => service.ServiceType == typeof(ITelemetryStore));
        builder.Services.Remove(inner);
        builder.Services.AddSingleton(provider => new SwitchableStore((ITelemetryStore)ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)));
        builder.Services.AddSingleton<ITelemetryStore>(provider => provider.GetRequiredService<SwitchableStore>());
        builder.Services.AddSingleton<ITelemetryIntake, NoIntake>();
        builder.Services.AddSingleton(CaptureFilters.None).AddSingleton<TelemetryReader>().AddSingleton<GroupReader>();
        builder.Services.AddSingleton<IChangeFeed>(Changes);
        builder.Services.AddSingleton(new ProjectChoices(_ => ValueTask.FromResult<IReadOnlyList<ProjectChoice>>([new("default", "Acme Assistant"), new("empty", "New project"), new("crowd", "Crowd"), new("quiet", "Quiet"), new("broken", "Broken")])));
        builder.Services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, EverybodyIsAdministrator>("Test", null);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy("Viewer", policy => policy.RequireAuthenticatedUser())
            .AddPolicy("Editor", policy => policy.RequireAuthenticatedUser())
            .AddPolicy("Administrator", policy => policy.RequireAuthenticatedUser())
            .AddPolicy("Operator", policy => policy.RequireAuthenticatedUser());
        builder.Services.AddDashboard();
        Configure(builder.Services);

        _app = builder.Build();
        // Files first as they are on the disk: the manifest knows their lengths as of the last build, and would not serve a
        // style sheet that was just edited.
        _app.UseStaticFiles();
        _app.UseRouting();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.UseAntiforgery();
        _app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "bellwether-server.staticwebassets.endpoints.json"));
        _app.MapGet("/healthz", () => "ok");
        _app.MapDashboard();
        await _app.StartAsync();
        Url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        Store = _app.Services.GetRequiredService<SwitchableStore>();
        await Store.OpenAsync(CancellationToken.None);
        await FillAsync(Store);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>More services, before the host is built.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    /// <summary>What the store holds when the tests begin.</summary>
    protected virtual async Task FillAsync(ITelemetryStore store) =>
        await store.AppendAsync(GeneratedTelemetry.Days(ProjectId.Default, TimeProvider.System.GetUtcNow()), CancellationToken.None);

    private sealed class EverybodyIsAdministrator(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var identity = new ClaimsIdentity("Test", Claims.Name, Claims.Role);
            identity.AddClaim(new Claim(Claims.Subject, "user_test"));
            identity.AddClaim(new Claim(Claims.Name, "Ada Lovelace"));
            identity.AddClaim(new Claim(Claims.Role, nameof(Role.Administrator)));
            identity.AddClaim(new Claim(Claims.Project, ProjectId.Default.Value));
            identity.AddClaim(new Claim(Claims.Project, "empty"));
            identity.AddClaim(new Claim(Claims.Project, "crowd"));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), "Test")));
        }
    }

    private sealed class NoIntake : ITelemetryIntake
    {
        public Durability Durability => Durability.Memory;

        public bool CanAccept(out IntakeRefusal refusal)
        {
            refusal = default;
            return true;
        }

        public bool TryAppend(ReadOnlySpan<TelemetryRecord> records, out IntakeRefusal refusal)
        {
            refusal = default;
            foreach (var record in records)
            {
                if (!TryAppend(record, out refusal))
                {
                    return false;
                }
            }
            return true;
        }

        public ReadOnlyMemory<byte> FilterInput(ReadOnlyMemory<byte> input) => input;

        public bool TryAppend(TelemetryRecord record, out IntakeRefusal refusal) => CanAccept(out refusal);

        public ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<TelemetryRecord> records, CancellationToken cancellationToken) => ValueTask.FromResult(new AppendResult(true, default));

        public TelemetryRecord? FindPending(Guid observationId) => null;
    }
}
