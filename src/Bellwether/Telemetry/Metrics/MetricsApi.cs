using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Telemetry;

/// <summary>
/// <c>GET /metrics</c>: OpenMetrics when it is asked for, else text 0.0.4, whatever the Accept header says; a scrape never
/// gets 406. Open to whoever reaches the port, as scrapers expect; it holds no prompt, user or key.
/// </summary>
internal static class MetricsApi
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", WriteAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task WriteAsync(HttpContext context, AiMetrics ai, MeterReadings readings)
    {
        var openMetrics = context.Request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        var writer = new ExpositionWriter(openMetrics);
        ai.Write(writer);
        readings.Write(writer);
        var body = Encoding.UTF8.GetBytes(writer.ToString());

        context.Response.ContentType = openMetrics ? ExpositionWriter.OpenMetricsType : ExpositionWriter.TextType;
        context.Response.Headers.Vary = "Accept, Accept-Encoding";
        if (context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(body, context.RequestAborted);
            return;
        }
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
