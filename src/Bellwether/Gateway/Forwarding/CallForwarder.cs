using System.Net;
using Bellwether.Exchange;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Gateway;

/// <summary>Calls the provider and says how that went; the body of its answer is <see cref="AnswerRelay"/>'s.</summary>
internal sealed class CallForwarder(
    AnswerRelay relay, Tunnel tunnel, Replies replies, CallRecorder recorder, UpstreamAttempts attempts, TimeProvider time)
{
    public async Task ForwardAsync(CallSession session)
    {
        session.UpstreamStarted = time.GetTimestamp();
        if (!session.IsUpgrade)
        {
            session.Running.LimitTotal(session.UpstreamStarted, session.Provider!.Endpoint.TotalTimeout);
        }
        HttpResponseMessage response;
        try
        {
            if (UpstreamAttempts.AreWanted(session))
            {
                // Which of several bodies counts is known only in the end.
                var (answer, refusal) = await attempts.SendAsync(session, SendOnceAsync);
                if (answer is null)
                {
                    session.UpstreamEnded = time.GetTimestamp();
                    session.Status = refusal!.Status;
                    recorder.TryRecord(session, CallOutcome.Of(ObservationState.Refused, refusal), out _);
                    await replies.RefuseAsync(session, refusal);
                    return;
                }
                response = answer;
            }
            else
            {
                var sending = SendOnceAsync(session, session.UpstreamStarted);
                // The provider is busy now, and the caller waits for it and not for this.
                recorder.CaptureInput(session);
                response = await sending;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException or IOException or InvalidOperationException)
        {
            session.UpstreamEnded = time.GetTimestamp();
            await FailAsync(session, error);
            return;
        }
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            {
                await tunnel.RunAsync(session, response);
            }
            else
            {
                await relay.RunAsync(session, response);
            }
        }
    }

    // Not async: a call that is sent once waits for the transport and for nothing else.
    private Task<HttpResponseMessage> SendOnceAsync(CallSession session, long now)
    {
        var provider = session.Provider!;
        var request = session.Request!;
        if (request.RequestUri is not null)
        {
            // The same request again; nothing of it changed.
            session.Running.Expect(StopReason.FirstByte, now, provider.Endpoint.FirstByteTimeout);
            return provider.Invoker.SendAsync(request, session.Running.Token);
        }
        request.RequestUri = UpstreamAddress.For(provider, session.Route, session.Query, out var asBearer);
        if (!session.OwnCredential)
        {
            provider.Authorize(request, asBearer);
        }
        if (session.IsUpgrade)
        {
            request.Version = HttpVersion.Version11;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", session.Http.Request.Headers.Upgrade.ToString());
        }
        else
        {
            // Over TLS the handshake itself says whether HTTP/2 is spoken; without TLS this is HTTP/1.1.
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }
        session.Running.Expect(StopReason.FirstByte, now, provider.Endpoint.FirstByteTimeout);
        return provider.Invoker.SendAsync(request, session.Running.Token);
    }

    private async ValueTask FailAsync(CallSession session, Exception error)
    {
        if (session.Running.Reason == StopReason.ClientGone)
        {
            // Nobody is there to answer.
            recorder.TryRecord(session, new(ObservationState.ClientDisconnect, ErrorTypes.ClientDisconnect), out _);
            return;
        }
        var (state, refusal) = Why(session, error);
        session.Status = refusal.Status;
        recorder.TryRecord(session, CallOutcome.Of(state, refusal), out _);
        await replies.RefuseAsync(session, refusal);
    }

    /// <summary>What the caller is told when no answer came.</summary>
    private static (ObservationState State, Refusal Refusal) Why(CallSession session, Exception error)
    {
        var name = session.ProviderName;
        if (session.Request?.Content is PassThroughContent { SourceError: { } broken })
        {
            return (ObservationState.Refused, broken is BadHttpRequestException { StatusCode: 413 }
                ? Refusals.TooLarge(session.RequestBytes)
                : Refusals.BadRequest("invalid_body", "The request body broke off or is not valid HTTP."));
        }
        return session.Running.Reason switch
        {
            StopReason.FirstByte => (ObservationState.Timeout, Refusals.TimedOut(name, "first_byte_timeout", "did not begin to answer in time")),
            StopReason.Total => (ObservationState.Timeout, Refusals.TimedOut(name, "total_timeout", "did not answer in time")),
            StopReason.Idle => (ObservationState.Timeout, Refusals.TimedOut(name, "idle_timeout", "stopped answering")),
            StopReason.Shutdown => (ObservationState.Aborted, Refusals.Aborted),
            // The transport's own limit on connecting shows as a cancellation that nobody asked for.
            StopReason.None when error is OperationCanceledException => (ObservationState.Timeout, Refusals.TimedOut(name, "connect_timeout", "could not be reached in time")),
            _ => (ObservationState.ProviderError, Refusals.Unreachable(name, Code(error), Text(error))),
        };
    }

    private static string Code(Exception error) => error is HttpRequestException http
        ? http.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "name_resolution_failed",
            HttpRequestError.ConnectionError => "connection_failed",
            HttpRequestError.SecureConnectionError => "tls_failed",
            HttpRequestError.ResponseEnded => "connection_closed",
            HttpRequestError.InvalidResponse => "invalid_response",
            _ => "connection_failed",
        }
        : "connection_failed";

    // Never the exception's own text: it may hold addresses of the operator's network.
    private static string Text(Exception error) => Code(error) switch
    {
        "name_resolution_failed" => "has a host name that does not resolve",
        "tls_failed" => "could not be reached over TLS",
        "connection_closed" => "closed the connection without an answer",
        "invalid_response" => "sent an answer that is not valid HTTP",
        _ => "could not be reached",
    };
}
