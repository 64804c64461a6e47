namespace Bellwether.Storage.DuckDb;

/// <summary>The payloads of one batch, on their way on a thread of their own while the writer's thread goes on. Used by the writer's thread only.</summary>
/// <param name="thread">Where they are written.</param>
internal sealed class PayloadWrites(SessionPool thread)
{
    private readonly List<(Task Writing, Action Written)> _running = [];

    /// <param name="write">Commits, or throws and leaves nothing.</param>
    /// <param name="written">Called on the writer's thread once the write is known to have gone well.</param>
    public void Start(Action<DuckDbSession> write, Action written) =>
        _running.Add((thread.RunAsync(session => { write(session); return true; }, CancellationToken.None).AsTask(), written));

    /// <summary>Waits until everything that was started is committed; throws what one of them threw.</summary>
    public void Await()
    {
        while (_running is [var (writing, written), ..])
        {
            // The writer's thread has nothing else to do meanwhile.
            writing.GetAwaiter().GetResult();
            _running.RemoveAt(0);
            written();
        }
    }

    /// <summary>Waits until nothing runs any more, however it ended.</summary>
    public void Settle()
    {
        foreach (var (writing, written) in _running)
        {
            ((IAsyncResult)writing).AsyncWaitHandle.WaitOne();
            if (writing.IsCompletedSuccessfully)
            {
                written();
            }
        }
        _running.Clear();
    }
}
