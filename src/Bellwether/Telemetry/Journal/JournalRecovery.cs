using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>
/// What a start finds in the journal's folder. Only the last segment is read: the others were closed in order, and the reader
/// that replays them checks every record anyway.
/// </summary>
internal sealed record JournalRecovery(ImmutableList<Segment> Segments, long LastSequence, ImmutableArray<JournalDamage> Damage)
{
    public static readonly string SpareName = "spare.tmp";

    private const int KeptDamageBytes = 1 << 20;

    public static JournalRecovery Run(string folder)
    {
        File.Delete(Path.Combine(folder, SpareName));
        var segments = Directory.EnumerateFiles(folder, "*" + JournalFormat.Extension)
            .Select(path => JournalFormat.TryParseName(path, out var first, out var salt) ? new Segment(path, first, salt) : null)
            .OfType<Segment>()
            .OrderBy(segment => segment.FirstSequence)
            .ToList();
        var damage = ImmutableArray.CreateBuilder<JournalDamage>();
        var last = 0L;
        foreach (var segment in segments)
        {
            segment.Used = new FileInfo(segment.Path).Length;
            last = Math.Max(last, segment.FirstSequence - 1);
        }
        if (segments is [.., var newest])
        {
            last = Math.Max(last, FindEnd(newest, damage));
            if (newest.IsEmpty)
            {
                // The next segment gets the same first sequence; two of that name could not be told apart.
                File.Delete(newest.Path);
                segments.Remove(newest);
            }
        }
        return new JournalRecovery([.. segments], last, damage.ToImmutable());
    }

    // Cuts a torn tail, and the zeros that were allocated ahead, so that the file ends with its last good record.
    private static long FindEnd(Segment segment, ImmutableArray<JournalDamage>.Builder damage)
    {
        long end;
        long last;
        using (var scanner = new SegmentScanner(segment.Path, segment.Salt, segment.FirstSequence - 1))
        {
            if (JournalFormat.IsNewerVersion(scanner.Header()))
            {
                throw new InvalidDataException($"{segment.Path} was written by a newer version of Bellwether. Start that version, or move the journal's folder away.");
            }
            ScanStep step;
            do
            {
                step = scanner.Next(scanner.FileLength, long.MaxValue);
            }
            while (step is ScanStep.Record or ScanStep.Damage);
            if (step == ScanStep.TornTail)
            {
                damage.Add(new JournalDamage(Path.GetFileName(segment.Path), scanner.DamageOffset, scanner.DamageLength, scanner.Sequence, TornTail: true,
                    scanner.Bytes(scanner.DamageOffset, (int)Math.Min(scanner.DamageLength, KeptDamageBytes))));
            }
            end = Math.Min(scanner.Position, scanner.FileLength);
            last = scanner.Sequence;
        }
        using var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, end);
        segment.Used = end;
        return last;
    }
}
