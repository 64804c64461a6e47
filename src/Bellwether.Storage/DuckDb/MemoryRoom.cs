using System.Globalization;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Microsoft.Extensions.Logging;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// What was written and is not merged into its file lies in DuckDB's memory and cannot be spilled, so a statement that needs some for itself may find none
/// after a great deal was stored at once. It then runs once more with twice the memory, one such at a time: the process grows by no more than that,
/// and gives it back.
/// </summary>
internal sealed class MemoryRoom(int limitMb, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile bool _isLarger;

    public static bool RanOut(DuckDBException error) => error.ErrorType == DuckDBErrorType.OutOfMemory;

    /// <exception cref="DuckDBException">What the work throws, also when twice the memory is too little.</exception>
    public async ValueTask<T> RunAsync<T>(SessionPool pool, Func<DuckDbSession, T> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            Log.MemoryRanOut(logger, limitMb);
            return await pool.RunAsync(
                session =>
                {
                    Limit(session, 2 * limitMb);
                    _isLarger = true;
                    try
                    {
                        return work(session);
                    }
                    finally
                    {
                        Shrink(session);
                    }
                },
                cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Takes what could not be given back because it was still in use. False when it still is: it has to be called again. Not while a statement runs with it.</summary>
    public bool GiveBack(DuckDbSession session)
    {
        if (!_isLarger)
        {
            return true;
        }
        if (!_one.Wait(0))
        {
            return false;
        }
        try
        {
            return Shrink(session);
        }
        finally
        {
            _one.Release();
        }
    }

    private bool Shrink(DuckDbSession session)
    {
        try
        {
            Limit(session, limitMb);
            _isLarger = false;
            return true;
        }
        catch (DuckDBException error) when (RanOut(error))
        {
            return false;
        }
    }

    public void Dispose() => _one.Dispose();

    private static void Limit(DuckDbSession session, int megabytes) => session.Execute(string.Create(CultureInfo.InvariantCulture, $"SET memory_limit = '{megabytes}MiB'"));
}
