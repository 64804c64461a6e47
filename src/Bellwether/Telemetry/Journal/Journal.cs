using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Bellwether.Telemetry;

/// <summary>Why the journal cannot take records now.</summary>
internal sealed record JournalFault(string Code, string Message, long Since);

/// <summary>What a journal is opened with.</summary>
/// <param name="FsyncAcks">False: an acknowledgement needs the write only, and flushes happen when a segment ends.</param>
internal sealed record JournalSettings(string Folder, long SegmentBytes, bool FsyncAcks, TimeSpan CommitInterval);

/// <summary>
/// Segment files that records are appended to. An append is one positional write by the caller's thread, so that the record
/// is with the operating system when it returns; one thread flushes for everybody (group commit). Format and reasons:
/// docs/journal.md, docs/decisions/0003-own-journal.md.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly JournalSettings _settings;
    private readonly IJournalFiles _files;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly FolderLock _folderLock;
    private readonly Lock _lock = new();
    private readonly GroupCommit _commit;
    private ImmutableList<Segment> _segments;
    private Segment? _spare;
    private long _lastSequence;
    private volatile JournalFault? _fault;
    private bool _isClosed;

    private Journal(JournalSettings settings, IJournalFiles files, TimeProvider clock, ILogger logger, FolderLock folderLock, JournalRecovery recovered)
    {
        _settings = settings;
        _files = files;
        _clock = clock;
        _logger = logger;
        _folderLock = folderLock;
        _segments = recovered.Segments;
        _lastSequence = recovered.LastSequence;
        Damage = recovered.Damage;
        _commit = new GroupCommit(files, clock, settings.CommitInterval, this);
    }

    /// <summary>Torn tails that were cut at the start; damage in the middle is found by reading.</summary>
    public ImmutableArray<JournalDamage> Damage { get; }

    public JournalFault? Fault => _fault;

    /// <summary>Of the newest record that is written.</summary>
    public long LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>Durations of the latest flushes.</summary>
    public GroupCommit Commits => _commit;

    public int SegmentCount => _segments.Count;

    /// <summary>Bytes of records kept, in all segments.</summary>
    public long RetainedBytes
    {
        get
        {
            lock (_lock)
            {
                return _segments.Sum(segment => segment.Used);
            }
        }
    }

    /// <summary>Throws <see cref="JournalInUseException"/> when another process has the folder.</summary>
    public static Journal Open(JournalSettings settings, IJournalFiles files, TimeProvider clock, ILogger logger)
    {
        Directory.CreateDirectory(settings.Folder);
        var folderLock = FolderLock.Take(settings.Folder);
        try
        {
            return new Journal(settings, files, clock, logger, folderLock, JournalRecovery.Run(settings.Folder));
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>The store is ahead when the journal's folder was lost: sequences must go on behind it.</summary>
    public void StartAfter(long sequence)
    {
        lock (_lock)
        {
            _lastSequence = Math.Max(_lastSequence, sequence);
        }
    }

    /// <summary>
    /// Appends frames that <see cref="JournalFormat.BeginFrame"/> has begun, all or none, one behind the other from
    /// <paramref name="place"/>. Null when they are written; otherwise why not.
    /// </summary>
    public JournalFault? Append(Span<byte> frames, int count, out long lastSequence, out JournalPlace place)
    {
        lock (_lock)
        {
            lastSequence = 0;
            place = default;
            if (_fault is { } fault)
            {
                return fault;
            }
            try
            {
                var segment = SegmentFor(frames.Length);
                var sequence = _lastSequence;
                for (var rest = frames; !rest.IsEmpty;)
                {
                    var frame = rest[..JournalFormat.FrameLength(rest)];
                    JournalFormat.EndFrame(frame, ++sequence, segment.Salt);
                    rest = rest[frame.Length..];
                }
                // A write that fails half-way is written over by the next one, or cut at the next start.
                _files.Write(segment.File!, frames, segment.Used);
                place = new JournalPlace(segment.Path, segment.Used, frames.Length);
                segment.Used += frames.Length;
                lastSequence = _lastSequence + count;
                Volatile.Write(ref _lastSequence, lastSequence);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Fail(e);
            }
            if (_settings.FsyncAcks)
            {
                _commit.Dirty(_segments[^1], lastSequence);
            }
            return null;
        }
    }

    /// <summary>The payload of the frame at a place; null when it cannot be had: its segment was deleted since, or the disk fails.</summary>
    public static byte[]? Read(JournalPlace place)
    {
        try
        {
            using var file = File.OpenHandle(place.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var frame = new byte[place.Length];
            return RandomAccess.Read(file, frame, place.Offset) == frame.Length && JournalFormat.IsPayload(frame) ? frame[JournalFormat.FrameHeader..] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Gives the next sequence without writing: for records that are kept in memory only.</summary>
    public long Skip()
    {
        lock (_lock)
        {
            return ++_lastSequence;
        }
    }

    /// <summary>Completes when the record is as durable as the settings ask; false when the disk failed before that.</summary>
    public ValueTask<bool> WhenDurableAsync(long sequence) => _settings.FsyncAcks ? _commit.WaitAsync(sequence) : ValueTask.FromResult(true);

    /// <summary>After a fault: tries to go on in a new segment. True when the journal takes records again, or never stopped.</summary>
    public bool TryRecover()
    {
        lock (_lock)
        {
            if (_fault is not { } fault)
            {
                PrepareSpare();
                return true;
            }
            try
            {
                // What lies behind the last good record of the old segment is not to be trusted, so it is left behind.
                Retire();
                Use(Take(_settings.SegmentBytes));
                _fault = null;
                var duration = _clock.GetElapsedTime(fault.Since);
                Log.JournalRecovered(_logger, fault.Code, duration);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>The segment that holds the records after a sequence, with how much of it is written; null when there is none yet.</summary>
    public (Segment Segment, long Used, bool IsLast)? SegmentAfter(long sequence, Segment? current)
    {
        lock (_lock)
        {
            var index = current is null ? _segments.FindLastIndex(segment => segment.FirstSequence <= sequence + 1) : _segments.IndexOf(current);
            if (current is null)
            {
                index = Math.Max(index, 0);
            }
            return index >= 0 && index < _segments.Count ? (_segments[index], _segments[index].Used, index == _segments.Count - 1) : null;
        }
    }

    public Segment? Following(Segment current)
    {
        lock (_lock)
        {
            var index = _segments.IndexOf(current);
            return index >= 0 && index + 1 < _segments.Count ? _segments[index + 1] : index < 0 && _segments.Count > 0 ? _segments[0] : null;
        }
    }

    /// <summary>Deletes the segments whose records are all stored.</summary>
    public void Release(long storedSequence)
    {
        List<Segment>? stored = null;
        lock (_lock)
        {
            while (_segments.Count > 1 && _segments[1].FirstSequence <= storedSequence + 1)
            {
                (stored ??= []).Add(_segments[0]);
                _segments = _segments.RemoveAt(0);
            }
        }
        // Outside the lock: freeing the blocks of a file takes ext4 some 20 ms, and every call would wait for them.
        foreach (var segment in stored ?? [])
        {
            Delete(segment);
        }
    }

    /// <summary>
    /// Ends the segment that is written to, so that <see cref="Release"/> can delete it: after an erasure its text must go. Throws <see cref="IOException"/>
    /// when the disk has no room for the next one.
    /// </summary>
    public void EndSegment()
    {
        lock (_lock)
        {
            // Also one of an earlier run, which has no file open and may have none behind it yet.
            if (!_isClosed && _segments is [.., { IsEmpty: false }])
            {
                // Only what has another one behind it can be released, and nothing more may be written for hours.
                var next = Take(_settings.SegmentBytes);
                Retire();
                Use(next);
            }
        }
    }

    /// <summary>Called by the commit thread when a flush failed: what was not flushed may be lost, whatever a later flush says.</summary>
    internal void FlushFailed(Exception error)
    {
        lock (_lock)
        {
            Fail(error);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _fault = new JournalFault("shutting_down", "The server is shutting down.", _clock.GetTimestamp());
            Retire();
        }
        _commit.Dispose();
        if (_spare is { } spare)
        {
            spare.File?.Dispose();
            File.Delete(spare.Path);
        }
        _folderLock.Dispose();
    }

    private JournalFault Fail(Exception error)
    {
        if (_fault is { } known)
        {
            return known;
        }
        var full = DiskErrors.IsFull(error);
        var fault = full
            ? new JournalFault("disk_full", "The disk is full.", _clock.GetTimestamp())
            : new JournalFault("journal_failed", "The journal cannot be written.", _clock.GetTimestamp());
        _fault = fault;
        Log.JournalFailed(_logger, error, fault.Code);
        return fault;
    }

    private Segment SegmentFor(int bytes)
    {
        if (_segments is [.., { File: not null } active] && active.Used + bytes <= active.Capacity)
        {
            return active;
        }
        var segment = Take(Math.Max(_settings.SegmentBytes, bytes + (long)JournalFormat.SegmentHeader));
        Retire();
        Use(segment);
        return segment;
    }

    private void Use(Segment segment) => _segments = _segments.Add(segment);

    private Segment Take(long bytes)
    {
        if (_spare is { } spare && spare.Capacity >= bytes)
        {
            _spare = null;
            var named = new Segment(Path.Combine(_settings.Folder, JournalFormat.FileName(_lastSequence + 1, spare.Salt)), _lastSequence + 1, spare.Salt)
            {
                File = spare.File,
                Capacity = spare.Capacity,
            };
            _files.Write(named.File!, JournalFormat.SegmentHeaderBytes(named.FirstSequence, named.Salt), 0);
            File.Move(spare.Path, named.Path);
            return named;
        }
        return Allocate(JournalFormat.FileName(_lastSequence + 1, 0), bytes, named: true);
    }

    private Segment Allocate(string name, long bytes, bool named)
    {
        var salt = JournalFormat.NewSalt();
        var first = _lastSequence + 1;
        var path = Path.Combine(_settings.Folder, named ? JournalFormat.FileName(first, salt) : name);
        var file = _files.Create(path, bytes);
        var segment = new Segment(path, first, salt) { File = file, Capacity = bytes };
        if (named)
        {
            try
            {
                _files.Write(file, JournalFormat.SegmentHeaderBytes(first, salt), 0);
            }
            catch
            {
                file.Dispose();
                File.Delete(path);
                throw;
            }
        }
        return segment;
    }

    // Allocating takes milliseconds, so it is done ahead and not by a caller. The spare is also what is left when others fill the disk.
    private void PrepareSpare()
    {
        if (_spare is not null || _segments.Count == 0 || _segments[^1].Used * 2 < _segments[^1].Capacity)
        {
            return;
        }
        try
        {
            _spare = Allocate(JournalRecovery.SpareName, _settings.SegmentBytes, named: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not yet needed: when it is, the append that needs it says so.
        }
    }

    private void Retire()
    {
        if (_segments is [.., { File: { } } last])
        {
            _commit.Close(last);
            if (last.IsEmpty)
            {
                Remove(last);
            }
        }
    }

    private void Remove(Segment segment)
    {
        _segments = _segments.Remove(segment);
        Delete(segment);
    }

    private void Delete(Segment segment)
    {
        try
        {
            File.Delete(segment.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It holds nothing that is needed; the next start deletes it.
            Log.SegmentNotDeleted(_logger, e, segment.Path);
        }
    }
}
