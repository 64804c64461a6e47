using Bellwether.Storage.DuckDb;
using DuckDB.NET.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bellwether.Storage.Tests;

public sealed class MemoryRoomTests
{
    private const int LimitMb = 64;

    [Fact]
    public async Task What_found_no_memory_runs_again_with_twice_as_much_which_is_given_back()
    {
        await using var pool = Pool();
        using var room = new MemoryRoom(LimitMb, NullLogger.Instance);
        Assert.True(MemoryRoom.RanOut(await Assert.ThrowsAsync<DuckDBException>(async () => await pool.RunAsync(OneText(20), CancellationToken.None))));

        Assert.Equal(20_000_000, await room.RunAsync(pool, OneText(20), CancellationToken.None));

        Assert.True(await pool.RunAsync(room.GiveBack, CancellationToken.None));
        Assert.True(MemoryRoom.RanOut(await Assert.ThrowsAsync<DuckDBException>(async () => await pool.RunAsync(OneText(20), CancellationToken.None))));
    }

    [Fact]
    public async Task What_finds_no_memory_in_twice_as_much_either_fails_and_leaves_the_limit_as_it_was()
    {
        await using var pool = Pool();
        using var room = new MemoryRoom(LimitMb, NullLogger.Instance);
        Assert.True(MemoryRoom.RanOut(await Assert.ThrowsAsync<DuckDBException>(async () => await room.RunAsync(pool, OneText(400), CancellationToken.None))));
        Assert.True(await pool.RunAsync(room.GiveBack, CancellationToken.None));
        Assert.True(MemoryRoom.RanOut(await Assert.ThrowsAsync<DuckDBException>(async () => await pool.RunAsync(OneText(20), CancellationToken.None))));
    }

    [Fact]
    public async Task Nothing_is_taken_from_a_statement_that_runs_with_it()
    {
        await using var pool = Pool();
        await using var others = Pool();
        using var room = new MemoryRoom(LimitMb, NullLogger.Instance);
        using var isRunning = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var running = room.RunAsync(
            pool,
            session =>
            {
                isRunning.Set();
                mayEnd.Wait(TestContext.Current.CancellationToken);
                return OneText(20)(session);
            },
            CancellationToken.None).AsTask();
        isRunning.Wait(TestContext.Current.CancellationToken);
        Assert.False(await others.RunAsync(room.GiveBack, CancellationToken.None));
        mayEnd.Set();
        Assert.Equal(20_000_000, await running);
        Assert.True(await others.RunAsync(room.GiveBack, CancellationToken.None));
    }

    private static SessionPool Pool() => new("test", $"Data Source=:memory:;memory_limit={LimitMb}MiB;threads=1", 1, 1);

    // A text that is put together can be spilled nowhere.
    private static Func<DuckDbSession, long?> OneText(int megabytes) =>
        session => session.Scalar($"SELECT length(string_agg(repeat('x', 1000), '')) FROM range({megabytes}000)");
}
