using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using Bellwether.Gateway;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bellwether.Tests.Gateway;

/// <summary>A gateway on real Kestrel, with keys, providers and a pipeline that a test sets.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    public static readonly string Key = "bw-test-key-of-the-default-project";

    private readonly WebApplication _app;

    private GatewayHost(WebApplication app, RecordingIntake intake, TestKeyring keyring)
    {
        _app = app;
        Intake = intake;
        Keyring = keyring;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }
    public HttpClient Client { get; }
    public RecordingIntake Intake { get; }
    public TestKeyring Keyring { get; }
    public IServiceProvider Services => _app.Services;

    public static Task<GatewayHost> StartAsync(Upstream upstream, Action<GatewayOptions>? options = null, Action<IServiceCollection>? services = null) =>
        StartAsync([Provider(upstream)], options, services);

    public static ProviderEndpoint Provider(Upstream upstream, string name = "stub", ProviderKind kind = ProviderKind.OpenAi, string path = "/v1") => new()
    {
        Name = name,
        Kind = kind,
        BaseUrl = new Uri($"http://127.0.0.1:{upstream.Port}{path}"),
        ApiKey = new Secret($"sk-stored-{name}"),
    };

    public static async Task<GatewayHost> StartAsync(
        IReadOnlyList<ProviderEndpoint> providers, Action<GatewayOptions>? options = null, Action<IServiceCollection>? services = null,
        Dictionary<string, string>? routes = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var intake = new RecordingIntake();
        var keyring = new TestKeyring();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ITelemetryIntake>(intake);
        builder.Services.AddSingleton<IKeyring>(keyring);
        builder.Services.AddSingleton<IProviderDirectory>(new TestDirectory(new ProviderSnapshot(providers, (routes ?? []).ToFrozenDictionary())));
        services?.Invoke(builder.Services);
        builder.Services.AddGateway();
        builder.Services.Configure<GatewayOptions>(gateway =>
        {
            gateway.ReadinessDelay = TimeSpan.Zero;
            options?.Invoke(gateway);
        });
        var app = builder.Build();
        app.UseGateway();
        app.UseRouting();
        app.MapGet("/elsewhere", () => "not the gateway's");
        await app.StartAsync();
        return new GatewayHost(app, intake, keyring);
    }

    public Task StopAsync() => _app.StopAsync();

    public static HttpRequestMessage Post(string path, string body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + (key ?? Key));
        return request;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

    /// <summary>The one record that the test's one call made; fails when there is another.</summary>
    public async Task<TelemetryRecord> OneRecordAsync()
    {
        var record = await Intake.NextAsync();
        await Task.Yield();
        Assert.Empty(Intake.Left);
        return record;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Intake.Dispose();
    }

    private sealed class TestDirectory(ProviderSnapshot snapshot) : IProviderDirectory
    {
        public ProviderSnapshot Current { get; } = snapshot;
    }
}

/// <summary>Keeps what it is given, or refuses on order.</summary>
internal sealed class RecordingIntake : ITelemetryIntake, IDisposable
{
    private readonly ConcurrentQueue<TelemetryRecord> _records = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public bool Full { get; set; }
    public bool FailsLate { get; set; }

    public IEnumerable<TelemetryRecord> Left => _records;

    public async Task<TelemetryRecord> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(20)), "no record came");
        Assert.True(_records.TryDequeue(out var record));
        return record;
    }

    public bool CanAccept(out IntakeRefusal refusal)
    {
        refusal = new IntakeRefusal("disk_full", "the disk is full", 7);
        return !Full;
    }

    public ReadOnlyMemory<byte> FilterInput(ReadOnlyMemory<byte> input) => input;

    public bool TryAppend(TelemetryRecord record, out IntakeRefusal refusal)
    {
        refusal = new IntakeRefusal("disk_full", "the disk is full", 7);
        if (Full || FailsLate)
        {
            return false;
        }
        _records.Enqueue(record);
        _arrived.Release();
        return true;
    }

    public ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<TelemetryRecord> records, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Durability Durability => Durability.Fsync;

    public TelemetryRecord? FindPending(Guid observationId) => null;

    public void Dispose() => _arrived.Dispose();
}

/// <summary>Keys by their text.</summary>
internal sealed class TestKeyring : IKeyring
{
    private readonly Dictionary<string, (KeyCheck Check, ApiKey Key)> _keys = [];

    public TestKeyring() => Add(GatewayHost.Key);

    public void Add(string text, KeyCheck check = KeyCheck.Valid, params string[] models) => _keys[text] = (check, new ApiKey
    {
        Id = "key_" + text.Length,
        Name = "test",
        Project = ProjectId.Default,
        Role = Role.Editor,
        Models = models,
    });

    public KeyCheck Check(ReadOnlySpan<char> token, out ApiKey? key)
    {
        key = null;
        var text = token.ToString();
        text = text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? text[7..] : text;
        if (text.Length == 0)
        {
            return KeyCheck.Missing;
        }
        if (!_keys.TryGetValue(text, out var found))
        {
            return KeyCheck.Unknown;
        }
        key = found.Check == KeyCheck.Valid ? found.Key : null;
        return found.Check;
    }
}
