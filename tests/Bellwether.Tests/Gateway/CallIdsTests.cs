using Bellwether.Gateway;

namespace Bellwether.Tests.Gateway;

public sealed class CallIdsTests
{
    [Fact]
    public void Are_of_version_7_hold_their_time_and_are_never_the_same()
    {
        var time = new DateTimeOffset(2026, 11, 27, 12, 0, 0, 345, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 1_000).Select(_ => CallIds.Next(time)).ToList();
        Assert.Equal(1_000, ids.Distinct().Count());
        Assert.All(ids, id =>
        {
            Assert.Equal(7, id.Version);
            Assert.InRange(id.Variant, 8, 11);
            Assert.Equal(Guid.CreateVersion7(time).ToString()[..13], id.ToString()[..13]);
        });
        // Every bit that is random is both, among so many.
        foreach (var at in Enumerable.Range(15, 21).Where(at => at is not (18 or 19 or 23)))
        {
            Assert.Equal(16, ids.Select(id => id.ToString()[at]).Distinct().Count());
        }
    }

    [Fact]
    public void Threads_do_not_share_their_randomness()
    {
        var ids = new System.Collections.Concurrent.ConcurrentBag<Guid>();
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                ids.Add(CallIds.Next(DateTimeOffset.UnixEpoch));
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(2_000, ids.Distinct().Count());
    }
}
