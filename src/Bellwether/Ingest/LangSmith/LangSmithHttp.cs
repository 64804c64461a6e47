using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>LangSmith's requests and answers. Errors are <c>{"detail":"…"}</c>, as its own server writes them.</summary>
internal sealed class LangSmithHttp(LangSmithReceiver receiver, IKeyring keyring, LangSmithMeters meters, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<LangSmithHttp> logger)
{
    // JS warns below 0.18.0. What the flags promise is what is built. With sdb_query_enabled JS would compare experiments by the second query API alone, of which a part is built.
    private const string Info = """
        {"version":"0.18.0","license_expiration_time":null,"instance_flags":{"gzip_body_enabled":true,"zstd_compression_enabled":true,"dataset_examples_multipart_enabled":true,"examples_multipart_enabled":true,"ch_query_enabled":true,"sdb_query_enabled":false},"batch_ingest_config":{"use_multipart_endpoint":true,"size_limit":100,"size_limit_bytes":20971520,"scale_up_qsize_trigger":1000,"scale_up_nthreads_limit":16,"scale_down_nempty_trigger":4}}
        """;

    private const string NotAnObject = "The body must be one JSON object without repeated names.";

    public static Task InfoAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Info, context.RequestAborted);
    }

    public Task MultipartAsync(HttpContext context) => HandleAsync(context, body => MultipartParts.Boundary(context.Request.ContentType) is { } boundary
        ? (RunBatch.OfMultipart(body.Memory, boundary, options.Value.MaxBodyBytes), "")
        : (null, "Content-Type must be multipart/form-data with a boundary."), RunsAsync);

    public Task BatchAsync(HttpContext context) => HandleAsync(context, static body => BatchJson.Of(body.Memory) is { IsObject: true } runs
        ? (RunBatch.OfJson(runs), "")
        : (null, NotAnObject), RunsAsync);

    /// <param name="context">The request.</param>
    /// <param name="id">From the path; null when the body names it.</param>
    public Task RunAsync(HttpContext context, string? id) => HandleAsync(
        context,
        body => RunBatch.Parse(body.Span) is not JsonObject run ? (null, NotAnObject)
            : Guid.TryParse(id ?? JsonFields.Text(run["id"]), CultureInfo.InvariantCulture, out var known) ? (RunBatch.Of(known, run), "")
            : (null, "id: must be a UUID"),
        RunsAsync);

    public Task FeedbackAsync(HttpContext context)
    {
        JsonObject? said = null;
        return HandleAsync(
            context,
            body =>
            {
                said = RunBatch.Parse(body.Span) as JsonObject;
                return said is null ? (null, NotAnObject) : (RunBatch.OfFeedback(said, clock.GetUtcNow()), "");
            },
            (answered, batch, _) => batch.Rejected > 0
                ? FailAsync(answered, Invalid(batch.Warnings[0]))
                : IngestAnswer.WriteAsync(answered, StatusCodes.Status200OK, said));
    }

    private async Task HandleAsync(HttpContext context, Func<IngestBody, (RunBatch? Batch, string Problem)> read, Func<HttpContext, RunBatch, int, Task> answer)
    {
        try
        {
            var key = IngestCredentials.Require(keyring, context.Request.Headers, least: null);
            var (body, refusal) = await IngestBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, context.RequestAborted);
            if (body is null)
            {
                throw IngestRefusal.Of(refusal!);
            }
            RunBatch? batch;
            string problem;
            using (body)
            {
                (batch, problem) = read(body);
            }
            if (batch is null)
            {
                throw Invalid(problem);
            }
            var sender = new OtlpSender(key, "langsmith", clock.GetUtcNow(), TimeSpan.FromDays(options.Value.OldestDays));
            var (result, kept) = await receiver.ReceiveAsync(batch, sender, context.RequestAborted);
            await (result.Accepted ? answer(context, batch, kept) : throw IngestRefusal.Busy(result.Refusal.Code, result.Refusal.Message, result.Refusal.RetryAfterSeconds));
        }
        catch (Exception error) when (IngestRefusal.Of(error, context, StatusCodes.Status422UnprocessableEntity) is { } refusal)
        {
            if (refusal.IsUnforeseen)
            {
                Log.RunsFailed(logger, error.GetType().Name, error.StackTrace);
            }
            await FailAsync(context, refusal);
        }
    }

    // A 4xx makes clients drop the whole batch: it is for requests of which nothing was kept.
    private Task RunsAsync(HttpContext context, RunBatch batch, int kept)
    {
        if (batch.Rejected > 0 && kept == 0)
        {
            return FailAsync(context, Invalid(batch.Warnings[0]));
        }
        var answer = new JsonObject { ["message"] = "Runs batch ingested" };
        if (batch.Rejected > 0)
        {
            answer["rejected"] = batch.Rejected;
            answer["warnings"] = new JsonArray([.. batch.Warnings.Select(warning => (JsonNode)warning)]);
        }
        return IngestAnswer.WriteAsync(context, StatusCodes.Status202Accepted, answer);
    }

    private static IngestRefusal Invalid(string message) => new(StatusCodes.Status422UnprocessableEntity, "invalid", message);

    private Task FailAsync(HttpContext context, IngestRefusal refusal)
    {
        meters.Refused(refusal.Reason);
        return IngestAnswer.WriteAsync(context, refusal.Status, new JsonObject { ["detail"] = refusal.Message }, refusal.RetryAfterSeconds);
    }
}
