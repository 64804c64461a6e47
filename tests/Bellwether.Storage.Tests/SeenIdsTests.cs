using Bellwether.Storage.DuckDb;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

public sealed class SeenIdsTests
{
    [Fact]
    public void Every_id_that_was_added_is_known_and_others_are_not()
    {
        var random = new Random(5);
        var seen = new SeenIds();
        var (added, others) = (Ids(random, 300_000), Ids(random, 300_000));
        Array.ForEach(added, seen.Add);
        Array.ForEach(added, seen.Add);
        Assert.Equal(added.Length, seen.Count);
        Assert.All(added, id => Assert.True(seen.MayContain(id)));
        Assert.Equal(0, others.Count(seen.MayContain));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_version_finds_the_one_before_it_in_the_same_batch_in_a_later_one_and_after_a_start(bool reopened)
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        var today = subject.Clock.GetUtcNow();
        var runs = Enumerable.Range(0, 30).Select(i => Samples.Observation(today.AddSeconds(i))).ToArray();
        TelemetryRecord Version(Observation run, string model) => TelemetryRecord.Of(run with { Model = model }, Samples.Text(model), mayReplace: true);
        await subject.Store.AppendAsync(Samples.Sequence(1, runs[..10].Select(run => TelemetryRecord.Of(run with { Model = "gateway" }, Samples.Text("gateway")))), CancellationToken.None);
        await subject.Store.AppendAsync(Samples.Sequence(11, runs[10..20].Select(run => Version(run, "first"))), CancellationToken.None);
        if (reopened)
        {
            await subject.ReopenAsync();
        }
        await subject.Store.AppendAsync(Samples.Sequence(21, runs.Select(run => Version(run, "second")).Concat(runs[20..].Select(run => Version(run, "third")))), CancellationToken.None);

        var page = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, new(today.AddHours(-1), today.AddHours(1)), 100), CancellationToken.None);
        Assert.Equal(30, page.Items.Length);
        Assert.Equal(20, page.Items.Count(item => item.Model == "second"));
        Assert.Equal(10, page.Items.Count(item => item.Model == "third"));
    }

    private static Guid[] Ids(Random random, int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        // As ids of spans are: a clock that many share, then bits of a hash.
        var bytes = new byte[16];
        random.NextBytes(bytes);
        bytes.AsSpan(0, 6).Clear();
        bytes[5] = (byte)(i >> 14);
        return new Guid(bytes, bigEndian: true);
    })];
}
