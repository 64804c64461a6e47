using Microsoft.Win32.SafeHandles;

namespace Bellwether.Telemetry;

/// <summary>
/// One thread that flushes the journal for everybody who wrote since the last flush. Without anybody waiting it flushes once
/// per interval; a waiting sender starts it at once, and those who come during a flush share the next. While there is traffic it looks
/// by itself, since waking a thread takes the caller longer than its write; after a quiet second it sleeps until it is woken.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private const int KeptDurations = 512;
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(1);

    private readonly IJournalFiles _files;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private readonly Journal _journal;
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private readonly List<(SafeFileHandle File, long Used)> _closing = [];
    private readonly List<(long Sequence, TaskCompletionSource<bool> Done)> _waiters = [];
    private readonly double[] _durationsMs = new double[KeptDurations];
    private SafeFileHandle? _dirty;
    private long _written;
    private long _durable;
    private long _failed;
    private long _flushes;
    private bool _stopping;
    private bool _sleeps;

    public GroupCommit(IJournalFiles files, TimeProvider clock, TimeSpan interval, Journal journal)
    {
        _files = files;
        _clock = clock;
        _interval = interval;
        _journal = journal;
        _thread = new Thread(Run) { IsBackground = true, Name = "journal commit" };
        _thread.Start();
    }

    public long Flushes => Interlocked.Read(ref _flushes);

    /// <summary>The journal's lock is held: sequences arrive in order.</summary>
    public void Dirty(Segment segment, long sequence)
    {
        bool sleeps;
        lock (_lock)
        {
            sleeps = _sleeps;
            _sleeps = false;
            _dirty = segment.File;
            _written = sequence;
        }
        if (sleeps)
        {
            _wake.Set();
        }
    }

    /// <summary>Flushes what a segment still has, cuts it to what is used and closes it.</summary>
    public void Close(Segment segment)
    {
        lock (_lock)
        {
            if (segment.File is not { } file)
            {
                return;
            }
            segment.File = null;
            _closing.Add((file, segment.Used));
            if (ReferenceEquals(_dirty, file))
            {
                _dirty = null;
            }
        }
        _wake.Set();
    }

    public ValueTask<bool> WaitAsync(long sequence)
    {
        TaskCompletionSource<bool> done;
        lock (_lock)
        {
            if (sequence <= _failed)
            {
                return ValueTask.FromResult(false);
            }
            if (sequence <= _durable)
            {
                return ValueTask.FromResult(true);
            }
            done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((sequence, done));
        }
        _wake.Set();
        return new ValueTask<bool>(done.Task);
    }

    /// <summary>Milliseconds of the latest flushes at two shares, or null without any.</summary>
    public (double P50, double P99)? Percentiles()
    {
        lock (_lock)
        {
            var count = (int)Math.Min(_flushes, KeptDurations);
            if (count == 0)
            {
                return null;
            }
            var sorted = _durationsMs[..count];
            Array.Sort(sorted);
            return (sorted[count / 2], sorted[Math.Min(count - 1, count * 99 / 100)]);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            // The pipeline disposes it in its order of shutdown, the container once more.
            if (_stopping)
            {
                return;
            }
            _stopping = true;
        }
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        var quiet = TimeSpan.Zero;
        while (true)
        {
            bool sleeps;
            lock (_lock)
            {
                sleeps = _sleeps = _dirty is null && (quiet >= s_quiet || _interval == TimeSpan.Zero);
            }
            // Ends early when somebody waits.
            _wake.WaitOne(sleeps ? Timeout.InfiniteTimeSpan : _interval);
            bool stopping;
            bool gathers;
            lock (_lock)
            {
                stopping = _stopping;
                gathers = sleeps && _interval > TimeSpan.Zero && !_stopping && _waiters.Count == 0 && _closing.Count == 0;
            }
            if (gathers)
            {
                quiet = TimeSpan.Zero;
                continue;
            }
            quiet = Commit() ? TimeSpan.Zero : quiet + _interval;
            if (stopping)
            {
                return;
            }
        }
    }

    // False when there was nothing to flush.
    private bool Commit()
    {
        SafeFileHandle? dirty;
        (SafeFileHandle File, long Used)[] closing;
        long target;
        lock (_lock)
        {
            dirty = _dirty;
            _dirty = null;
            target = _written;
            closing = [.. _closing];
            _closing.Clear();
        }
        var works = dirty is not null || closing.Length > 0;
        Exception? error = null;
        if (works)
        {
            var start = _clock.GetTimestamp();
            error = Flush(dirty, closing);
            lock (_lock)
            {
                _durationsMs[_flushes % KeptDurations] = _clock.GetElapsedTime(start).TotalMilliseconds;
                _flushes++;
            }
        }
        if (error is not null)
        {
            // Before the waiters hear of it, so that their next attempt is refused at once.
            _journal.FlushFailed(error);
        }
        Complete(target, error is null);
        return works;
    }

    private Exception? Flush(SafeFileHandle? dirty, (SafeFileHandle File, long Used)[] closing)
    {
        Exception? error = null;
        foreach (var (file, used) in closing)
        {
            try
            {
                _files.Flush(file);
                RandomAccess.SetLength(file, used);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error = e;
            }
            finally
            {
                file.Dispose();
            }
        }
        try
        {
            if (dirty is not null)
            {
                _files.Flush(dirty);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e;
        }
        return error;
    }

    private void Complete(long target, bool durable)
    {
        List<TaskCompletionSource<bool>>? done = null;
        lock (_lock)
        {
            if (durable)
            {
                _durable = Math.Max(_durable, target);
            }
            else
            {
                _failed = Math.Max(_failed, target);
            }
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Sequence <= target)
                {
                    (done ??= []).Add(_waiters[i].Done);
                    _waiters.RemoveAt(i);
                }
            }
        }
        if (done is not null)
        {
            foreach (var waiter in done)
            {
                waiter.SetResult(durable);
            }
        }
    }
}
