namespace Bellwether.Telemetry;

/// <summary>Reads records back from the journal while it is written to: for the replay at a start and for a backlog that memory could not hold.</summary>
internal sealed class JournalReader(Journal journal, Action<JournalDamage> onDamage) : IDisposable
{
    private const int KeptDamageBytes = 16 << 20;

    private Segment? _segment;
    private SegmentScanner? _scanner;
    private long _used;
    private bool _isLast;

    /// <summary>The first record above a sequence; false when there is none yet. Sequences that damage has taken are passed over.</summary>
    public bool TryRead(long after, out long sequence, out ReadOnlyMemory<byte> payload) => TryRead(after, null, out sequence, out payload);

    /// <param name="arena">Where its bytes go; null for an array of their own.</param>
    public bool TryRead(long after, RecordArena? arena, out long sequence, out ReadOnlyMemory<byte> payload)
    {
        while (true)
        {
            sequence = 0;
            payload = default;
            // What was written when we last asked is read before the journal, which the calls use, is asked again.
            if (_scanner is null || _scanner.Position >= _used)
            {
                if (journal.SegmentAfter(after, _segment) is not var (current, used, isLast))
                {
                    if (_segment is null)
                    {
                        return false;
                    }
                    // Deleted behind us, which happens only when everything in it is stored.
                    Leave();
                    continue;
                }
                (_used, _isLast) = (used, isLast);
                _scanner ??= Enter(current);
            }
            var scanner = _scanner;
            scanner.Arena = arena;
            switch (scanner.Next(_used, after))
            {
                case ScanStep.Record when scanner.Sequence <= after:
                    continue;
                case ScanStep.Record:
                    sequence = scanner.Sequence;
                    payload = scanner.Payload;
                    return true;
                case ScanStep.Damage:
                    Report(scanner);
                    continue;
                case ScanStep.TornTail when !_isLast:
                    // Of a segment that was closed: no write is under way, so it is damage.
                    Report(scanner);
                    break;
                case ScanStep.TornTail or ScanStep.End:
                    break;
            }
            _used = 0;
            if (_isLast || journal.Following(_segment!) is not { } next)
            {
                return false;
            }
            Leave();
            _segment = next;
        }
    }

    public void Dispose() => Leave();

    private SegmentScanner Enter(Segment segment)
    {
        _segment = segment;
        _scanner = new SegmentScanner(segment.Path, segment.Salt, segment.FirstSequence - 1);
        var header = _scanner.Header();
        if (!JournalFormat.IsSegmentHeader(header, segment.FirstSequence, segment.Salt))
        {
            // The file's name says the same, so the records can still be read.
            onDamage(new JournalDamage(Path.GetFileName(segment.Path), 0, JournalFormat.SegmentHeader, segment.FirstSequence - 1, TornTail: false, header));
        }
        return _scanner;
    }

    private void Leave()
    {
        _scanner?.Dispose();
        _scanner = null;
        _segment = null;
    }

    private void Report(SegmentScanner scanner) =>
        onDamage(new JournalDamage(Path.GetFileName(_segment!.Path), scanner.DamageOffset, scanner.DamageLength, scanner.Sequence, TornTail: false,
            scanner.Bytes(scanner.DamageOffset, (int)Math.Min(scanner.DamageLength, KeptDamageBytes))));
}
