using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>PostHog's capture routes: <c>{"api_key","batch":[…]}</c>, a list of events, or one event.</summary>
internal sealed class PostHogHttp(
    AnalyticsReceiver receiver, AnalyticsMeters meters, IKeyring keyring, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<PostHogHttp> logger)
    : AnalyticsHttp(meters.PostHog, keyring, options, clock, logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var reply = await RunAsync(context, body => ReceiveAsync(context, body));
        var answer = new JsonObject();
        if (reply.IsTaken)
        {
            answer["status"] = 1;
            if (reply.Rejected > 0)
            {
                answer["rejected"] = reply.Rejected;
                answer["warning"] = reply.Message;
            }
        }
        else
        {
            answer = ErrorOf(reply);
        }
        await WriteAsync(context, reply.Status, "application/json", Encoding.UTF8.GetString(JsonFields.Bytes(answer)));
    }

    public static Task NotServedAsync(HttpContext context) => IngestAnswer.WriteAsync(context, StatusCodes.Status404NotFound, new JsonObject
    {
        ["type"] = "invalid_request", ["code"] = "not_found", ["detail"] = $"{context.Request.Method} {context.Request.Path} is not served here", ["attr"] = null,
    });

    /// <summary><c>{"type","code","detail","attr"}</c> of what was not taken.</summary>
    internal static JsonObject ErrorOf(AnalyticsReply reply) => new()
    {
        ["type"] = reply.Status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            StatusCodes.Status503ServiceUnavailable => "server_error",
            _ => "validation_error",
        },
        ["code"] = reply.Status == StatusCodes.Status401Unauthorized ? "invalid_api_key" : reply.Reason,
        ["detail"] = reply.Message,
        ["attr"] = reply.Status == StatusCodes.Status401Unauthorized ? "api_key" : Field(reply.Message),
    };

    private async Task<AnalyticsReply> ReceiveAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var json = AnalyticsBody.IsJson(body.Span) ? body : AnalyticsBody.OfForm(body.Span) ?? default(ReadOnlyMemory<byte>);
        if (json.IsEmpty || AnalyticsBody.Parse(json, mayBeLines: false)?.Json is not { } read)
        {
            return AnalyticsReply.Bad("The body must be JSON, or a form of at most 8 MiB whose field data is JSON or its base64.");
        }
        if (read.IsObject && !read.IsList("batch") && !read.Has("event"))
        {
            return AnalyticsReply.Bad("batch: must be an array of events.");
        }
        if (read.IsTooLong() || read.IsTooLong("batch"))
        {
            return AnalyticsReply.Of(BodyRefusal.TooMany("batch", BatchJson.MostItems));
        }
        var token = JsonFields.First(read.Get("api_key"), read.Get("token"));
        var events = read.IsList("batch") ? read.Items("batch") : read.Items();
        return await receiver.ReceiveAsync(Request(context, token, read.Whole.Span.IndexOf("\"$ai_trace\""u8) < 0 ? FrozenSet<string>.Empty : Traces(events)), events, AnalyticsEvent.OfPostHog, context.RequestAborted);
    }

    // "batch: must be …" names its field in front; a sentence names none.
    private static string? Field(string message) => message.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end && !message[..end].Contains(' ', StringComparison.Ordinal) ? message[..end] : null;

    private static HashSet<string> Traces(IEnumerable<BatchItem> events) =>
        [.. events.Where(item => JsonFields.Text(JsonFields.Get(item.Json, "event")) == "$ai_trace")
            .Select(item => JsonFields.Text(JsonFields.Get(JsonFields.Get(item.Json, "properties"), "$ai_trace_id"))).Where(id => id.Length > 0)];
}
