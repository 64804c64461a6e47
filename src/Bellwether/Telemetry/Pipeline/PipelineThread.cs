using System.Collections.Concurrent;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>
/// A thread of its own for the pipeline's reader. On the thread pool its turns come after those of every call in flight, and a
/// batch's work delays them in turn; here the kernel decides, and calls go first.
/// </summary>
internal sealed class PipelineThread : SynchronizationContext, IDisposable
{
    private readonly BlockingCollection<(SendOrPostCallback Work, object? State)> _work = [];

    /// <summary>Runs the loop with all its continuations on the thread; ends when the loop ends.</summary>
    public Task RunAsync(Func<Task> loop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            BackgroundThread.GiveWay();
            SetSynchronizationContext(this);
            var running = loop();
            _ = running.ContinueWith(_ => _work.CompleteAdding(), TaskScheduler.Default);
            foreach (var (work, state) in _work.GetConsumingEnumerable())
            {
                work(state);
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
        try
        {
            _work.Add((d, state));
        }
        catch (InvalidOperationException)
        {
            // The loop has ended; what is left over has nobody to tell.
            ThreadPool.QueueUserWorkItem(_ => d(state));
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    public void Dispose() => _work.Dispose();
}
