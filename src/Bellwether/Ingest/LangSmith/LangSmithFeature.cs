using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>The receiving side of LangSmith's API: runs and feedback, under every base URL that its clients can be given.</summary>
public static class LangSmithFeature
{
    // The size that /info names is what clients batch to; single runs may be larger.
    private const int MostBytes = 64 << 20;

    private const string Info = """
        {"version":"0.18.0","license_expiration_time":null,"instance_flags":{"gzip_body_enabled":true,"zstd_compression_enabled":true,"dataset_examples_multipart_enabled":false,"examples_multipart_enabled":false,"ch_query_enabled":true,"sdb_query_enabled":false},"batch_ingest_config":{"use_multipart_endpoint":true,"size_limit":100,"size_limit_bytes":20971520,"scale_up_qsize_trigger":1000,"scale_up_nthreads_limit":16,"scale_down_nempty_trigger":4}}
        """;

    private static readonly string[] s_prefixes = ["", "/api", "/api/v1"];

    public static IServiceCollection AddLangSmith(this IServiceCollection services)
    {
        services.TryAddSingleton<LangSmithReceiver>();
        return services;
    }

    public static IEndpointRouteBuilder MapLangSmith(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in s_prefixes)
        {
            // The key may be in a header that the API's own scheme does not know, and errors have another shape: the receiver checks.
            var group = routes.MapGroup(prefix).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
            group.MapGet("/info", () => Results.Text(Info, "application/json"));
            group.MapPost("/runs/multipart", MultipartAsync);
            group.MapPost("/runs/batch", (HttpContext context, LangSmithReceiver receiver, IKeyring keyring) => JsonAsync(context, receiver, keyring, RunBatch.OfJson));
            group.MapPost("/runs", (HttpContext context, LangSmithReceiver receiver, IKeyring keyring) => JsonAsync(context, receiver, keyring,
                static run => JsonFields.Id(run["id"]) is { } id ? RunBatch.Of(id, run) : null));
            group.MapPatch("/runs/{id}", (string id, HttpContext context, LangSmithReceiver receiver, IKeyring keyring) => JsonAsync(context, receiver, keyring,
                run => Guid.TryParse(id, out var known) ? RunBatch.Of(known, run) : null));
            group.MapPost("/feedback", FeedbackAsync);
        }
        return routes;
    }

    private static async Task<IResult> MultipartAsync(HttpContext context, LangSmithReceiver receiver, IKeyring keyring)
    {
        if (IngestCredentials.Find(keyring, context.Request.Headers) is not { } key)
        {
            return Error(StatusCodes.Status401Unauthorized, "The key is missing, unknown, revoked or expired.");
        }
        var (body, refusal) = await IngestBody.ReadAsync(context.Request, MostBytes, context.RequestAborted);
        if (body is null)
        {
            return Error(refusal!.Status, refusal.Message);
        }
        using (body)
        {
            return MultipartParts.Boundary(context.Request.ContentType) is { } boundary
                ? await KeepAsync(context, receiver, key, RunBatch.OfMultipart(body.Memory, boundary))
                : Error(StatusCodes.Status422UnprocessableEntity, "The Content-Type must be multipart/form-data with a boundary.");
        }
    }

    private static async Task<IResult> JsonAsync(HttpContext context, LangSmithReceiver receiver, IKeyring keyring, Func<JsonObject, RunBatch?> read)
    {
        var (key, body, refusal) = await ReadAsync(context, keyring);
        return refusal
            ?? (read(body!) is { } batch ? await KeepAsync(context, receiver, key!, batch) : Error(StatusCodes.Status422UnprocessableEntity, "The id of a run must be a UUID."));
    }

    private static async Task<IResult> FeedbackAsync(HttpContext context, LangSmithReceiver receiver, IKeyring keyring, TimeProvider clock)
    {
        var (key, feedback, refusal) = await ReadAsync(context, keyring);
        if (refusal is not null)
        {
            return refusal;
        }
        feedback!["id"] ??= Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        feedback["created_at"] ??= clock.GetUtcNow().ToString("O");
        feedback["modified_at"] ??= feedback["created_at"]!.DeepClone();
        var batch = new RunBatch();
        batch.Feedback.Add(feedback);
        var result = await receiver.ReceiveAsync(batch, key!, context.RequestAborted);
        return !result.Accepted ? Busy(context, result.Refusal)
            : batch.Rejected > 0 ? Error(StatusCodes.Status422UnprocessableEntity, "Feedback needs a key, and a UUID in run_id, trace_id or session_id.")
            : Answer(StatusCodes.Status200OK, feedback);
    }

    private static async Task<(ApiKey? Key, JsonObject? Body, IResult? Refusal)> ReadAsync(HttpContext context, IKeyring keyring)
    {
        if (IngestCredentials.Find(keyring, context.Request.Headers) is not { } key)
        {
            return (null, null, Error(StatusCodes.Status401Unauthorized, "The key is missing, unknown, revoked or expired."));
        }
        var (body, refusal) = await IngestBody.ReadAsync(context.Request, MostBytes, context.RequestAborted);
        if (body is null)
        {
            return (null, null, Error(refusal!.Status, refusal.Message));
        }
        using (body)
        {
            return RunBatch.Parse(body.Span) is JsonObject fields
                ? (key, fields, null)
                : (null, null, Error(StatusCodes.Status422UnprocessableEntity, "The body must be one JSON object without repeated names."));
        }
    }

    private static async Task<IResult> KeepAsync(HttpContext context, LangSmithReceiver receiver, ApiKey key, RunBatch batch)
    {
        var result = await receiver.ReceiveAsync(batch, key, context.RequestAborted);
        if (!result.Accepted)
        {
            return Busy(context, result.Refusal);
        }
        var answer = new JsonObject { ["message"] = "Runs batch ingested" };
        if (batch.Rejected > 0)
        {
            answer["rejected"] = batch.Rejected;
            answer["warnings"] = new JsonArray([.. batch.Warnings.Select(warning => (JsonNode)warning)]);
        }
        return Answer(StatusCodes.Status202Accepted, answer);
    }

    // Without Retry-After LangSmith's Python client drops the batch at once.
    private static IResult Busy(HttpContext context, IntakeRefusal refusal)
    {
        if (refusal.Code == "too_large")
        {
            return Error(StatusCodes.Status413PayloadTooLarge, refusal.Message);
        }
        context.Response.Headers.RetryAfter = Math.Max(1, refusal.RetryAfterSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Error(StatusCodes.Status503ServiceUnavailable, refusal.Message);
    }

    private static IResult Error(int status, string detail) => Answer(status, new JsonObject { ["detail"] = detail });

    private static IResult Answer(int status, JsonObject body) =>
        Results.Text(JsonSerializer.Serialize(body, JsonTexts.Default.JsonObject), "application/json", statusCode: status);
}
