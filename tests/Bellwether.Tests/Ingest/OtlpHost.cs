using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Bellwether.Tests.Gateway;
using Bellwether.Tests.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Ingest;

/// <summary>The OpenTelemetry receivers on real Kestrel, over an intake that keeps what it is given.</summary>
internal sealed class OtlpHost : IAsyncDisposable
{
    public const int MaxBodyBytes = 1024 * 1024;

    private readonly WebApplication _app;

    private OtlpHost(WebApplication app, KeepingIntake intake)
    {
        _app = app;
        Intake = intake;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Grpc = new HttpClient { BaseAddress = new Uri(app.Urls.Last()), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    public KeepingIntake Intake { get; }
    public HttpClient Http { get; }
    public HttpClient Grpc { get; }

    public OtlpReceiver Receiver => _app.Services.GetRequiredService<OtlpReceiver>();

    public IObservationEnricher Duplicates => _app.Services.GetServices<IObservationEnricher>().OfType<DuplicateCallEnricher>().Single();

    public static async Task<OtlpHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Bellwether:Otlp:MaxBodyBytes"] = MaxBodyBytes.ToString(System.Globalization.CultureInfo.InvariantCulture) });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        var intake = new KeepingIntake();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(OtlpSpans.Now));
        builder.Services.AddSingleton<ITelemetryIntake>(intake);
        builder.Services.AddSingleton<ITelemetryStore>(new MemoryStore());
        builder.Services.AddSingleton(CaptureFilters.None).AddSingleton<TelemetryReader>();
        builder.Services.AddSingleton<IKeyring>(new TestKeyring());
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        builder.Services.AddOtlp();
        var app = builder.Build();
        app.UseOtlp();
        app.UseRouting();
        app.MapOtlp();
        await app.StartAsync();
        return new OtlpHost(app, intake);
    }

    public Task<HttpResponseMessage> PostAsync(byte[] body, string type = "application/json", string path = "/v1/traces", string? encoding = null, string? key = null) =>
        PostAsync(new ByteArrayContent(body), type, path, encoding, key);

    public async Task<HttpResponseMessage> PostAsync(HttpContent content, string type, string path, string? encoding, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }
        request.Headers.TryAddWithoutValidation("Authorization", key ?? "Bearer " + GatewayHost.Key);
        return await Http.SendAsync(request);
    }

    /// <returns>Status and message of the trailers, and the response message.</returns>
    public async Task<(int Status, string Message, byte[] Body, HttpResponseMessage Response)> CallAsync(byte[] message, string service = "trace.v1.TraceService", bool gzip = false, string? key = null) =>
        await CallMethodAsync($"/opentelemetry.proto.collector.{service}/Export", message, gzip, key);

    public async Task<(int Status, string Message, byte[] Body, HttpResponseMessage Response)> CallMethodAsync(string method, byte[] message, bool gzip = false, string? key = null)
    {
        var payload = gzip ? Gzip(message) : message;
        var frame = new byte[5 + payload.Length];
        frame[0] = gzip ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        using var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Content = new ByteArrayContent(frame), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("te", "trailers");
        request.Headers.TryAddWithoutValidation("authorization", key ?? "Bearer " + GatewayHost.Key);
        if (gzip)
        {
            request.Headers.Add("grpc-encoding", "gzip");
        }
        var response = await Grpc.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var values) ? int.Parse(values.Single(), System.Globalization.CultureInfo.InvariantCulture) : -1;
        var text = response.TrailingHeaders.TryGetValues("grpc-message", out values) ? Uri.UnescapeDataString(values.Single()) : "";
        return (status, text, body.Length > 5 ? body[5..] : [], response);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return buffer.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Grpc.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>Acknowledges and keeps, or refuses on order; what was kept can be found as pending.</summary>
internal sealed class KeepingIntake : ITelemetryIntake
{
    private static readonly IntakeRefusal s_full = new("queue_full", "too much at once", 7);

    public List<TelemetryRecord> Records { get; } = [];
    public bool Full { get; set; }
    public bool FullAtAppend { get; set; }
    public bool Throws { get; set; }
    /// <summary>The next append waits for it.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public IEnumerable<Observation> Observations => Records.Where(record => record.Observation is not null).Select(record => record.Observation!);

    public bool CanAccept(out IntakeRefusal refusal)
    {
        refusal = s_full;
        return !Full;
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

    public bool TryAppend(TelemetryRecord record, out IntakeRefusal refusal) => throw new NotSupportedException();

    public async ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<TelemetryRecord> records, CancellationToken cancellationToken)
    {
        if (Hold is { } hold)
        {
            Hold = null;
            await hold.Task;
        }
        if (Throws)
        {
            throw new InvalidOperationException("Nobody expected this.");
        }
        if (FullAtAppend)
        {
            return new AppendResult(false, s_full);
        }
        Records.AddRange(records.ToArray());
        return new AppendResult(true, default);
    }

    public Durability Durability => Durability.Fsync;

    public TelemetryRecord? FindPending(Guid observationId) => Records.LastOrDefault(record => record.Observation?.Id == observationId);
}
