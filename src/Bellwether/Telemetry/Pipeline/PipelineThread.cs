using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>
/// A thread of its own for the pipeline's reader. On the thread pool its turns come after those of every call in flight, and a
/// batch's work delays them in turn; here the kernel decides, and calls go first.
/// </summary>
internal sealed class PipelineThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Work, object? State)> _work = new();
    private bool _ended;

    /// <summary>Runs the loop with all its continuations on the thread; ends when the loop ends.</summary>
    public Task RunAsync(Func<Task> loop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            BackgroundThread.GiveWay();
            SetSynchronizationContext(this);
            var running = loop();
            _ = running.ContinueWith(_ => End(), TaskScheduler.Default);
            while (TryTake(out var next))
            {
                next.Work(next.State);
            }
            ended.SetFromTask(running);
        })
        {
            IsBackground = true,
            Name = "telemetry reader",
        };
        thread.Start();
        return ended.Task;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_work)
        {
            if (!_ended)
            {
                _work.Enqueue((d, state));
                Monitor.Pulse(_work);
                return;
            }
        }
        // The loop has ended; what is left over, such as a callback of a timer, runs where it may.
        ThreadPool.QueueUserWorkItem(_ => d(state));
    }

    public override SynchronizationContext CreateCopy() => this;

    private void End()
    {
        lock (_work)
        {
            _ended = true;
            Monitor.Pulse(_work);
        }
    }

    private bool TryTake(out (SendOrPostCallback Work, object? State) next)
    {
        lock (_work)
        {
            while (_work.Count == 0 && !_ended)
            {
                Monitor.Wait(_work);
            }
            return _work.TryDequeue(out next);
        }
    }
}
