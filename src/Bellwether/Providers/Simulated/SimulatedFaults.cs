namespace Bellwether.Providers;

/// <summary>Spoils a good answer on its way: breaks, cuts, garbles, slows.</summary>
internal static class SimulatedFaults
{
    private const int DripBytes = 16;
    private static readonly TimeSpan s_dripPause = TimeSpan.FromMilliseconds(15);

    public static SimulatedReply Apply(SimulatedReply reply, SimulatedFault fault, SimulatedBehaviour behaviour, SimulatedDialect dialect)
    {
        var spoiled = fault switch
        {
            SimulatedFault.Reset => reply with { Chunks = reply.ContentLength is null ? CutStream(reply.Chunks, default, reset: true) : CutBody(reply.Chunks, reset: true) },
            SimulatedFault.Cut => reply.ContentLength is null ? reply with { Chunks = CutStream(reply.Chunks, default, reset: false) } : Shortened(reply),
            SimulatedFault.Malformed => reply.ContentLength is null ? reply with { Chunks = CutStream(reply.Chunks, "data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\"ind\n\n"u8.ToArray(), reset: false) } : Shortened(reply),
            SimulatedFault.StreamError => reply.ContentLength is null ? reply with { Chunks = CutStream(reply.Chunks, SimulatedErrors.StreamEvent(dialect), reset: false) } : reply,
            SimulatedFault.Hang => reply with { HeadersAt = TimeSpan.FromMinutes(10) },
            _ => reply,
        };
        return behaviour.Drip ? spoiled with { Chunks = Drip(spoiled.Chunks) } : spoiled;
    }

    // The first five events arrive whole, so that there is something to keep.
    private static IEnumerable<SimulatedChunk> CutStream(IEnumerable<SimulatedChunk> chunks, byte[]? last, bool reset)
    {
        var at = TimeSpan.Zero;
        foreach (var chunk in chunks.Take(5))
        {
            at = chunk.At;
            yield return chunk;
        }
        if (last is not null)
        {
            yield return new(at, last);
        }
        if (reset)
        {
            // Time for the bytes before to leave: a reset discards what is still in the socket's buffer.
            yield return new(at + TimeSpan.FromMilliseconds(30), default, Reset: true);
        }
    }

    private static IEnumerable<SimulatedChunk> CutBody(IEnumerable<SimulatedChunk> chunks, bool reset)
    {
        foreach (var chunk in chunks.Take(1))
        {
            yield return chunk with { Bytes = chunk.Bytes[..(chunk.Bytes.Length / 2)] };
            if (reset)
            {
                yield return new(chunk.At + TimeSpan.FromMilliseconds(30), default, Reset: true);
            }
        }
    }

    private static SimulatedReply Shortened(SimulatedReply reply)
    {
        var half = CutBody(reply.Chunks, reset: false).ToArray();
        return reply with { Chunks = half, ContentLength = half.Sum(chunk => (long)chunk.Bytes.Length) };
    }

    private static IEnumerable<SimulatedChunk> Drip(IEnumerable<SimulatedChunk> chunks)
    {
        var pauses = 0;
        foreach (var chunk in chunks)
        {
            for (var start = 0; start < chunk.Bytes.Length; start += DripBytes)
            {
                yield return new(chunk.At + s_dripPause * pauses++, chunk.Bytes.Slice(start, Math.Min(DripBytes, chunk.Bytes.Length - start)));
            }
            if (chunk.Reset)
            {
                yield return chunk with { At = chunk.At + s_dripPause * pauses };
            }
        }
    }
}
