using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>A request of Phoenix's API from a key that may make it.</summary>
/// <param name="Body">The JSON of the body; null for requests without one.</param>
internal sealed record PhoenixCall(HttpContext Context, ApiKey Key, JsonNode? Body, DateTimeOffset Now, CancellationToken CancellationToken)
{
    public ProjectId Project => Key.Project;

    public string Route(string name) => Context.Request.RouteValues[name] as string ?? "";

    public string Query(string name) => Context.Request.Query[name] is [{ Length: > 0 } text, ..] ? text : "";

    public string[] QueryAll(string name) => [.. Context.Request.Query[name].Where(text => !string.IsNullOrEmpty(text)).Select(text => text!)];

    /// <summary>How many things a page may have.</summary>
    public int Limit(int usual, int most) => Query("limit") is not { Length: > 0 } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? Math.Min(limit, most)
        : throw PhoenixRefusal.Invalid("limit: must be a number above 0");
}

internal sealed record PhoenixAnswer(JsonNode? Body, int Status = StatusCodes.Status200OK)
{
    /// <summary><c>{"data":…}</c></summary>
    public static PhoenixAnswer Data(JsonNode data) => new(new JsonObject { ["data"] = data });

    /// <summary><c>{"data":[…],"next_cursor":…}</c></summary>
    public static PhoenixAnswer Page(IEnumerable<JsonNode> items, string? next) =>
        new(new JsonObject { ["data"] = new JsonArray([.. items]), ["next_cursor"] = next });
}

/// <summary>Ends the handling of a request with an answer that says why.</summary>
internal sealed class PhoenixRefusal(int status, string reason, string message) : IngestRefusal(status, reason, message)
{
    public static PhoenixRefusal Invalid(string message) => new(StatusCodes.Status422UnprocessableEntity, "invalid", message);

    public static PhoenixRefusal NotFound(string what) => new(StatusCodes.Status404NotFound, "not_found", what + " was not found");

    /// <summary>The refusal of a change of state, with the field in its way.</summary>
    public static PhoenixRefusal Of<T>(Change<T> change, string what)
    {
        var message = string.Join("; ", change.Errors.Select(error => $"{error.Key}: {string.Join(", ", error.Value)}"));
        return change.Outcome switch
        {
            ChangeOutcome.NotFound => NotFound(what),
            ChangeOutcome.Conflict => new(StatusCodes.Status409Conflict, "conflict", message),
            _ => Invalid(message),
        };
    }
}

/// <summary>
/// The way into Phoenix's API: who calls, what the key may do, the body, errors as <c>{"detail":"…"}</c>, and on every answer the version
/// of Phoenix by which its clients decide what they may call.
/// </summary>
internal sealed class PhoenixDoor(IKeyring keyring, PhoenixMeters meters, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<PhoenixDoor> logger)
{
    public static readonly string Version = "20.3.0";
    public static readonly string VersionHeader = "x-phoenix-server-version";

    /// <param name="context">The request.</param>
    /// <param name="least">The role that is needed; null for what every key may send.</param>
    /// <param name="handler">Makes the answer.</param>
    public async Task HandleAsync(HttpContext context, Role? least, Func<PhoenixCall, Task<PhoenixAnswer>> handler)
    {
        context.Response.Headers[VersionHeader] = Version;
        try
        {
            var answer = await AnswerAsync(context, least, handler);
            await IngestAnswer.WriteAsync(context, answer.Status, answer.Body);
        }
        catch (Exception error) when (IngestRefusal.Of(error, context, StatusCodes.Status422UnprocessableEntity) is { } refusal)
        {
            if (refusal.IsUnforeseen)
            {
                Log.PhoenixFailed(logger, error.GetType().Name, error.StackTrace);
            }
            meters.Refused(refusal.Reason);
            await IngestAnswer.WriteAsync(context, refusal.Status, new JsonObject { ["detail"] = refusal.Message }, refusal.RetryAfterSeconds);
        }
    }

    private async Task<PhoenixAnswer> AnswerAsync(HttpContext context, Role? least, Func<PhoenixCall, Task<PhoenixAnswer>> handler)
    {
        var key = IngestCredentials.Require(keyring, context.Request.Headers, least);
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            return await handler(new PhoenixCall(context, key, null, clock.GetUtcNow(), context.RequestAborted));
        }
        var boundary = MultipartParts.Boundary(context.Request.ContentType);
        if (context.Request.HasFormContentType && (boundary is null || !context.Request.Path.Value!.EndsWith("/datasets/upload", StringComparison.Ordinal)))
        {
            throw new PhoenixRefusal(StatusCodes.Status415UnsupportedMediaType, "content_type", "Only JSON is taken here.");
        }
        var (body, refusal) = await IngestBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, context.RequestAborted);
        if (body is null)
        {
            throw IngestRefusal.Of(refusal!);
        }
        JsonNode? json;
        using (body)
        {
            if (boundary is not null)
            {
                json = PhoenixCsv.Read(body.Memory, boundary, options.Value.MaxBodyBytes);
            }
            else if ((LooseJson.TryParse(body.Span, out json) ? json : Salvaged(body.Memory)) is not JsonObject members)
            {
                throw PhoenixRefusal.Invalid("The body must be one JSON object without repeated names.");
            }
            else
            {
                json = members;
            }
        }
        return await handler(new PhoenixCall(context, key, json, clock.GetUtcNow(), context.RequestAborted));
    }

    // {"data":[…]}: a span or a word of feedback that cannot be worked with is null among its neighbours.
    private static JsonObject? Salvaged(ReadOnlyMemory<byte> body) =>
        BatchJson.Of(body) is not { IsObject: true } batch || !batch.IsList("data") ? null
        : batch.IsTooLong("data") ? throw IngestRefusal.Of(BodyRefusal.TooMany("data", BatchJson.MostItems))
        : new JsonObject { ["data"] = new JsonArray([.. batch.Items("data").Select(item => item.Json)]) };
}
