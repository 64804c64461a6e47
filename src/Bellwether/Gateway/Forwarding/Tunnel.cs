using System.Buffers;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http.Features;

namespace Bellwether.Gateway;

/// <summary>A connection that became a WebSocket: bytes go both ways until one side ends. Nothing is read; it is recorded when it ends.</summary>
internal sealed class Tunnel(Replies replies, CallRecorder recorder, TimeProvider time)
{
    private const int BufferSize = 16 * 1024;

    public async Task RunAsync(CallSession session, HttpResponseMessage response)
    {
        if (!session.IsUpgrade || session.Http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } feature)
        {
            session.UpstreamEnded = time.GetTimestamp();
            var refusal = Refusals.Unreachable(session.ProviderName, "invalid_response", "switched protocols without being asked");
            session.Status = refusal.Status;
            recorder.TryRecord(session, CallOutcome.Of(ObservationState.ProviderError, refusal), out _);
            await replies.RefuseAsync(session, refusal);
            return;
        }
        replies.CopyHead(session, response, keepLength: true);
        session.Status = 101;
        session.Call.Stream = true;
        session.Http.Response.Headers.Connection = "Upgrade";
        session.Http.Response.Headers.Upgrade = response.Headers.Upgrade.ToString();
        var token = session.Running.Token;
        var idle = session.Provider!.Endpoint.IdleTimeout;
        try
        {
            await using var down = await feature.UpgradeAsync();
            await using var up = await response.Content.ReadAsStreamAsync(token);
            var toProvider = CopyAsync(session, down, up, idle, fromProvider: false);
            var toCaller = CopyAsync(session, up, down, idle, fromProvider: true);
            var first = await Task.WhenAny(toProvider, toCaller);
            // The side that ended takes the other with it, after a moment for its last words.
            await Task.WhenAny(Task.WhenAll(toProvider, toCaller), Task.Delay(TimeSpan.FromSeconds(1), time, token));
            session.UpstreamEnded = time.GetTimestamp();
            Record(session, providerBroke: ReferenceEquals(first, toCaller) && first.IsFaulted);
            session.Running.Stop(StopReason.ClientGone);
            await Task.WhenAll(Quiet(toProvider), Quiet(toCaller));
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            Record(session, providerBroke: false);
        }
    }

    private void Record(CallSession session, bool providerBroke)
    {
        var outcome = session.Running.Reason switch
        {
            StopReason.ClientGone => new CallOutcome(ObservationState.ClientDisconnect, ErrorTypes.ClientDisconnect),
            StopReason.Shutdown => new CallOutcome(ObservationState.Aborted, ErrorTypes.Aborted, "shutting_down"),
            StopReason.FirstByte or StopReason.Idle or StopReason.Total => new CallOutcome(ObservationState.Timeout, ErrorTypes.Timeout, "idle_timeout"),
            StopReason.None when providerBroke => new CallOutcome(ObservationState.ProviderError, ErrorTypes.Unavailable, "connection_broken"),
            StopReason.None => new CallOutcome(ObservationState.Ok),
            _ => throw new InvalidOperationException(),
        };
        recorder.TryRecord(session, outcome, out _);
    }

    private async Task CopyAsync(CallSession session, Stream from, Stream to, TimeSpan idle, bool fromProvider)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                session.Running.Expect(StopReason.Idle, time.GetTimestamp(), idle);
                var count = await from.ReadAsync(buffer, session.Running.Token);
                if (count == 0)
                {
                    return;
                }
                if (fromProvider)
                {
                    session.ResponseBytes += count;
                }
                else
                {
                    session.RequestBytes += count;
                }
                await to.WriteAsync(buffer.AsMemory(0, count), session.Running.Token);
                await to.FlushAsync(session.Running.Token);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Both ends are closing; how they break is of no interest any more.
    private static async Task Quiet(Task copy)
    {
        try
        {
            await copy;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
        }
    }
}
