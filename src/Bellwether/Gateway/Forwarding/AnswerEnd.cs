using System.Buffers;
using System.IO.Pipelines;
using Bellwether.Exchange;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Gateway;

/// <summary>How a relayed answer ends: by itself, on our order, because the caller left, or at the provider; with its one record in each case.</summary>
internal sealed class AnswerEnd(Replies replies, CallRecorder recorder, TimeProvider time)
{
    // By the system's clock: this waits for the network, not for anything that a test could advance.
    private static readonly TimeSpan LastBytes = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_lastFlush = TimeSpan.FromSeconds(1);

    /// <summary>Records a call that ended by itself. False: the record could not be kept, and the answer was withdrawn.</summary>
    public async ValueTask<bool> TryFinishAsync(CallSession session, AnswerTee tee)
    {
        if (session.Recorded)
        {
            return true;
        }
        var facts = tee.Complete();
        // An encoded or opaque answer was not read, so only its status can be judged.
        var outcome = ErrorTaxonomy.OfAnswer(session.Status, facts, streamed: tee.IsEvents && tee.IsRead, session.Route.IsOpaque);
        if (outcome.State == ObservationState.Ok && session.ResponseBytes == 0 && !session.Route.IsOpaque)
        {
            outcome = new(ObservationState.ProviderError, ErrorTypes.ValidationMalformed, "empty_answer", "The answer has no body.");
        }
        if (recorder.TryRecord(session, outcome, facts, out var cannot))
        {
            return true;
        }
        // No answer without a record: nothing of the end was sent yet.
        await replies.RefuseAsync(session, Refusals.NotRecorded(cannot));
        return false;
    }

    /// <summary>Records a call whose answer a guard ended. The provider answered, so the call is no failure of the service, and it is paid for.</summary>
    public async ValueTask<bool> TryCutAsync(CallSession session, AnswerTee tee, Refusal refusal)
    {
        if (session.Recorded || recorder.TryRecord(session, CallOutcome.Of(ObservationState.Ok, refusal), tee.Complete(), out var cannot))
        {
            return true;
        }
        await replies.RefuseAsync(session, Refusals.NotRecorded(cannot));
        return false;
    }

    /// <summary>The answer broke off: on our order (deadline, shutdown), because the caller left, or at the provider.</summary>
    /// <param name="betweenEvents">Whether what the caller has ends with a whole event.</param>
    public async ValueTask BreakAsync(CallSession session, AnswerTee tee, Exception error, bool betweenEvents)
    {
        var http = session.Http;
        if (session.UpstreamEnded == 0)
        {
            session.UpstreamEnded = time.GetTimestamp();
        }
        var (state, refusal) = Why(session, error);
        if (state == ObservationState.ClientDisconnect)
        {
            recorder.TryRecord(session, new(state, ErrorTypes.ClientDisconnect), tee.Complete(), out _);
            http.Abort();
            return;
        }
        var alreadyEnded = session.Recorded;
        var facts = alreadyEnded ? AnswerFacts.None : tee.Complete();
        if (!http.Response.HasStarted)
        {
            session.Status = refusal.Status;
        }
        recorder.TryRecord(session, CallOutcome.Of(state, refusal), facts, out _);
        if (!http.Response.HasStarted)
        {
            await replies.RefuseAsync(session, refusal);
        }
        else if (betweenEvents && state != ObservationState.ProviderError && !alreadyEnded && tee.IsPlainText)
        {
            // We ended it, so we say so. What the provider broke stays broken, byte for byte.
            http.Response.BodyWriter.Write(ErrorBodies.Event(session.Route.Surface, session.Call.Dialect, refusal, session.Call.RequestId).Span);
        }
        else
        {
            // The connection breaks for the caller as it broke for us; a clean end would pass half an answer off as a whole one.
            // Abort throws away what Kestrel has not handed to the socket yet, and those bytes belong to the caller.
            await Task.Delay(LastBytes, CancellationToken.None);
            http.Abort();
        }
    }

    private static (ObservationState State, Refusal Refusal) Why(CallSession session, Exception error)
    {
        var name = session.ProviderName;
        return session.Running.Reason switch
        {
            StopReason.ClientGone => (ObservationState.ClientDisconnect, Refusals.Aborted),
            StopReason.Idle or StopReason.FirstByte => (ObservationState.Timeout, Refusals.TimedOut(name, "idle_timeout", "stopped answering")),
            StopReason.Total => (ObservationState.Timeout, Refusals.TimedOut(name, "total_timeout", "did not answer in time")),
            StopReason.Shutdown => (ObservationState.Aborted, Refusals.Aborted),
            StopReason.None => (ObservationState.ProviderError, error is HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse }
                ? Refusals.Unreachable(name, "invalid_response", "sent an answer that is not valid HTTP")
                : Refusals.Unreachable(name, "connection_broken", "broke the connection in the middle of its answer")),
            _ => throw new InvalidOperationException(),
        };
    }

    public static async ValueTask FlushAsync(CallSession session, PipeWriter writer)
    {
        var flushing = writer.FlushAsync(session.Running.Token);
        if (!flushing.IsCompleted)
        {
            session.Running.ExpectCaller();
        }
        var flush = await flushing;
        if (flush.IsCompleted)
        {
            // The caller is gone; Kestrel tells the writer before it tells the token.
            session.Running.Stop(StopReason.ClientGone);
            session.Running.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Hands on what was written last, when the call has ended and its token with it. Of a caller that takes nothing it gives up soon.</summary>
    public static async ValueTask FlushLastAsync(PipeWriter writer)
    {
        Task flushing = writer.FlushAsync(CancellationToken.None).AsTask();
        await flushing.WaitAsync(s_lastFlush, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>True when the answer has headers of a body and no body.</summary>
    public static bool HasNoBody(CallSession session, int status) =>
        status is 204 or 205 or 304 || HttpMethods.IsHead(session.Http.Request.Method);
}
