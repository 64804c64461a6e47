using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Bellwether.Flags;

/// <summary>OFREP 0.3: one flag for providers in servers, all flags of the key's project for those in browsers.</summary>
internal sealed class OfrepApi(
    FlagBook book, OfrepDoorApi door, FlagStreamKeys streams, FlagMeters meters, ILogger<OfrepApi> logger)
{
    /// <summary>After so long in the background a page stops listening and asks anew when it is looked at.</summary>
    private const int InactivitySeconds = 120;

    public static void Map(IEndpointRouteBuilder routes)
    {
        // It checks keys itself: they come in two headers, and errors have another shape. The npm provider for servers does not encode a key's slashes.
        routes.MapPost("/ofrep/v1/evaluate/flags/{**key}", static (HttpContext context, string? key, OfrepApi api) => api.AnswerAsync(context, FlagsApi.KeyOf(key))).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/ofrep/v1/evaluate/flags/{**key}", [HttpMethods.Options], static (HttpContext context, OfrepDoorApi door) => door.Preflight(context)).AllowAnonymous().ExcludeFromDescription();
    }

    private async Task AnswerAsync(HttpContext context, string key)
    {
        if (door.Open(context, OfrepDoorApi.KeyOf(context.Request.Headers)) is not { } caller)
        {
            return;
        }
        using var request = await OfrepRequest.ReadAsync(context.Request.BodyReader, context.RequestAborted);
        try
        {
            if (key.Length > 0)
            {
                One(context, caller.Project, key, request);
            }
            else
            {
                All(context, caller, request);
            }
        }
        catch (Exception error) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Log.EvaluationFailed(logger, error, context.TraceIdentifier);
            Fail(context, StatusCodes.Status500InternalServerError, null, OfrepProblem.Ours);
        }
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void One(HttpContext context, ProjectId project, string key, OfrepRequest request)
    {
        if (request.Problem is { } problem)
        {
            Fail(context, StatusCodes.Status400BadRequest, key, problem);
        }
        else if (book.Of(project).Find(key) is not { } flag)
        {
            Fail(context, StatusCodes.Status404NotFound, key, OfrepProblem.NotFound);
        }
        else if (Evaluate(flag, request.Context) is not { Variant: not null } result)
        {
            Fail(context, StatusCodes.Status400BadRequest, key, OfrepProblem.NoUnit);
        }
        else
        {
            using var json = Json(context, StatusCodes.Status200OK);
            OfrepWriter.Write(json, flag, result);
        }
    }

    private void All(HttpContext context, ApiKey caller, OfrepRequest request)
    {
        if (request.Problem is { } problem)
        {
            Fail(context, StatusCodes.Status400BadRequest, null, problem);
            return;
        }
        var flags = book.Of(caller.Project);
        var stream = $"{context.Request.PathBase}{FlagStreamApi.Path}?key={streams.Of(caller)}&tag={flags.Tag}";
        var tag = Tag(stream, request.Context);
        context.Response.Headers.ETag = tag;
        if (Matches(context.Request.Headers.IfNoneMatch, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        using var json = Json(context, StatusCodes.Status200OK);
        json.WriteStartObject();
        json.WriteStartArray("flags"u8);
        foreach (var flag in flags.All)
        {
            OfrepWriter.Write(json, flag, Evaluate(flag, request.Context));
        }
        json.WriteEndArray();
        json.WriteStartObject("metadata"u8);
        json.WriteString("project"u8, caller.Project.Value);
        json.WriteEndObject();
        // Without an origin it is that of the address which the client was given: we do not know by which name it reaches us.
        json.WriteStartArray("eventStreams"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "sse"u8);
        json.WriteStartObject("endpoint"u8);
        json.WriteString("requestUri"u8, stream);
        json.WriteEndObject();
        json.WriteNumber("inactivityDelaySec"u8, InactivitySeconds);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private FlagResult Evaluate(Flag flag, in FlagContext context)
    {
        var result = FlagEvaluator.Evaluate(flag, context);
        meters.Evaluated(result.Reason);
        return result;
    }

    // Over all that an answer is made of, and not over the answer: a poll that changes nothing evaluates nothing. The flags' own tag is in the stream's address.
    private static string Tag(string stream, in FlagContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(stream));
        hash.AppendData([0]);
        if (context.Attributes.ValueKind == JsonValueKind.Object)
        {
            hash.AppendData(JsonMarshal.GetRawUtf8Value(context.Attributes));
        }
        return $"\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}\"";
    }

    // RFC 9110: a list, or *; a proxy that compresses makes a tag weak.
    private static bool Matches(IEnumerable<string?> headers, string tag) => headers.SelectMany(header => (header ?? "").Split(','))
        .Any(one => one.Trim() is var sent && (sent == "*" || sent == tag || (sent.StartsWith("W/", StringComparison.Ordinal) && sent.AsSpan(2).SequenceEqual(tag))));

    private void Fail(HttpContext context, int status, string? key, OfrepProblem problem)
    {
        meters.Refused(problem.Code.Length > 0 ? problem.Code.ToLower(CultureInfo.InvariantCulture) : "failed");
        using var json = Json(context, status);
        OfrepWriter.Write(json, key, problem);
    }

    private static Utf8JsonWriter Json(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return new Utf8JsonWriter(context.Response.BodyWriter);
    }
}
