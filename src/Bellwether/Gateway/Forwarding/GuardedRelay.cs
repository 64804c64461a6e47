using System.Buffers;
using Bellwether.Exchange;
using Microsoft.Extensions.Options;

namespace Bellwether.Gateway;

/// <summary>
/// Hands an answer on that a guard judges first: a plain one when all of it is here, a stream as far as its texts are released.
/// What the provider said is recorded as it came; what the caller got is what the guard let through.
/// </summary>
internal sealed class GuardedRelay(Replies replies, AnswerEnd end, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const int ReadSize = 16 * 1024;

    private readonly int _mostHeld = options.Value.GuardedAnswerBytes;

    /// <param name="session">The call.</param>
    /// <param name="response">The provider's answer, of which nothing was read.</param>
    /// <param name="tee">Reads what the provider said, in plain.</param>
    /// <param name="guard">Judges it.</param>
    /// <param name="encoding">What the provider compressed it with; empty for nothing.</param>
    public async Task RunAsync(CallSession session, HttpResponseMessage response, AnswerTee tee, IAnswerGuard guard, string encoding)
    {
        var http = session.Http.Response;
        var known = http.ContentLength;
        // It may come out longer or shorter.
        http.ContentLength = null;
        var stream = tee.IsEvents ? new StreamGuard(session.Call.Dialect, guard) : null;
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            var sent = await response.Content.ReadAsStreamAsync(session.Running.Token);
            await using var source = encoding.Length > 0 && Decoding.TryOpen(encoding, sent, out var opened) ? opened : sent;
            if (stream is not null)
            {
                await StreamAsync(session, source, tee, stream, buffer);
            }
            else
            {
                await WholeAsync(session, source, tee, guard, buffer, known);
            }
        }
        catch (Exception error) when (encoding.Length > 0 && Decoding.IsBroken(error))
        {
            // Not what it claims to be, so it is no answer for the caller either.
            if (stream is null && guard.Unreadable() is { } unreadable)
            {
                await RefuseAsync(session, tee, unreadable);
            }
            else
            {
                await BreakAsync(session, tee, stream, error);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            await BreakAsync(session, tee, stream, error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            tee.Dispose();
        }
    }

    /// <summary>Ends the call with a refusal in place of the answer, of which nothing was sent.</summary>
    public async ValueTask RefuseAsync(CallSession session, AnswerTee tee, Refusal refusal)
    {
        session.UpstreamEnded = session.UpstreamEnded == 0 ? time.GetTimestamp() : session.UpstreamEnded;
        session.Status = refusal.Status;
        if (await end.TryCutAsync(session, tee, refusal))
        {
            await replies.RefuseAsync(session, refusal);
        }
    }

    private async Task StreamAsync(CallSession session, Stream source, AnswerTee tee, StreamGuard guard, byte[] buffer)
    {
        var writer = session.Http.Response.BodyWriter;
        var (read, passed) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        await AnswerEnd.FlushAsync(session, writer);
        while (true)
        {
            passed.ResetWrittenCount();
            read.ResetWrittenCount();
            var count = await ReadAsync(session, source, buffer);
            var now = time.GetTimestamp();
            var over = count == 0;
            if (!over)
            {
                over = tee.Take(buffer.AsMemory(0, count), now, read);
                guard.Write(tee.Drops ? read.WrittenSpan : buffer.AsSpan(0, count), passed);
                // Before it is recorded, so that the record says what was found at the end; once, since some say it with every event.
                if (over && !session.Recorded) { guard.Flush(passed); }
            }
            else
            {
                tee.FlushHeld(read);
                guard.Write(read.WrittenSpan, passed);
                guard.Finish(passed);
            }
            if (over || guard.Cut is not null)
            {
                session.UpstreamEnded = session.UpstreamEnded == 0 ? now : session.UpstreamEnded;
                if (!(guard.Cut is { } refusal ? await end.TryCutAsync(session, tee, refusal) : await end.TryFinishAsync(session, tee))) { return; }
            }
            if (passed.WrittenCount > 0)
            {
                writer.Write(passed.WrittenSpan);
                await AnswerEnd.FlushAsync(session, writer);
            }
            // The rest of a cut answer is not waited for: the connection to the provider ends with this call.
            if (count == 0 || guard.Cut is not null) { return; }
        }
    }

    private async Task WholeAsync(CallSession session, Stream source, AnswerTee tee, IAnswerGuard guard, byte[] buffer, long? known)
    {
        var http = session.Http.Response;
        var body = new ArrayBufferWriter<byte>((int)Math.Min(known ?? 4_096, _mostHeld) + 1);
        while (await ReadAsync(session, source, buffer) is var count and > 0)
        {
            tee.Take(buffer.AsMemory(0, count), time.GetTimestamp(), body);
            body.Write(buffer.AsSpan(0, count));
            if (body.WrittenCount > _mostHeld)
            {
                if (guard.Unreadable() is { } tooLong)
                {
                    await RefuseAsync(session, tee, tooLong);
                    return;
                }
                http.ContentLength = known;
                await PassAsync(session, source, tee, body.WrittenMemory, buffer);
                return;
            }
        }
        session.UpstreamEnded = time.GetTimestamp();
        var judged = BodyGuard.Judge(session.Call.Dialect, guard, body.WrittenMemory, out var refusal);
        if (refusal is not null)
        {
            await RefuseAsync(session, tee, refusal);
            return;
        }
        if (await end.TryFinishAsync(session, tee))
        {
            Replies.ShowFindings(session, http.Headers);
            http.ContentLength = judged.Length;
            await http.Body.WriteAsync(judged, session.Running.Token);
        }
    }

    // More than may be held, and the policy lets it pass unread.
    private async Task PassAsync(CallSession session, Stream source, AnswerTee tee, ReadOnlyMemory<byte> held, byte[] buffer)
    {
        var writer = session.Http.Response.BodyWriter;
        writer.Write(held.Span);
        while (await ReadAsync(session, source, buffer) is var count and > 0)
        {
            tee.Take(buffer.AsMemory(0, count), time.GetTimestamp(), writer);
            await AnswerEnd.FlushAsync(session, writer);
            writer.Write(buffer.AsSpan(0, count));
        }
        session.UpstreamEnded = time.GetTimestamp();
        if (await end.TryFinishAsync(session, tee))
        {
            await AnswerEnd.FlushAsync(session, writer);
        }
    }

    private async ValueTask<int> ReadAsync(CallSession session, Stream source, byte[] buffer)
    {
        session.Running.Expect(StopReason.Idle, time.GetTimestamp(), session.Provider!.Endpoint.IdleTimeout);
        var count = await source.ReadAsync(buffer, session.Running.Token);
        session.ResponseBytes += count;
        return count;
    }

    private async ValueTask BreakAsync(CallSession session, AnswerTee tee, StreamGuard? guard, Exception error)
    {
        if (guard is not null && session.Running.Reason != StopReason.ClientGone && session.Http.Response.HasStarted)
        {
            // What was held is the caller's as far as it may go out, and half an event is nobody's.
            var rest = new ArrayBufferWriter<byte>();
            guard.Finish(rest);
            var cut = guard.Cut is not null && await end.TryCutAsync(session, tee, guard.Cut);
            session.Http.Response.BodyWriter.Write(rest.WrittenSpan);
            await AnswerEnd.FlushLastAsync(session.Http.Response.BodyWriter);
            if (cut) { return; }
        }
        await end.BreakAsync(session, tee, error, betweenEvents: guard is not null);
    }
}
