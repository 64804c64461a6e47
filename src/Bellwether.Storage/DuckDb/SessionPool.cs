using System.Threading.Channels;
using Bellwether.Primitives;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Threads with a connection each, and a bounded line of jobs before them. DuckDB's calls block for as long as they
/// take, so they get threads of their own instead of the thread pool's.
/// </summary>
internal sealed class SessionPool : IAsyncDisposable
{
    private readonly Channel<Job> _jobs;
    private readonly Thread[] _threads;

    /// <param name="background">The threads give way to calls that people wait for.</param>
    public SessionPool(string name, string connectionString, int size, int capacity, bool background = false)
    {
        _jobs = Channel.CreateBounded<Job>(new BoundedChannelOptions(capacity) { SingleReader = size == 1 });
        // Opened here, so that a folder that cannot be opened throws to whoever opens the store.
        var sessions = Enumerable.Range(0, size).Select(_ => DuckDbSession.Open(connectionString)).ToArray();
        _threads = [.. sessions.Select((session, index) => new Thread(() => Work(session, background)) { IsBackground = true, Name = $"{name} {index}" })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    public async ValueTask<T> RunAsync<T>(Func<DuckDbSession, T> work, CancellationToken cancellationToken)
    {
        var job = new Job<T>(work, cancellationToken);
        await _jobs.Writer.WriteAsync(job, cancellationToken);
        return await job.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _jobs.Reader.Completion;
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Work(DuckDbSession session, bool background)
    {
        if (background)
        {
            BackgroundThread.GiveWay();
        }
        using (session)
        {
            // The thread has nothing else to do than to wait here.
            while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_jobs.Reader.TryRead(out var job))
                {
                    job.Run(session);
                }
            }
        }
    }

    private abstract class Job
    {
        public abstract void Run(DuckDbSession session);
    }

    private sealed class Job<T>(Func<DuckDbSession, T> work, CancellationToken cancellationToken) : Job
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Completion => _completion.Task;

        public override void Run(DuckDbSession session)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                _completion.TrySetCanceled(cancellationToken);
                return;
            }
            session.Cancellation = cancellationToken;
            try
            {
                _completion.TrySetResult(work(session));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                _completion.TrySetCanceled(cancellationToken);
            }
            catch (Exception error)
            {
                _completion.TrySetException(error);
            }
            finally
            {
                session.Cancellation = default;
            }
        }
    }
}
