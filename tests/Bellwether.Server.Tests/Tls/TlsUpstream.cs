using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Bellwether.Server.Tests;

/// <summary>A provider behind TLS that offers HTTP/2 and HTTP/1.1, as the public ones do, and says what was chosen.</summary>
internal sealed class TlsUpstream : IAsyncDisposable
{
    public const string Answer = """{"id":"c1","object":"chat.completion","model":"tls","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""";
    public const string First = """data: {"id":"c1","object":"chat.completion.chunk","model":"tls","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}""" + "\n\n";
    public const string Rest = """data: {"id":"c1","object":"chat.completion.chunk","model":"tls","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n";

    private readonly WebApplication _app;
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _crowd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    private TlsUpstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Protocol and path of every request, in order of arrival.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Connections that carried them.</summary>
    public ConcurrentDictionary<string, bool> Connections { get; } = new();

    /// <summary>Calls of model <c>crowd</c> are answered once so many are there at the same time.</summary>
    public int CrowdSize { get; set; } = 1;

    /// <summary>Lets the streams of models <c>held</c> and <c>reset</c> go on after their first event.</summary>
    public void GoOn() => _goOn.TrySetResult();

    public static async Task<TlsUpstream> StartAsync(TestAuthority authority)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(authority.Issue());
        }));
        var app = builder.Build();
        app.UseWebSockets();
        var upstream = new TlsUpstream(app);
        app.Run(upstream.ServeAsync);
        await app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task ServeAsync(HttpContext context)
    {
        Seen.Enqueue($"{context.Request.Protocol} {context.Request.Path}");
        Connections[context.Connection.Id] = true;
        return context.WebSockets.IsWebSocketRequest ? EchoAsync(context) : AnswerAsync(context);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var model = body.RootElement.GetProperty("model").GetString();
        if (model == "plain")
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Answer);
            return;
        }
        if (model == "crowd")
        {
            if (Interlocked.Increment(ref _waiting) >= CrowdSize)
            {
                _crowd.TrySetResult();
            }
            await _crowd.Task;
        }
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(First);
        await context.Response.Body.FlushAsync();
        if (model is "held" or "reset")
        {
            await _goOn.Task;
        }
        if (model == "reset")
        {
            // INTERNAL_ERROR of RFC 9113: the stream breaks, the connection lives on.
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(2);
            return;
        }
        await context.Response.WriteAsync(Rest);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault() });
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
                return;
            }
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
        }
    }
}
