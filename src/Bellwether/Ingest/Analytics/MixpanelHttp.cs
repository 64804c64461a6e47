using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>
/// Mixpanel's routes. Their clients take nothing but a body of <c>1</c> for success (or <c>{"status":1}</c> where they asked for words);
/// only who sends JSON to <c>/import</c> gets the newer answer.
/// </summary>
internal sealed class MixpanelHttp(
    AnalyticsReceiver receiver, AnalyticsMeters meters, IKeyring keyring, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<MixpanelHttp> logger)
    : AnalyticsHttp(meters.Mixpanel, keyring, options, clock, logger)
{
    /// <param name="context">The request.</param>
    /// <param name="path"><c>/track</c> and <c>/import</c> have events, <c>/engage</c> and <c>/groups</c> profiles.</param>
    public async Task HandleAsync(HttpContext context, string path)
    {
        var isImport = false;
        var reply = await RunAsync(context, body =>
        {
            isImport = path == "/import" && AnalyticsBody.IsJson(body.Span);
            return ReceiveAsync(context, path, body);
        });
        if (isImport)
        {
            await WriteAsync(context, reply.Status, "application/json", Encoding.UTF8.GetString(JsonFields.Bytes(Import(reply))));
        }
        else if (context.Request.Query["verbose"] == "1")
        {
            var answer = new JsonObject { ["status"] = reply.IsTaken ? 1 : 0, ["error"] = reply.IsTaken ? null : reply.Message };
            await WriteAsync(context, reply.Status, "application/json", Encoding.UTF8.GetString(JsonFields.Bytes(answer)));
        }
        else
        {
            await WriteAsync(context, reply.Status, "text/plain", reply.IsTaken ? "1" : "0");
        }
    }

    private async Task<AnalyticsReply> ReceiveAsync(HttpContext context, string path, ReadOnlyMemory<byte> body)
    {
        var query = context.Request.Query;
        ReadOnlyMemory<byte> json = body.IsEmpty ? AnalyticsBody.OfField(query["data"].ToString())
            : AnalyticsBody.IsJson(body.Span) ? body
            : AnalyticsBody.OfForm(body.Span);
        var read = json.IsEmpty ? null : AnalyticsBody.Parse(json, mayBeLines: true);
        if (read is null)
        {
            return AnalyticsReply.Bad("data: must be JSON or its base64, in the query, in a form of at most 8 MiB, or as the body.");
        }
        if (read.Json?.IsTooLong() == true)
        {
            return AnalyticsReply.Of(BodyRefusal.TooMany("data", BatchJson.MostItems));
        }
        var request = Request(context, query["api_key"].ToString(), FrozenSet<string>.Empty);
        return await receiver.ReceiveAsync(
            request, read.Events(), path is "/engage" or "/groups" ? AnalyticsEvent.OfProfile : AnalyticsEvent.OfMixpanel, context.RequestAborted);
    }

    private static JsonObject Import(AnalyticsReply reply) => reply.IsTaken
        ? new JsonObject { ["code"] = 200, ["status"] = "OK", ["num_records_imported"] = reply.Taken, ["failed_records"] = Failed(reply) }
        : new JsonObject { ["code"] = reply.Status, ["status"] = reply.Reason, ["error"] = reply.Message };

    private static JsonArray Failed(AnalyticsReply reply) =>
        [.. reply.Failures.Select(failure => new JsonObject { ["index"] = failure.Index, ["message"] = failure.Problem })];
}
