using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Storage.DuckDb;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bellwether.Server.Tests;

/// <summary>
/// The disk is full in the middle of what the store does: while it writes its log, and while it merges the log into its file,
/// which needs as much space again. Some versions of DuckDB lost every row of the file in the second case.
/// </summary>
public sealed class FullStoreTests
{
    private const int LogMb = 4;
    private const int BatchRecords = 20;
    private static readonly DateTimeOffset s_start = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeRange s_window = new(s_start.AddDays(-1), s_start.AddDays(1));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task What_was_stored_is_there_and_reading_goes_on(int megabytesLeft)
    {
        using var disk = new SmallDisk(48);
        var random = new Random(megabytesLeft);
        var store = await OpenAsync(disk, expected: 0);
        // Something that is merged already, so that there is something to lose.
        var stored = 0L;
        for (var i = 0; i < 60; i++)
        {
            stored = await AppendAsync(store, stored, random);
        }

        disk.Fill(megabytesLeft << 20);
        Exception? full = null;
        for (var i = 0; i < 500 && full is null; i++)
        {
            full = await Record.ExceptionAsync(async () => stored = await AppendAsync(store, stored, random));
        }
        Assert.NotNull(full);
        TestContext.Current.SendDiagnosticMessage($"{megabytesLeft} MB left: {full.Message}");
        var counted = await CountAsync(store);
        // A batch that failed may be in all the same: it is tried again, and known by its sequence then.
        Assert.InRange(counted, stored, stored + BatchRecords);
        Assert.NotNull(await Record.ExceptionAsync(() => AppendAsync(store, stored, random)));
        Assert.InRange(await CountAsync(store), stored, stored + BatchRecords);

        disk.Clear();
        for (var i = 0; i < 20; i++)
        {
            stored = await AppendAsync(store, stored, random);
        }
        Assert.Equal(stored, await CountAsync(store));
        await store.DisposeAsync();

        store = await OpenAsync(disk, stored);
        Assert.Equal(stored, await CountAsync(store));
        await store.DisposeAsync();
    }

    private static async Task<DuckDbTelemetryStore> OpenAsync(SmallDisk disk, long expected)
    {
        var store = new DuckDbTelemetryStore(
            new DataFolder(disk.Folder), Options.Create(new DuckDbOptions { CheckpointMb = LogMb }), TimeProvider.System, NullLogger<DuckDbTelemetryStore>.Instance);
        Assert.Equal(expected, await store.OpenAsync(CancellationToken.None));
        return store;
    }

    private static async Task<long> AppendAsync(DuckDbTelemetryStore store, long stored, Random random)
    {
        var records = ImmutableArray.CreateBuilder<SequencedRecord>(BatchRecords);
        for (var i = 1; i <= BatchRecords; i++)
        {
            // Random bytes, which no compression makes small.
            var text = new byte[5_000];
            random.NextBytes(text);
            var time = s_start.AddMilliseconds(stored + i);
            var observation = new Observation
            {
                Id = Guid.CreateVersion7(time), Project = ProjectId.Default, StartTime = time, Kind = ObservationKind.Llm, State = ObservationState.Ok,
                Name = "POST /v1/chat/completions", Model = "gpt-4o",
            };
            records.Add(new SequencedRecord(stored + i, TelemetryRecord.Of(observation, new ObservationPayload { Input = text })));
        }
        await store.AppendAsync(records.MoveToImmutable(), CancellationToken.None);
        return stored + BatchRecords;
    }

    private static async Task<long> CountAsync(DuckDbTelemetryStore store)
    {
        var rows = await store.QueryAsync(new TelemetryQuery(ProjectId.Default, s_window, [Measure.Count]), CancellationToken.None);
        var page = await store.ReadPageAsync(new ObservationPageRequest(ProjectId.Default, s_window, 5), CancellationToken.None);
        foreach (var item in page.Items)
        {
            // The newest ones have their texts.
            Assert.Equal(5_000, (await store.ReadAsync(ProjectId.Default, item.Id, CancellationToken.None))!.Payload.Input.Length);
        }
        return (long)(rows.Rows[0].Values[0] ?? 0);
    }
}
