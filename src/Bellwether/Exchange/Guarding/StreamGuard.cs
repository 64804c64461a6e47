using System.Buffers;

namespace Bellwether.Exchange;

/// <summary>
/// Lets a stream of events through its guard. An event waits as a whole until its texts may go out; what has none goes out in its
/// turn. Where the guard puts another text, the strings of the events concerned are rewritten, and no other byte. When the guard
/// says that the answer must end, what was released stays and the dialect's own end follows.
/// </summary>
public sealed class StreamGuard
{
    /// <summary>Bytes of events that wait for one text at most; then the text must be judged as it stands.</summary>
    private const int MostHeld = 4 * 1024 * 1024;
    private const int LongestEvent = 4 * 1024 * 1024;

    private readonly IAnswerGuard _guard;
    private readonly EventFrames _frames = new();
    private readonly AnswerTextReader _reader;
    private readonly GuardedLanes _lanes;
    private readonly StreamEnding _ending;
    private readonly Queue<HeldEvent> _held = new();
    private readonly ArrayBufferWriter<byte> _written = new();
    private int _heldBytes;
    private bool _unguarded;
    private bool _ended;

    public StreamGuard(Dialect dialect, IAnswerGuard guard)
    {
        _guard = guard;
        _reader = new AnswerTextReader(dialect);
        _lanes = new GuardedLanes(guard);
        _ending = new StreamEnding(dialect);
    }

    /// <summary>Not null: the stream was cut, its end is written, and nothing more is taken.</summary>
    public Refusal? Cut { get; private set; }

    /// <summary>Takes the next chunk, and writes what may go out.</summary>
    public void Write(ReadOnlySpan<byte> chunk, IBufferWriter<byte> into)
    {
        if (Cut is not null) { return; }
        if (_unguarded)
        {
            into.Write(chunk);
            return;
        }
        _frames.Append(chunk);
        Take(final: false, into);
        if (Cut is null && _frames.Open > LongestEvent) { GiveUp(into); }
    }

    /// <summary>The answer says that it is over, whatever may follow: judges what is held, and writes what may go out.</summary>
    public void Flush(IBufferWriter<byte> into)
    {
        if (Cut is not null || _unguarded) { return; }
        _lanes.Flush();
        Release(into);
    }

    /// <summary>The stream ended, or broke off: writes what was held, judged as it stands.</summary>
    public void Finish(IBufferWriter<byte> into)
    {
        if (Cut is not null || _unguarded || _ended) { return; }
        _ended = true;
        Take(final: true, into);
        _lanes.Flush();
        Release(into);
    }

    private void Take(bool final, IBufferWriter<byte> into)
    {
        while (Cut is null && _frames.TryNext(final, out var frame, out var data, out var joined))
        {
            var json = joined.IsEmpty ? frame[data] : joined;
            var fields = Fields(json);
            if (fields is null)
            {
                if (_guard.Unreadable() is { } refusal)
                {
                    End(refusal, into);
                    return;
                }
                // Of an event that broke off nobody can read a text, but its bytes may hold one.
                if (final) { continue; }
                fields = [];
            }
            var placed = _lanes.Take(json, fields);
            Hold(frame, data, joined, placed);
            foreach (var choice in _reader.Ended) { _lanes.Flush(choice); }
            if (StreamEnding.IsLast(json)) { _lanes.Flush(); }
            Release(into);
        }
    }

    // Null: there is a text, but it cannot be read.
    private List<AnswerField>? Fields(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json.SequenceEqual("[DONE]"u8))
        {
            _reader.Ended.Clear();
            return [];
        }
        if (_reader.TryRead(json)) { return _reader.Fields; }
        // No JSON: servers that stream bare text. The client reads it, so it is judged.
        return json[0] is (byte)'{' or (byte)'[' ? null : [new AnswerField(new AnswerLane(AnswerTextKind.Text, 0, int.MaxValue), 0, json.Length, FieldForm.Plain)];
    }

    private void Hold(ReadOnlySpan<byte> frame, Range data, ReadOnlySpan<byte> joined, FieldWriter.Placed[] placed)
    {
        var held = new HeldEvent(frame.ToArray(), data.Start.GetOffset(frame.Length), joined.IsEmpty ? null : joined.ToArray(), placed);
        _heldBytes += held.Bytes.Length;
        _held.Enqueue(held);
    }

    private void Release(IBufferWriter<byte> into)
    {
        while (_held.TryPeek(out var first))
        {
            if (!first.MayGo)
            {
                if (_lanes.Cut is null && _heldBytes > MostHeld)
                {
                    foreach (var placed in first.Fields)
                    {
                        if (placed.Lane is { } lane && lane.Released < placed.End) { _lanes.Flush(lane); }
                    }
                    continue;
                }
                break;
            }
            _held.Dequeue();
            _heldBytes -= first.Bytes.Length;
            _written.ResetWrittenCount();
            first.Write(_written);
            _ending.Sent(first.Joined ?? _written.WrittenSpan[first.DataStart..]);
            into.Write(_written.WrittenSpan);
        }
        if (_lanes.Cut is { } cut) { End(cut, into); }
    }

    private void End(Refusal refusal, IBufferWriter<byte> into)
    {
        Cut = refusal;
        _held.Clear();
        _ending.Write(_lanes.Choices, into);
    }

    // An event without an end: what came of it goes on unread, unless the guard says otherwise.
    private void GiveUp(IBufferWriter<byte> into)
    {
        if (_guard.Unreadable() is { } refusal)
        {
            End(refusal, into);
            return;
        }
        Finish(into);
        _unguarded = Cut is null;
    }
}
