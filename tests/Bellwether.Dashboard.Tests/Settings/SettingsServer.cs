using System.Collections.Concurrent;
using System.Net;
using Bellwether.Identity;
using Bellwether.Pricing;
using Bellwether.Primitives;
using Bellwether.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>
/// The whole server as it is composed, on Kestrel and an empty data folder, with real accounts, cookies and roles. Beside it runs
/// an upstream that takes one key, for the connection test.
/// </summary>
public class SettingsServer : WebApplicationFactory<Program>, IAsyncLifetime
{
    public static readonly string Password = "a long pass phrase";
    public static readonly string UpstreamKey = "sk-upstream-good-0123456789";

    private readonly string _folder = Directory.CreateTempSubdirectory("bellwether-settings-").FullName;
    private readonly ConcurrentDictionary<string, string> _sessions = new(StringComparer.Ordinal);
    private readonly CollectedLog _log = new();
    private WebApplication? _upstream;

    public string Url { get; private set; } = "";

    /// <summary>Base URL of the upstream, as someone would enter it.</summary>
    public string UpstreamUrl { get; private set; } = "";

    public ShiftedClock Clock { get; } = new();

    /// <summary>Everything that was logged.</summary>
    public string Log => string.Join('\n', _log.Lines);

    public virtual async ValueTask InitializeAsync()
    {
        await StartUpstreamAsync();
        UseKestrel();
        StartServer();
        Url = Address(Services);

        await AddPersonAsync("ada", "Ada Lovelace", Role.Administrator);
        await AddPersonAsync("vic", "Vic Viewer", Role.Viewer);
        await Services.GetRequiredService<ProjectSettings>().CreateAsync(Actor.System, new NewProject("search-team", "Search team"), CancellationToken.None);
        await Services.GetRequiredService<KeySettings>().CreateAsync(Actor.System, ProjectId.Default, new NewKey("Web shop", null, true, ["gpt-4o-mini", "claude-*"], null), CancellationToken.None);
        await Services.GetRequiredService<ProviderSettings>().SaveAsync(Actor.System, "seeded", new ProviderEntry("openai", UpstreamUrl, "sk-seeded-0123456789", ["gpt-4o*"], null), CancellationToken.None);
        await Services.GetRequiredService<ProviderSettings>().SaveRouteAsync(Actor.System, new ProviderRoute("gpt-4o*", "seeded"), CancellationToken.None);
        await Services.GetRequiredService<PriceOverrideStore>().AddAsync(new PriceOverrideDraft("", "house-model*", new DateOnly(2026, 1, 1), 0.5m, 1.5m, null, null, null), Actor.System, CancellationToken.None);
    }

    /// <summary>The storage state of a person, who signs in through the page the first time.</summary>
    public async Task<string> SessionAsync(Browser browser, string name)
    {
        if (_sessions.TryGetValue(name, out var known)) { return known; }
        await using var watched = await browser.OpenAsync(Url);
        await watched.Page.GotoAsync("/signin");
        await watched.Page.GetByLabel("Sign-in name").FillAsync(name);
        await watched.Page.GetByLabel("Password").FillAsync(Password);
        await watched.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await watched.Page.WaitForURLAsync("**/p/*");
        return _sessions[name] = await watched.Page.Context.StorageStateAsync();
    }

    /// <summary>A link that makes an account, as the Users page would give it out.</summary>
    public async Task<string> InviteAsync(Role role) =>
        (await Services.GetRequiredService<AccountSettings>().InviteAsync(Actor.System, new NewInvitation(role, null), CancellationToken.None)).Value!.Path.Reveal();

    public async Task AddPersonAsync(string signInName, string name, Role role)
    {
        var token = (await InviteAsync(role)).Split('=')[1];
        var made = await Services.GetRequiredService<SignIn>().LinkAsync(new LinkForm(token, name, signInName, Password), CancellationToken.None);
        Assert.Equal(SignInOutcome.SignedIn, made.Outcome);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_upstream is not null) { await _upstream.DisposeAsync(); }
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseSetting("urls", "http://127.0.0.1:0")
        .UseSetting("Bellwether:DataDirectory", _folder)
        .UseSetting("Bellwether:Otlp:GrpcPort", "0")
        .UseSetting("Bellwether:Otlp:HttpPort", "0")
        .UseSetting("Bellwether:Network:PrivateTargets:0", "127.0.0.1")
        .ConfigureLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug))
        .ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));

    private async Task StartUpstreamAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        _upstream = builder.Build();
        _upstream.MapGet("/v1/models", (HttpContext context) => context.Request.Headers.Authorization == $"Bearer {UpstreamKey}"
            ? Results.Text("""{"object":"list","data":[]}""", "application/json")
            : Results.Text("{\"error\":{\"message\":\"Incorrect API key provided: " + context.Request.Headers.Authorization + "\"}}", "application/json", statusCode: 401));
        await _upstream.StartAsync();
        UpstreamUrl = Address(_upstream.Services) + "/v1";
    }

    private static string Address(IServiceProvider services) =>
        services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The system's clock, which a test can set forward.</summary>
    public sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }

    private sealed class CollectedLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

[CollectionDefinition(nameof(SettingsCollection))]
public sealed class SettingsCollection : ICollectionFixture<SettingsServer>, ICollectionFixture<Browser>;
