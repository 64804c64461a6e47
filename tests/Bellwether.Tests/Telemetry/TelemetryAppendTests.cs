using System.Text;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

/// <summary>Records of one request that are added one by one, and batches whose memory is used again.</summary>
public sealed class TelemetryAppendTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Durability.Fsync)]
    [InlineData(Durability.Memory)]
    public async Task What_is_added_one_by_one_is_stored_once_and_in_order(Durability durability)
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, options => options.Durability = durability).StartAsync();
        using (var append = pipeline.Intake.BeginAppend())
        {
            // Several chunks, and a record that is larger than one.
            foreach (var number in Enumerable.Range(1, 500))
            {
                Assert.True(append.TryAdd(Records.Observation(number, number == 77 ? 400_000 : 2_000)));
            }
            Assert.True((await append.FinishAsync(TestContext.Current.CancellationToken)).Accepted);
        }
        await pipeline.StoredAsync();
        Assert.Equal(Enumerable.Range(1, 500), _store.Numbers);
        Assert.Equal(400_000, _store.All[76].Payload.Input.Length);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task A_request_for_which_there_is_no_room_is_refused_half_way()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, options => options.SpoolBytes = 1 << 20).StartAsync();
        _store.Down = true;
        using (var append = pipeline.Intake.BeginAppend())
        {
            var taken = Enumerable.Range(1, 2_000).TakeWhile(number => append.TryAdd(Records.Observation(number, 2_000))).Count();
            Assert.InRange(taken, 400, 1_999);
            var result = await append.FinishAsync(TestContext.Current.CancellationToken);
            Assert.Equal((false, "queue_full"), (result.Accepted, result.Refusal.Code));
        }
        _store.Down = false;
        await pipeline.StoredAsync();
        Assert.Equal(_store.Numbers.Distinct(), _store.Numbers);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task A_chunk_that_could_not_be_flushed_fails_the_request_also_when_a_later_one_could()
    {
        var files = new FaultyFiles();
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, null, files).StartAsync();
        using var append = pipeline.Intake.BeginAppend();
        files.FailFlush = () => new IOException("The disk is gone.");
        foreach (var number in Enumerable.Range(1, 150))
        {
            append.TryAdd(Records.Observation(number, 2_000));
        }
        await PipelineHarness.Until(() => pipeline.Get<TelemetryIntake>().Spool.Journal.Fault is not null);
        files.FailFlush = null;
        Assert.True(pipeline.Get<TelemetryIntake>().Spool.Journal.TryRecover());
        append.TryAdd(Records.Observation(151, 200_000));
        Assert.False((await append.FinishAsync(TestContext.Current.CancellationToken)).Accepted);
    }

    [Fact]
    public async Task The_texts_of_one_batch_never_show_in_another()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, options => options.BatchRecords = 7).StartAsync();
        _store.Down = true;
        pipeline.Append(Enumerable.Range(1, 600), payloadBytes: 3_000);
        _store.Down = false;
        await pipeline.StoredAsync();
        Assert.Equal(600, _store.All.Length);
        Assert.All(_store.All, record => Assert.Equal(new string((char)('a' + (Records.Number(record) % 26)), 3_000), Encoding.UTF8.GetString(record.Payload.Input.Span)));
        await pipeline.StopAsync();
    }

    [Fact]
    public void What_waits_is_forgotten_unless_a_later_version_of_it_waits()
    {
        var pending = new PendingRecords();
        pending.Set(Records.Id(1), new PendingRecord(1, default, null));
        pending.Set(Records.Id(2), new PendingRecord(2, default, null));
        pending.Set(Records.Id(1), new PendingRecord(3, default, null));
        pending.Remove([new SequencedRecord(1, Records.Observation(1)), new SequencedRecord(2, Records.Observation(2))], 2);
        Assert.Equal((3, false), (pending.Find(Records.Id(1))?.Sequence, pending.Find(Records.Id(2)).HasValue));
    }

    [Fact]
    public void An_arena_gives_every_text_a_place_of_its_own_until_it_is_cleared()
    {
        var arena = new RecordArena();
        var copies = Enumerable.Range(0, 300).Select(i => (Value: (byte)i, Copy: arena.Copy(Enumerable.Repeat((byte)i, 1 + (i * 997)).ToArray()))).ToArray();
        Assert.All(copies, copy => Assert.False(copy.Copy.Span.ContainsAnyExcept(copy.Value)));
        var before = arena.Copy([1]);
        arena.Clear();
        Assert.True(arena.Copy([2]).Span[0] == 2 && before.Length == 1);
    }
}
