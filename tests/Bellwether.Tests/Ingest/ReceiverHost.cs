using System.Globalization;
using System.Net;
using System.Text.Json;
using Bellwether.Identity;
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

/// <summary>A receiver on real Kestrel, over an intake that keeps what it is given. The clock stands still.</summary>
internal abstract class ReceiverHost : IAsyncDisposable
{
    public const int MaxBodyBytes = 1024 * 1024;
    public static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    protected ReceiverHost(WebApplication app)
    {
        App = app;
        Intake = (KeepingIntake)app.Services.GetRequiredService<ITelemetryIntake>();
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public KeepingIntake Intake { get; }

    public IEnumerable<Annotation> Annotations => Intake.Records.Where(record => record.Annotation is not null).Select(record => record.Annotation!);

    protected WebApplication App { get; }

    protected HttpClient Http { get; }

    public static JsonElement Json(ReadOnlyMemory<byte> text) => JsonDocument.Parse(text).RootElement;

    /// <summary>Starts an application with what every receiver needs.</summary>
    /// <param name="services">What this one needs beside it.</param>
    /// <param name="map">Its endpoints; routing is on already.</param>
    /// <param name="before">What stands before routing.</param>
    protected static async Task<WebApplication> StartAsync(Action<IServiceCollection> services, Action<WebApplication> map, Action<WebApplication>? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Bellwether:Otlp:MaxBodyBytes"] = MaxBodyBytes.ToString(CultureInfo.InvariantCulture) });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        builder.Services.AddSingleton<ITelemetryIntake>(new KeepingIntake());
        builder.Services.AddSingleton<ITelemetryStore>(new MemoryStore());
        builder.Services.AddSingleton(CaptureFilters.None).AddSingleton<TelemetryReader>();
        builder.Services.AddSingleton<IKeyring>(new TestKeyring());
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        services(builder.Services);
        var app = builder.Build();
        before?.Invoke(app);
        app.UseRouting();
        map(app);
        await app.StartAsync();
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
