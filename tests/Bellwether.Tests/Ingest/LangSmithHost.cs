using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Bellwether.Tests.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Tests.Ingest;

/// <summary>The LangSmith receiver on real Kestrel, over an intake that keeps what it is given.</summary>
internal sealed class LangSmithHost : ReceiverHost
{
    private const string Boundary = "----formdata-undici-047294870912";

    private LangSmithHost(WebApplication app) : base(app) { }

    public static async Task<LangSmithHost> StartAsync() => new(await StartAsync(
        services => services.AddSingleton<DbDataSource>(new BrokenState()).AddSingleton(new DataFolder(Directory.CreateTempSubdirectory("bw-langsmith").FullName)).AddLangSmith(), app => app.MapLangSmith(), app => app.UseLangSmith()));

    /// <summary>The last version of a run.</summary>
    public TelemetryRecord Run(string id) => Intake.FindPending(Guid.Parse(id)) ?? throw new InvalidOperationException($"No run {id} was kept.");

    public Observation Observation(string id) => Run(id).Observation!;

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

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent content, string type, string? encoding = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }
        request.Headers.TryAddWithoutValidation("x-api-key", key ?? GatewayHost.Key);
        return await Http.SendAsync(request);
    }
}

/// <summary>A state store that fails at every word, which must never stop a run.</summary>
internal sealed class BrokenState : DbDataSource
{
    public override string ConnectionString => "";

    protected override DbConnection CreateDbConnection() => throw new InvalidOperationException("There is no state.");
}
