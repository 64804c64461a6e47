using System.Buffers;

namespace Bellwether.Exchange;

/// <summary>
/// Reads an answer while it passes: model, usage, text, timings of the deltas. It is given every chunk as it comes from the
/// provider and never holds one back, except where the usage chunk that the gateway asked for must be taken out again.
/// Nothing that a provider sends makes it throw. Not thread-safe; the buffers behind it are pooled, so dispose it.
/// </summary>
/// <example><code>
/// using var reader = AnswerReader.Stream(dialect, dropInjectedUsage: splice is not null);
/// var verdict = reader.Read(chunk, clock.GetTimestamp(), dropInjectedUsage ? clientPipe : null);   // null: relay the chunk yourself
/// reader.FlushHeld(clientPipe);                                                                    // at the end of the answer
/// var facts = reader.Complete();
/// </code></example>
public sealed class AnswerReader : IDisposable
{
    /// <summary>Bytes of an answer's text that are kept when the caller sets no limit.</summary>
    public static readonly int DefaultCaptureLimit = 1024 * 1024;

    private AnswerEngine? _engine;

    private AnswerReader(AnswerEngine engine) => _engine = engine;

    /// <summary>For an answer that should be one JSON body. Server-sent events are recognised and read all the same.</summary>
    /// <param name="captureLimit">Most bytes to keep for <see cref="AnswerFacts.Output"/>; what comes after still passes and counts.</param>
    public static AnswerReader Json(Dialect dialect, int? captureLimit = null) =>
        new(AnswerEngine.Rent(dialect, stream: false, dropUsage: false, captureLimit ?? DefaultCaptureLimit));

    /// <summary>For an answer that should be a stream of events (or Gemini's streamed array). A plain JSON body is recognised and read all the same.</summary>
    /// <param name="dropInjectedUsage">Take the chunk with usage and without choices out of what is passed on.</param>
    /// <param name="captureLimit">Most bytes to keep for <see cref="AnswerFacts.Output"/>; what comes after still passes and counts.</param>
    public static AnswerReader Stream(Dialect dialect, bool dropInjectedUsage, int? captureLimit = null) =>
        new(AnswerEngine.Rent(dialect, stream: true, dropInjectedUsage, captureLimit ?? DefaultCaptureLimit));

    /// <summary>Takes the next chunk of the answer, cut anywhere.</summary>
    /// <param name="timestamp">When it came, from <see cref="TimeProvider.GetTimestamp"/>; the gaps in the facts are in the same unit.</param>
    /// <param name="passOn">
    /// Gets the bytes that may go to the caller now: all of them, less the dropped chunk, less the bytes of an incomplete
    /// event that may turn out to be it. Null: nothing is written and nothing can be dropped.
    /// </param>
    public ChunkVerdict Read(ReadOnlySpan<byte> chunk, long timestamp, IBufferWriter<byte>? passOn) =>
        Engine.Read(chunk, timestamp, passOn);

    /// <summary>Writes the bytes still held back: the answer ended, or broke off, inside an event.</summary>
    public void FlushHeld(IBufferWriter<byte> passOn) => Engine.FlushHeld(passOn);

    /// <summary>Ends the answer and gives what was read; call it once, also when the answer broke off.</summary>
    public AnswerFacts Complete() => Engine.Complete();

    public void Dispose() => Interlocked.Exchange(ref _engine, null)?.Return();

    private AnswerEngine Engine => _engine ?? throw new ObjectDisposedException(nameof(AnswerReader));
}
