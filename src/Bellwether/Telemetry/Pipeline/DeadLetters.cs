using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bellwether.Primitives;
using Microsoft.Extensions.Logging;

namespace Bellwether.Telemetry;

/// <summary>A record, or bytes of a damaged journal, that could not be stored.</summary>
public sealed record DeadLetter
{
    /// <summary>Its file's name; starts with the journal sequence.</summary>
    public required string Id { get; init; }
    /// <summary>Sequence of the record, or of the last good record before the damage.</summary>
    public required long Sequence { get; init; }
    public required DateTimeOffset Time { get; init; }
    /// <summary><c>store_rejected</c>, <c>enricher_failed</c>, <c>undecodable</c>, <c>journal_damage</c> or <c>torn_write</c>.</summary>
    public required string Reason { get; init; }
    /// <summary>What failed, without any content of the record.</summary>
    public required string Detail { get; init; }
    /// <summary>Null for bytes that are no record.</summary>
    public string? Project { get; init; }
    public Guid? ObservationId { get; init; }
    public required long Bytes { get; init; }
    /// <summary>True when it can be sent through the pipeline again.</summary>
    public bool Replayable => Project is not null;
}

/// <summary>
/// What could not be stored, one file each: a line of JSON, then the record's bytes. A letter that was replayed leaves an empty
/// marker until the store has passed its sequence, so that a replay of the journal does not bring the record back.
/// </summary>
public sealed class DeadLetters
{
    private const string Letter = ".letter";
    private const string Marker = ".replayed";
    private const string Suspect = ".suspect";
    private const int MostLetters = 10_000;
    private const long MostBytes = 1L << 30;

    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly ILogger<DeadLetters> _logger;
    private readonly Lock _lock = new();
    private readonly HashSet<long> _setAside = [];
    private int _count;
    private long _bytes;
    private long _lost;

