using System.Buffers;
namespace Bellwether.Exchange;
internal sealed class AnswerEngine
{
    private bool _unused;
    public static AnswerEngine Rent(Dialect dialect, bool stream, bool dropUsage, int captureLimit) => new() { _unused = stream | dropUsage | (captureLimit > 0 && dialect != Dialect.Opaque) };
    public ChunkVerdict Read(ReadOnlySpan<byte> chunk, long timestamp, IBufferWriter<byte>? passOn)
    {
        passOn?.Write(chunk);
        return new ChunkVerdict { FirstDelta = timestamp < 0 && _unused };
    }
    public void FlushHeld(IBufferWriter<byte> passOn) => _unused = passOn is null;
    public AnswerFacts Complete() => _unused ? AnswerFacts.None : AnswerFacts.None with { };
    public void Return() => _unused = false;
}
