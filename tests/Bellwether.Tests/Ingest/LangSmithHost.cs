using System.Data.Common;
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

/// <summary>The LangSmith receiver on real Kestrel, over an intake that keeps what it is given.</summary>
internal sealed class LangSmithHost : IAsyncDisposable
{
    public const int MaxBodyBytes = 1024 * 1024;
    public static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private const string Boundary = "----formdata-undici-047294870912";

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private LangSmithHost(WebApplication app, KeepingIntake intake)
    {
        _app = app;
        Intake = intake;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public KeepingIntake Intake { get; }

    public static async Task<LangSmithHost> StartAsync()
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
        builder.Services.AddSingleton<DbDataSource>(new BrokenState());
        builder.Services.AddSingleton<IKeyring>(new TestKeyring());
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        builder.Services.AddLangSmith();
        var app = builder.Build();
        app.UseLangSmith();
        app.UseRouting();
        app.MapLangSmith();
        await app.StartAsync();
        return new LangSmithHost(app, intake);
    }

    /// <summary>The last version of a run.</summary>
    public TelemetryRecord Run(string id) => Intake.FindPending(Guid.Parse(id)) ?? throw new InvalidOperationException($"No run {id} was kept.");

    public Observation Observation(string id) => Run(id).Observation!;

    public static JsonElement Json(ReadOnlyMemory<byte> text) => JsonDocument.Parse(text).RootElement;

    /// <summary>A body as JavaScript's FormData makes it: each part with its name and the length of its JSON.</summary>
    public static byte[] Multipart(params ReadOnlySpan<(string Name, string Json)> parts)
    {
        var body = new StringBuilder();
        foreach (var (name, json) in parts)
        {
            body.Append(CultureInfo.InvariantCulture, $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\nContent-Type: application/json; length={Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}\r\n");
        }
        return Encoding.UTF8.GetBytes(body.Append(CultureInfo.InvariantCulture, $"--{Boundary}--\r\n").ToString());
    }

    public Task<HttpResponseMessage> MultipartAsync(params ReadOnlySpan<(string Name, string Json)> parts) => MultipartAsync(Multipart(parts));

    public Task<HttpResponseMessage> MultipartAsync(byte[] body, string? encoding = null, string? type = null) =>
        SendAsync(HttpMethod.Post, "/runs/multipart", new ByteArrayContent(body), type ?? $"multipart/form-data; boundary={Boundary}", encoding);

    public Task<HttpResponseMessage> JsonAsync(string path, string json, HttpMethod? method = null) =>
        SendAsync(method ?? HttpMethod.Post, path, new ByteArrayContent(Encoding.UTF8.GetBytes(json)), "application/json");

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent content, string type, string? encoding = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }
        request.Headers.TryAddWithoutValidation("x-api-key", key ?? GatewayHost.Key);
        return await _http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>A state store that fails at every word, which must never stop a run.</summary>
internal sealed class BrokenState : DbDataSource
{
    public override string ConnectionString => "";

    protected override DbConnection CreateDbConnection() => throw new InvalidOperationException("There is no state.");
}