    public DeadLetters(DataFolder data, TimeProvider clock, ILogger<DeadLetters> logger)
    {
        _folder = data.Sub("dead-letters");
        _clock = clock;
        _logger = logger;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles())
        {
            var isLetter = file.Extension == Letter;
            if (isLetter)
            {
                _count++;
                _bytes += file.Length;
            }
            if ((isLetter || file.Extension == Marker) && TrySequence(file.Name, out var sequence, out var isRecord) && isRecord)
            {
                _setAside.Add(sequence);
            }
        }
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Records that could be kept nowhere.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Letters, oldest first, at most as many as asked for.</summary>
    /// <param name="project">Null for all, damaged bytes included.</param>
    public ImmutableArray<DeadLetter> List(ProjectId? project, int limit)
    {
        var found = ImmutableArray.CreateBuilder<DeadLetter>();
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + Letter).Order(StringComparer.Ordinal))
        {
            if (found.Count >= limit)
            {
                break;
            }
            if (Read(path) is var (letter, _) && (project is null || letter.Project == project.Value.Value))
            {
                found.Add(letter);
            }
        }
        return found.ToImmutable();
    }

    /// <summary>True when the record was set aside before, so that a replay of the journal passes it over.</summary>
    internal bool Holds(long sequence)
    {
        lock (_lock)
        {
            return _setAside.Contains(sequence);
        }
    }

    internal bool Add(in QueuedRecord record, string reason, Exception error) => Add(record, reason, error, Letter);

    /// <summary>
    /// Writes a letter before it is known whether the record or the store is at fault. It counts once <see cref="Confirm"/>
    /// is called, or at the next start if the store has passed the record by then.
    /// </summary>
    internal bool AddSuspect(in QueuedRecord record, string reason, Exception error) => Add(record, reason, error, Suspect);

    internal void Confirm(long sequence, string reason) => Confirm(Path.Combine(_folder, Name(sequence, reason, 0) + Suspect), sequence, reason);

    private void Confirm(string path, long sequence, string reason)
    {
        lock (_lock)
        {
            File.Move(path, Path.ChangeExtension(path, Letter), overwrite: true);
            _count++;
            _bytes += new FileInfo(Path.ChangeExtension(path, Letter)).Length;
            _setAside.Add(sequence);
        }
        Log.DeadLettered(_logger, null, sequence, reason);
    }

    private bool Add(in QueuedRecord record, string reason, Exception error, string extension)
    {
        var buffer = RecordBuffer.Rent();
        try
        {
            RecordCodec.Write(record.Record, buffer);
            var observation = record.Record.Observation;
            return Keep(new DeadLetter
            {
                Id = Name(record.Sequence, reason, 0),
                Sequence = record.Sequence,
                Time = _clock.GetUtcNow(),
                Reason = reason,
                // Messages of drivers quote values; the type says enough.
                Detail = error.GetType().Name,
                Project = (observation?.Project ?? record.Record.Annotation?.Project)?.Value,
                ObservationId = observation?.Id ?? record.Record.Annotation?.ObservationId,
                Bytes = buffer.Length,
            }, buffer.Written, error, extension);
        }
        finally
        {
            buffer.Return();
        }
    }

    internal bool AddUndecodable(long sequence, ReadOnlySpan<byte> bytes) => Keep(new DeadLetter
    {
        Id = Name(sequence, "undecodable", 0),
        Sequence = sequence,
        Time = _clock.GetUtcNow(),
        Reason = "undecodable",
        Detail = "The record's checks hold, but its bytes are no record.",
        Bytes = bytes.Length,
    }, bytes, null);

    internal bool Add(JournalDamage damage)
    {
        var reason = damage.TornTail ? "torn_write" : "journal_damage";
        return Keep(new DeadLetter
        {
            Id = Name(damage.AfterSequence, reason, damage.Offset),
            Sequence = damage.AfterSequence,
            Time = _clock.GetUtcNow(),
            Reason = reason,
            Detail = string.Create(CultureInfo.InvariantCulture, $"{damage.File} at offset {damage.Offset}, {damage.Length} bytes"),
            Bytes = damage.Length,
        }, damage.Bytes, null);
    }

    /// <summary>Takes back a suspect: the store was at fault.</summary>
    internal void Withdraw(long sequence, string reason) => File.Delete(Path.Combine(_folder, Name(sequence, reason, 0) + Suspect));

    /// <summary>The record of a letter; null when there is no such letter or it holds no record.</summary>
    internal TelemetryRecord? Open(string id)
    {
        if (PathOf(id) is not { } path || Read(path) is not var (letter, bytes) || !letter.Replayable)
        {
            return null;
        }
        try
        {
            var record = RecordCodec.Read(bytes);
            // The store may have taken it after all before it failed.
            return record.Observation is { } observation ? TelemetryRecord.Of(observation, record.Payload, mayReplace: true) : record;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The letter itself, without the record.</summary>
    internal DeadLetter? Find(string id) => PathOf(id) is { } path && Read(path) is var (letter, _) ? letter : null;

    /// <summary>Every letter that may be of a project: its own, and bytes that are no record and so nobody's; oldest first.</summary>
    /// <param name="project">Null for the letters of all projects.</param>
    internal IEnumerable<(DeadLetter Letter, byte[] Bytes)> Of(ProjectId? project)
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + Letter).Order(StringComparer.Ordinal))
        {
            if (Read(path) is var (letter, bytes) && (letter.Project is null || project is not { } one || letter.Project == one.Value))
            {
                yield return (letter, bytes);
            }
        }
    }

    /// <summary>Removes a letter for good: its record was accepted again, or nobody wants it.</summary>
    internal void Remove(string id)
    {
        if (PathOf(id) is { } path)
        {
            File.WriteAllBytes(Path.ChangeExtension(path, Marker), []);
            Forget(path);
        }
    }

    /// <summary>At the start: suspects that the store has passed are letters, and markers that it has passed serve no more.</summary>
    internal void Settle(long storedSequence)
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + Suspect).ToList())
        {
            if (TrySequence(Path.GetFileName(path), out var suspect, out _) && suspect <= storedSequence && Read(path) is var (letter, _))
            {
                Confirm(path, suspect, letter.Reason);
            }
            else
            {
                File.Delete(path);
            }
        }
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + Marker))
        {
            if (TrySequence(Path.GetFileName(path), out var sequence, out _) && sequence <= storedSequence)
            {
                File.Delete(path);
            }
        }
    }

    private static string Name(long sequence, string reason, long offset) =>
        sequence.ToString("d19", CultureInfo.InvariantCulture) + "-" + reason + (offset == 0 ? "" : "-" + offset.ToString(CultureInfo.InvariantCulture));

    // The id comes from a caller: only a name that we could have made reaches the file system.
    private string? PathOf(string id)
    {
        var legal = id.Length is > 20 and < 80 && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
        var path = Path.Combine(_folder, id + Letter);
        return legal && File.Exists(path) ? path : null;
    }

    private static bool TrySequence(string name, out long sequence, out bool isRecord)
    {
        sequence = 0;
        isRecord = !name.Contains("journal_damage", StringComparison.Ordinal) && !name.Contains("torn_write", StringComparison.Ordinal);
        return name.Length > 20 && long.TryParse(name.AsSpan(0, 19), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    private static (DeadLetter Letter, byte[] Bytes)? Read(string path)
    {
        try
        {
            var content = File.ReadAllBytes(path);
            var end = Array.IndexOf(content, (byte)'\n');
            return end > 0 && JsonSerializer.Deserialize(content.AsSpan(0, end), TelemetryJson.Default.DeadLetter) is { } letter
                ? (letter, content[(end + 1)..])
                : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // Replayed meanwhile, or half written by a crash: then the journal still holds the record.
            return null;
        }
    }

    private bool Keep(DeadLetter letter, ReadOnlySpan<byte> bytes, Exception? error, string extension = Letter)
    {
        var path = Path.Combine(_folder, letter.Id + extension);
        try
        {
            lock (_lock)
            {
                var known = new FileInfo(path);
                var size = known.Exists ? known.Length : 0;
                if (!known.Exists && (_count >= MostLetters || _bytes + bytes.Length > MostBytes))
                {
                    throw new IOException("There are too many dead letters.");
                }
                using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None))
                {
                    file.Write(JsonSerializer.SerializeToUtf8Bytes(letter, TelemetryJson.Default.DeadLetter));
                    file.WriteByte((byte)'\n');
                    file.Write(bytes);
                    file.Flush(flushToDisk: true);
                    if (extension == Suspect)
                    {
                        return true;
                    }
                    _bytes += file.Length - size;
                }
                _count += known.Exists ? 0 : 1;
                if (letter.Reason is not ("journal_damage" or "torn_write"))
                {
                    _setAside.Add(letter.Sequence);
                }
            }
            Log.DeadLettered(_logger, error, letter.Sequence, letter.Reason);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (extension == Suspect)
            {
                // Nothing is lost: the record stays in the journal and its batch is tried again. Mostly the disk is full.
                return false;
            }
            Interlocked.Increment(ref _lost);
            Log.Lost(_logger, e, letter.Sequence);
            return false;
        }
    }

    private void Forget(string path)
    {
        lock (_lock)
        {
            var file = new FileInfo(path);
            if (file.Exists)
            {
                _bytes -= file.Length;
                _count--;
                file.Delete();
            }
        }
    }
}
