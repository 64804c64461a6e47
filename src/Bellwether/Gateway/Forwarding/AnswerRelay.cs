using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Options;

namespace Bellwether.Gateway;

/// <summary>
/// Hands an answer on chunk by chunk while a reader looks at it. The record is with the pipeline before the caller gets the
/// last bytes: the chunk that completes a plain answer, or the one that holds a stream's end mark.
/// </summary>
internal sealed class AnswerRelay(Replies replies, AnswerEnd end, GuardedRelay guarded, GatewayMeters meters, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const int ReadSize = 16 * 1024;

    private readonly int _captureLimit = options.Value.CaptureOutputBytes;

    public async Task RunAsync(CallSession session, HttpResponseMessage response)
    {
        var content = response.Content.Headers;
        var events = content.NonValidated.TryGetValues("Content-Type", out var types) && IsEventStream(types.ToString());
        var encoding = content.NonValidated.TryGetValues("Content-Encoding", out var encodings) ? encodings.ToString() : "";
        var injected = session.Request!.Content is BodyContent { Splice: not null } && session.Wishes is not { StreamUsage: true };
        // What a provider says of an error is passed on as it is.
        var guard = response.IsSuccessStatusCode && !session.Route.IsOpaque && session.Call.AnswerGuard is { Holds: true } holds ? holds : null;
        // It compresses although it was asked not to. What must be judged is read all the same, and passed on in plain.
        var decoded = guard is not null && !AnswerTee.IsIdentity(encoding) && Decoding.Knows(encoding);
        var tee = new AnswerTee(session, events, drop: injected && events, decoded ? "" : encoding, _captureLimit, meters);
        replies.CopyHead(session, response, keepLength: !tee.Drops && !decoded);
        session.Status = (int)response.StatusCode;
        if (decoded)
        {
            session.Http.Response.Headers.Remove("Content-Encoding");
        }
        if (events)
        {
            session.Http.Response.Headers["X-Accel-Buffering"] = "no";
            session.Call.Stream = true;
        }

        // HEAD, 204 and 304 have headers of a body and no body.
        var length = AnswerEnd.HasNoBody(session, session.Status) ? 0 : content.ContentLength;
        if (length != 0 && guard is not null)
        {
            if (tee.IsPlainText)
            {
                await guarded.RunAsync(session, response, tee, guard, decoded ? encoding : "");
                return;
            }
            if (guard.Unreadable() is { } refusal)
            {
                await guarded.RefuseAsync(session, tee, refusal);
                return;
            }
        }
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            await PumpAsync(session, response, tee, buffer, length);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            if (tee.Drops && session.Running.Reason != StopReason.ClientGone)
            {
                // Half an event was held because it could have been the one to take out. It is not, and the caller gets what came.
                tee.FlushHeld(session.Http.Response.BodyWriter);
                await AnswerEnd.FlushLastAsync(session.Http.Response.BodyWriter);
            }
            await end.BreakAsync(session, tee, error, tee.IsBetweenEvents);
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
            await end.TryFinishAsync(session, tee);
            return;
        }
        var source = await response.Content.ReadAsStreamAsync(running.Token);
        if (tee.IsEvents)
        {
            // The caller's SDK waits for the head; the first event may take its time.
            await AnswerEnd.FlushAsync(session, writer);
        }
        long total = 0;
        while (true)
        {
            running.Expect(StopReason.Idle, time.GetTimestamp(), idle);
            var count = await source.ReadAsync(buffer, running.Token);
            if (count == 0)
            {
                session.UpstreamEnded = time.GetTimestamp();
                if (await end.TryFinishAsync(session, tee))
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
                if (!await end.TryFinishAsync(session, tee))
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
                    await AnswerEnd.FlushAsync(session, writer);
                }
                // Else Kestrel sends head and body in one go when the call returns. It would leave bytes lie that follow an
                // earlier flush of a body of known length.
                return;
            }
            await AnswerEnd.FlushAsync(session, writer);
        }
    }

    private static bool IsEventStream(string contentType) => contentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
