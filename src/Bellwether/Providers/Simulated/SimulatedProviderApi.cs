using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bellwether.Providers;

/// <summary>The simulated provider as an HTTP server of its own: <c>bellwether-server simulate --urls http://127.0.0.1:5090</c>.</summary>
public static class SimulatedProviderApi
{
    /// <summary>Runs until SIGTERM or SIGINT. Returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        if (builder.Configuration["urls"] is null)
        {
            builder.Configuration["urls"] = "http://127.0.0.1:5090";
        }
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 256 * 1024 * 1024;
            // A slow reader must not be cut off by the upstream.
            options.Limits.MinResponseDataRate = null;
            options.Limits.MinRequestBodyDataRate = null;
        });
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<SimulatedProvider>();
        var app = builder.Build();
        var provider = app.Services.GetRequiredService<SimulatedProvider>();
        app.Run(context => ServeAsync(context, provider, TimeProvider.System));
        await app.RunAsync();
        return 0;
    }

    private static async Task ServeAsync(HttpContext context, SimulatedProvider provider, TimeProvider time)
    {
        var started = time.GetTimestamp();
        var request = context.Request;
        var read = await ReadBodyAsync(request.BodyReader, context.RequestAborted);
        SimulatedReply reply;
        try
        {
            var body = read.Buffer.IsSingleSegment ? read.Buffer.First : read.Buffer.ToArray();
            reply = provider.Answer(new SimulatedRequest(
                request.Method, request.Path.Value ?? "", request.QueryString.Value ?? "", body, request.Headers.ContainsKey("anthropic-version")));
        }
        finally
        {
            request.BodyReader.AdvanceTo(read.Buffer.End);
        }

        var response = context.Response;
        await WaitUntilAsync(reply.HeadersAt, time, started, context.RequestAborted);
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        response.ContentLength = reply.ContentLength;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }
        if (reply.ContentLength is null)
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        }
        foreach (var chunk in reply.Chunks)
        {
            await WaitUntilAsync(chunk.At, time, started, context.RequestAborted);
            if (chunk.Reset)
            {
                context.Abort();
                return;
            }
            await response.BodyWriter.WriteAsync(chunk.Bytes, context.RequestAborted);
        }
    }

    private static async ValueTask<ReadResult> ReadBodyAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                return read;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static Task WaitUntilAsync(TimeSpan due, TimeProvider time, long started, CancellationToken cancellationToken)
    {
        if (due <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }
        var left = due - time.GetElapsedTime(started);
        return left > TimeSpan.Zero ? Task.Delay(left, time, cancellationToken) : Task.CompletedTask;
    }
}
