using System.Buffers;
using System.IO.Pipelines;
using Bellwether.Exchange;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Bellwether.Gateway;

/// <summary>
/// Hands an answer on chunk by chunk while a reader looks at it. The record is with the pipeline before the caller gets the
/// last bytes: the chunk that completes a plain answer, or the one that holds a stream's end mark.
/// </summary>
internal sealed class AnswerRelay(Replies replies, CallRecorder recorder, GatewayMeters meters, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const int ReadSize = 16 * 1024;
    // By the system's clock: this waits for the network, not for anything that a test could advance.
    private static readonly TimeSpan LastBytes = TimeSpan.FromMilliseconds(50);

    private readonly int _captureLimit = options.Value.CaptureOutputBytes;

    public async Task RunAsync(CallSession session, HttpResponseMessage response)
    {
        var content = response.Content.Headers;
        var events = content.NonValidated.TryGetValues("Content-Type", out var types) && IsEventStream(types.ToString());
        var encoding = content.NonValidated.TryGetValues("Content-Encoding", out var encodings) ? encodings.ToString() : "";
        var injected = session.Request!.Content is BodyContent { Splice: not null } && session.Wishes is not { StreamUsage: true };
        var tee = new AnswerTee(session, events, drop: injected && events, encoding, _captureLimit, meters);
        replies.CopyHead(session, response, keepLength: !tee.Drops);
        session.Status = (int)response.StatusCode;
        if (events)
        {
            session.Http.Response.Headers["X-Accel-Buffering"] = "no";
            session.Call.Stream = true;
        }

        // HEAD, 204 and 304 have headers of a body and no body.
        var length = HasNoBody(session, session.Status) ? 0 : content.ContentLength;
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            await PumpAsync(session, response, tee, buffer, length);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            await BreakAsync(session, tee, error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            tee.Dispose();
        }
    }

    private async Task PumpAsync(CallSession session, HttpResponseMessage response, AnswerTee tee, byte[] buffer, long? length)
    {
        var running = session.Running;
        var idle = session.Provider!.Endpoint.IdleTimeout;
        var writer = session.Http.Response.BodyWriter;
        if (length == 0)
        {
            await TryFinishAsync(session, tee);
            return;
        }
        var source = await response.Content.ReadAsStreamAsync(running.Token);
        if (tee.IsEvents)
        {
            // The caller's SDK waits for the head; the first event may take its time.
            await FlushAsync(session, writer);
        }
        long total = 0;
        while (true)
        {
            running.Expect(StopReason.Idle, time.GetTimestamp(), idle);
            var count = await source.ReadAsync(buffer, running.Token);
            if (count == 0)
            {
                session.UpstreamEnded = time.GetTimestamp();
                if (await TryFinishAsync(session, tee))
                {
                    tee.FlushHeld(writer);
                }
                return;
            }
            var now = time.GetTimestamp();
            total += count;
            session.ResponseBytes = total;
            var whole = total == length;
            if (tee.Take(buffer.AsMemory(0, count), now, writer) || whole)
            {
                session.UpstreamEnded = now;
                if (!await TryFinishAsync(session, tee))
                {
                    return;
                }
            }
            if (!tee.Drops)
            {
                writer.Write(buffer.AsSpan(0, count));
            }
            if (whole)
            {
                tee.FlushHeld(writer);
                if (session.Http.Response.HasStarted)
                {
                    await FlushAsync(session, writer);
                }
                // Else Kestrel sends head and body in one go when the call returns. It would leave bytes lie that follow an
                // earlier flush of a body of known length.
                return;
            }
            await FlushAsync(session, writer);
        }
    }

    /// <summary>Records a call that ended by itself. False: the record could not be kept, and the answer was withdrawn.</summary>
    private async ValueTask<bool> TryFinishAsync(CallSession session, AnswerTee tee)
    {
        if (session.Recorded)
        {
            return true;
        }
        var facts = tee.Complete();
        // An encoded or opaque answer was not read, so only its status can be judged.
        var outcome = ErrorTaxonomy.OfAnswer(session.Status, facts, streamed: tee.IsEvents && tee.IsRead);
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

    /// <summary>The answer broke off: on our order (deadline, shutdown), because the caller left, or at the provider.</summary>
    private async ValueTask BreakAsync(CallSession session, AnswerTee tee, Exception error)
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
        else if (tee.IsBetweenEvents && state != ObservationState.ProviderError && !alreadyEnded && tee.IsPlainText)
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

    private static async ValueTask FlushAsync(CallSession session, PipeWriter writer)
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

    private static bool IsEventStream(string contentType) => contentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static bool HasNoBody(CallSession session, int status) =>
        status is 204 or 205 or 304 || HttpMethods.IsHead(session.Http.Request.Method);
}
