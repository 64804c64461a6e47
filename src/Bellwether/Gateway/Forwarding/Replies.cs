using Bellwether.Exchange;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Bellwether.Gateway;

/// <summary>Writes the heads of answers, and the answers that are our own.</summary>
internal sealed class Replies(ITelemetryIntake intake)
{
    // A call's record is with the operating system before its answer ends; the flush follows within milliseconds and is not
    // waited for, so that is all an answer may promise.
    private readonly StringValues _durability = intake.Durability switch
    {
        Durability.Fsync or Durability.Os => "os",
        Durability.Memory => "memory",
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Our own error, in the dialect of the endpoint. Nothing of the answer may have been sent.</summary>
    public async ValueTask RefuseAsync(CallSession session, Refusal refusal)
    {
        var http = session.Http.Response;
        if (http.HasStarted)
        {
            session.Http.Abort();
            return;
        }
        http.Clear();
        http.StatusCode = refusal.Status;
        AddOurs(session, http.Headers);
        AddRequestId(session, http.Headers);
        http.Headers["x-bellwether-error"] = refusal.Code;
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            http.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        if (refusal.ShouldRetry is { } retry)
        {
            http.Headers["x-should-retry"] = retry ? "true" : "false";
        }
        var body = ErrorBodies.Json(session.Route.Surface, refusal, session.Call.RequestId, session.Wishes is { Helicone: true });
        http.ContentType = "application/json";
        http.ContentLength = body.Length;
        if (!HttpMethods.IsHead(session.Http.Request.Method))
        {
            await http.Body.WriteAsync(body, session.Http.RequestAborted);
        }
    }

    /// <summary>An answer that a stage gave.</summary>
    public async ValueTask AnswerAsync(CallSession session, StageAnswer answer)
    {
        var http = session.Http.Response;
        foreach (var (name, value) in answer.Headers)
        {
            http.Headers[name] = value;
        }
        AddOurs(session, http.Headers);
        AddRequestId(session, http.Headers);
        http.ContentType = answer.ContentType;
        http.ContentLength = answer.Body.Length;
        await http.Body.WriteAsync(answer.Body, session.Http.RequestAborted);
    }

    /// <summary>The provider's status and headers, less what belongs to its connection, and ours.</summary>
    /// <param name="keepLength">False when bytes will be taken out of the body.</param>
    public void CopyHead(CallSession session, HttpResponseMessage response, bool keepLength)
    {
        var http = session.Http.Response;
        http.StatusCode = (int)response.StatusCode;
        var connection = response.Headers.NonValidated.TryGetValues("Connection", out var tokens) ? tokens.ToString() : null;
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            Copy(session, http.Headers, name, values, connection);
        }
        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                Copy(session, http.Headers, name, values, connection);
            }
        }
        if (keepLength && http.StatusCode is not (204 or 205))
        {
            // As the transport understood it: a length that is not one is not passed on.
            http.ContentLength = response.Content.Headers.ContentLength;
        }
        session.Status = http.StatusCode;
        AddOurs(session, http.Headers);
        string? providerId = http.Headers["x-request-id"];
        if (string.IsNullOrEmpty(providerId))
        {
            providerId = http.Headers["request-id"];
            AddRequestId(session, http.Headers);
        }
        session.ProviderRequestId = CallerHeaders.Cut(providerId ?? "", 256);
    }

    private static void Copy(CallSession session, IHeaderDictionary headers, string name, System.Net.Http.Headers.HeaderStringValues values, string? connection)
    {
        var rule = HeaderRules.OfResponse(name);
        if (rule == HeaderRule.Drop || (connection is not null && HeaderRules.IsNamedBy(connection, name)))
        {
            return;
        }
        foreach (var value in values)
        {
            if (!HeaderRules.IsSendable(value))
            {
                // Kestrel would turn it into a failure of ours.
                continue;
            }
            if (rule == HeaderRule.ForwardAndShow)
            {
                session.Show('<', name, value);
            }
            if (values.Count == 1)
            {
                headers[name] = value;
            }
            else
            {
                headers.Append(name, value);
            }
        }
    }

    // Anthropic's SDK looks for "request-id" and for nothing else. A provider's own stays.
    private static void AddRequestId(CallSession session, IHeaderDictionary headers)
    {
        headers["x-request-id"] = session.Call.RequestId;
        if (session.Route.Surface == Surface.Anthropic)
        {
            headers.TryAdd("request-id", session.Call.RequestId);
        }
    }

    private void AddOurs(CallSession session, IHeaderDictionary headers)
    {
        StringValues id = session.Call.Id.ToString();
        headers["x-bellwether-id"] = id;
        headers["Helicone-Id"] = id;
        if (session.Wishes is { Helicone: true } wishes)
        {
            AddHelicone(session.Call, wishes, session.Status, headers);
        }
        headers["X-Bellwether-Durability"] = _durability;
        ShowFindings(session, headers);
    }

    /// <summary>Says what guards did; again when the answer was judged. Nothing of it may have been sent.</summary>
    public static void ShowFindings(CallSession session, IHeaderDictionary headers)
    {
        if (!session.Call.Findings.IsEmpty && SecurityFindings.Header(session.Call.Findings) is { Length: > 0 } guard)
        {
            headers["X-Bellwether-Guard"] = guard;
        }
    }

    private static void AddHelicone(ModelCall call, CallerWishes wishes, int status, IHeaderDictionary headers)
    {
        if (Guid.TryParse(call.RequestId, out _))
        {
            // Helicone's clients ask for a call by the id that they gave it.
            headers["Helicone-Id"] = call.RequestId;
        }
        headers["Helicone-Status"] = status is 0 or < 400 ? "success" : "error";
        if (call.Cache is not null && !headers.ContainsKey("Helicone-Cache"))
        {
            headers["Helicone-Cache"] = "MISS";
        }
        if (wishes.FallbackIndex is { } index)
        {
            headers["Helicone-Fallback-Index"] = Text(index);
        }
        if (call.Quota is { Remaining: { } remaining } quota)
        {
            headers["Helicone-RateLimit-Limit"] = Text(quota.Limit);
            headers["Helicone-RateLimit-Remaining"] = Text(remaining);
            headers["Helicone-RateLimit-Policy"] = quota.Text;
            headers["Helicone-RateLimit-Reset"] = Text(quota.ResetSeconds);
        }

        static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
