using Bellwether.Exchange;
using Bellwether.Identity;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Bellwether.Gateway;

/// <summary>One call from acceptance to its one observation.</summary>
internal sealed class CallHandler(
    CallRegistry registry, CallAdmission admission, ExchangeStages stages, CallForwarder forwarder, Replies replies, CallRecorder recorder,
    InFlightCalls inFlight, TimeProvider time, ILogger<CallHandler> logger)
{
    private static readonly TimeSpan s_goodbye = TimeSpan.FromMilliseconds(100);

    public Task HandleAsync(HttpContext http, GatewayRoute route, string path, string query) => RunAsync(http, route, path, query, key: null, provider: null);

    /// <summary>A call of our own under a key that no ring holds. Returns the id of its observation.</summary>
    /// <param name="provider">Who must answer, whatever the model is; null to choose by it.</param>
    public Task<Guid> ReplayAsync(HttpContext http, GatewayRoute route, string path, string query, ApiKey key, string? provider = null) => RunAsync(http, route, path, query, key, provider);

    private async Task<Guid> RunAsync(HttpContext http, GatewayRoute route, string path, string query, ApiKey? key, string? provider)
    {
        var startTime = time.GetUtcNow();
        var id = CallIds.Next(startTime);
        var call = new ModelCall
        {
            Id = id,
            StartTime = startTime,
            StartTimestamp = time.GetTimestamp(),
            Dialect = route.Dialect,
            Surface = route.SurfaceName,
            Operation = route.Operation,
            Route = route.Template,
            TraceId = id.ToString("N"),
            Key = key,
            ProviderName = provider,
        };
        // A slow reader holds nothing but its own call: the provider is read no faster than it reads.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
        inFlight.Enter();
        var running = registry.Start(http.RequestAborted);
        var session = new CallSession(http, route, call, running, path, query);
        try
        {
            await RunAsync(session);
        }
        catch (Exception error)
        {
            // The boundary of the gateway: whatever went wrong, the caller gets an answer in its dialect and the call its record.
            await FailAsync(session, error);
        }
        finally
        {
            running.End();
            inFlight.Leave();
            session.Dispose();
        }
        return id;
    }

    private async ValueTask RunAsync(CallSession session)
    {
        var call = session.Call;
        var refusal = await admission.AdmitAsync(session);
        NameRequest(session);
        if (refusal is null)
        {
            session.ScannedBody = call.Body;
            var verdict = session.Route.IsOpaque ? StageVerdict.Continue : await stages.BeforeAsync(session);
            if (verdict.Answer is { } answer)
            {
                await AnswerAsync(session, answer);
                return;
            }
            refusal = verdict.Refusal ?? CallAdmission.TakeChangedBody(session) ?? admission.ChooseProvider(session);
        }
        if (refusal is not null)
        {
            await RefuseAsync(session, refusal);
            return;
        }
        await forwarder.ForwardAsync(session);
    }

    // The caller's own id where it sent one, as everywhere in the API.
    private static void NameRequest(CallSession session)
    {
        var call = session.Call;
        if (call.RequestId.Length == 0 && session.Http.Request.Headers["X-Request-Id"] is [{ } sent])
        {
            CallerHeaders.TakeRequestId(call, sent);
        }
        if (call.RequestId.Length == 0)
        {
            call.RequestId = call.Id.ToString();
        }
    }

    private async ValueTask RefuseAsync(CallSession session, Refusal refusal)
    {
        session.Status = refusal.Status;
        recorder.TryRecord(session, CallOutcome.Of(ObservationState.Refused, refusal), out _);
        await replies.RefuseAsync(session, refusal);
    }

    private async ValueTask AnswerAsync(CallSession session, StageAnswer answer)
    {
        session.AnsweredBy = answer.Source;
        session.Status = 200;
        session.ResponseBytes = answer.Body.Length;
        session.Reader = AnswerReader.Json(session.Call.Dialect);
        session.Reader.Read(answer.Body.Span, time.GetTimestamp(), passOn: null);
        if (recorder.TryRecord(session, new(ObservationState.Ok), out var cannot))
        {
            await replies.AnswerAsync(session, answer);
            return;
        }
        await replies.RefuseAsync(session, Refusals.NotRecorded(cannot));
    }

    private async ValueTask FailAsync(CallSession session, Exception error)
    {
        if (error is BadHttpRequestException { StatusCode: 400 } or IOException)
        {
            // Of a caller that leaves while it sends, Kestrel tells the reader of the body a moment before it tells the token.
            await Task.Delay(s_goodbye, session.Http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (session.Running.Reason == StopReason.ClientGone || session.Http.RequestAborted.IsCancellationRequested)
        {
            recorder.TryRecord(session, new(ObservationState.ClientDisconnect, ErrorTypes.ClientDisconnect), out _);
            return;
        }
        Refusal refusal;
        var state = ObservationState.Refused;
        switch (error)
        {
            case OperationCanceledException when session.Running.Reason == StopReason.Shutdown:
                refusal = Refusals.Aborted;
                state = ObservationState.Aborted;
                break;
            case BadHttpRequestException { StatusCode: 413 }:
                refusal = Refusals.TooLarge(session.RequestBytes);
                break;
            case BadHttpRequestException { StatusCode: 408 }:
                refusal = new Refusal(408, "invalid_request_error", "request_timeout", "The request body came too slowly.", ErrorTypes.Timeout);
                break;
            case BadHttpRequestException or IOException:
                refusal = Refusals.BadRequest("invalid_body", "The request body broke off or is not valid HTTP.");
                break;
            default:
                refusal = new Refusal(503, "api_error", "gateway_error", "The gateway failed. The failure is in its log.", ErrorTypes.Unavailable) { RetryAfterSeconds = 1 };
                state = ObservationState.Aborted;
                Log.CallFailed(logger, error, refusal.Status);
                break;
        }
        NameRequest(session);
        session.Status = refusal.Status;
        recorder.TryRecord(session, CallOutcome.Of(state, refusal), AnswerFacts.None, out _);
        await replies.RefuseAsync(session, refusal);
    }
}
