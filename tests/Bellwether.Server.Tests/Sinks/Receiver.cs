using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bellwether.Server.Tests;

/// <summary>A POST that a receiver got.</summary>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>An HTTP server that keeps what it is sent and answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private Receiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Status and body of the next answers.</summary>
    public (int Status, string Body) Answer { get; set; } = (200, "1");

    /// <summary>What was answered with 2xx.</summary>
    public IReadOnlyList<Received> Taken => [.. _received];

    public int Refused;

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var (status, text) = Answer;
        if (status is >= 200 and < 300)
        {
            _received.Enqueue(new Received(
                context.Request.Path + context.Request.QueryString, context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), body.ToArray()));
        }
        else
        {
            Interlocked.Increment(ref Refused);
        }
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text);
    }
}
