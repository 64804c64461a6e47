using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Bellwether.Flags;

/// <summary>Server-sent events that tell a page to ask for its flags again. It never says what changed: that depends on who asks.</summary>
internal sealed class FlagStreamApi(
    FlagBook book, FlagStreamKeys keys, OfrepDoorApi door, FlagMeters meters, IOptions<FlagsOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public static readonly string Path = "/ofrep/v1/events";

    private const int BusySeconds = 60;
    // Shorter than proxies let a connection be silent, which is 60 seconds for most.
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(20);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, static (HttpContext context, FlagStreamApi api) => api.StreamAsync(context)).AllowAnonymous().ExcludeFromDescription();

    private async Task StreamAsync(HttpContext context)
    {
        if (!door.Admit(context))
        {
            return;
        }
        var token = context.Request.Query["key"].ToString();
        if (keys.Open(token) is null)
        {
            door.Refuse(context, StatusCodes.Status401Unauthorized, "key");
            return;
        }
        if (!meters.TryOpenStream(options.Value.MostStreams))
        {
            door.RefuseFor(context, StatusCodes.Status503ServiceUnavailable, "streams", BusySeconds);
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            // nginx holds answers back otherwise.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await SendAsync(context, token, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The page is gone, or the server goes.
        }
        finally
        {
            meters.CloseStream();
        }
    }

    private async Task SendAsync(HttpContext context, string token, CancellationToken cancellationToken)
    {
        // What the page has: of the last event before a connection broke, else of the answer that named this address. Changes since then are told at once.
        var seen = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : context.Request.Query["tag"].ToString();
        await WriteAsync(context, ":\n\n", cancellationToken);
        while (keys.Open(token) is { } key)
        {
            var changed = book.Changed;
            var flags = book.Of(key.Project);
            if (flags.Tag != seen)
            {
                seen = flags.Tag;
                await WriteAsync(context, string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""
                    id: {{seen}}
                    data: {"type":"refetchEvaluation","etag":"{{seen}}","lastModified":{{flags.ChangedAt.ToUnixTimeSeconds()}}}


                    """), cancellationToken);
            }
            try
            {
                await changed.WaitAsync(s_heartbeat, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                await WriteAsync(context, ":\n\n", cancellationToken);
            }
        }
    }

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(text, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
