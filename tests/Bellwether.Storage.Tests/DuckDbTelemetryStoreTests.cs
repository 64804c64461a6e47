using Bellwether.Primitives;
using Bellwether.Storage.DuckDb;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <summary>The conformance suite on DuckDB, and what is DuckDB's alone: files, the lock, kills between two files.</summary>
public sealed class DuckDbTelemetryStoreTests : TelemetryStoreConformance
{
    private static readonly DateTimeOffset s_midnight = Samples.Noon.AddHours(-12);

    protected override async Task<IStoreUnderTest> CreateAsync() => await DuckDbUnderTest.CreateAsync();

    [Fact]
    public async Task A_second_store_on_the_same_folder_is_refused_and_told_who_holds_it()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        await using var second = subject.New();
        var error = await Assert.ThrowsAsync<IOException>(() => second.OpenAsync(CancellationToken.None).AsTask());
        Assert.Contains("store.lock", error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await subject.ReopenAsync());
    }

    /// <summary>
    /// A kill after the n-th file of a batch leaves the first n files new and the others old. The files are copied from
    /// before and after the batch to make every such state.
    /// </summary>
    [Fact]
    public async Task A_kill_between_any_two_files_of_a_batch_is_repaired_by_the_replay()
    {
        var before = Samples.Spread(21, 40, s_midnight.AddHours(-3), TimeSpan.FromHours(6));
        var batch = Samples.Spread(22, 40, s_midnight.AddHours(-3), TimeSpan.FromHours(6), 41);
        string[] order = ["p20261119", "p20261120", "m20261119", "m20261120", "store"];
        for (var written = 0; written <= order.Length; written++)
        {
            await using var subject = await DuckDbUnderTest.CreateAsync();
            await subject.Store.AppendAsync(before, CancellationToken.None);
            var older = await subject.CopyFilesAsync();
            await subject.Store.AppendAsync([.. batch, .. Samples.Sequence(81, TelemetryRecord.Of(Vote(batch[0].Record.Observation!.Id)))], CancellationToken.None);
            await subject.RestoreAsync(older, keep: order[..written]);

            var complete = await subject.OpenAsync();

            Assert.Equal(written == order.Length ? 81 : 40, complete);
            await subject.Store.AppendAsync([.. batch, .. Samples.Sequence(81, TelemetryRecord.Of(Vote(batch[0].Record.Observation!.Id)))], CancellationToken.None);
            var window = new TimeRange(s_midnight.AddDays(-1), s_midnight.AddDays(1));
            var page = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, window, 200), CancellationToken.None);
            Assert.Equal(80, page.Items.Length);
            Assert.Equal(80, page.Items.Select(observation => observation.Id).Distinct().Count());
            var searched = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, window, 200) { Text = "so be it" }, CancellationToken.None);
            Assert.Equal(80, searched.Items.Length);
            Assert.Single((await subject.Store.ReadAsync(Samples.Project, batch[0].Record.Observation!.Id, CancellationToken.None))!.Annotations);
            Assert.Equal(81, await subject.ReopenAsync());
        }
    }

    [Fact]
    public async Task A_day_has_a_metrics_and_a_payload_file_that_retention_deletes()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        await subject.Store.AppendAsync(Samples.Spread(23, 30, s_midnight.AddDays(-1), TimeSpan.FromDays(3)), CancellationToken.None);
        Assert.Equal(["m20261119", "m20261120", "m20261121", "p20261119", "p20261120", "p20261121"], subject.DayFiles());
        await subject.Store.DropBeforeAsync(s_midnight, s_midnight.AddDays(1), CancellationToken.None);
        Assert.Equal(["m20261120", "m20261121", "p20261121"], subject.DayFiles());
    }

    [Fact]
    public async Task A_file_that_was_being_made_when_the_process_was_killed_is_made_again()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        await subject.Duck.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(subject.TelemetryFolder, "m20261120.duckdb.new"), "half a header", CancellationToken.None);
        await subject.OpenAsync();
        await subject.Store.AppendAsync(Samples.Spread(24, 5, s_midnight, TimeSpan.FromHours(1)), CancellationToken.None);
        Assert.Equal(["m20261120", "p20261120"], subject.DayFiles());
    }

    /// <summary>The log of the half-made file survives the kill too; read into a new file it would stand in its way for ever.</summary>
    [Fact]
    public async Task What_a_kill_left_of_a_file_that_was_being_made_is_not_read_into_the_new_one()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        await subject.Duck.DisposeAsync();
        var half = Path.Combine(subject.TelemetryFolder, "m20261120.duckdb.new");
        using (var connection = new DuckDB.NET.Data.DuckDBConnection("Data Source=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"ATTACH '{half}' AS half; CREATE TABLE half.observation (id UUID); INSERT INTO half.observation VALUES (uuid())";
            command.ExecuteNonQuery();
            File.Copy(half, half + ".kept");
            File.Copy(half + ".wal", half + ".wal.kept");
        }
        File.Move(half + ".kept", half, overwrite: true);
        File.Move(half + ".wal.kept", half + ".wal", overwrite: true);
        await subject.OpenAsync();
        await subject.Store.AppendAsync(Samples.Spread(24, 5, s_midnight, TimeSpan.FromHours(1)), CancellationToken.None);
        Assert.Equal(["m20261120", "p20261120"], subject.DayFiles());
        Assert.Equal(5, await subject.ReopenAsync());
    }

    [Fact]
    public async Task What_waits_of_metrics_to_be_merged_is_bounded_by_its_rows()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        long Waiting() => subject.Logs().Where(log => log.Name[0] == 'm').Sum(log => log.Length);
        async Task AppendAsync(int batch) => await subject.Store.AppendAsync(
            Samples.Sequence(1 + (batch * 4_096), Enumerable.Range(0, 4_096).Select(i => TelemetryRecord.Of(Samples.Observation(Samples.Noon.AddMilliseconds((batch * 4_096) + i)), new ObservationPayload()))), CancellationToken.None);
        await AppendAsync(0);
        var one = Waiting();
        for (var batch = 1; batch < 7; batch++) { await AppendAsync(batch); }
        Assert.InRange(Waiting(), 6 * one, 9 * one);
        // The last of 32,768.
        await AppendAsync(7);
        Assert.InRange(Waiting(), 0, one);
        Assert.Equal(8 * 4_096, await subject.ReopenAsync());
    }

    /// <summary>A run's versions lie in two days; a kill between the files of their batch, and a replay in smaller batches than before.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task After_a_kill_a_replay_in_other_batches_keeps_the_last_version(int written)
    {
        var first = Samples.Observation(s_midnight.AddHours(2)) with { Model = "first" };
        var second = first with { Model = "second", StartTime = s_midnight.AddHours(-2) };
        var back = Samples.Observation(s_midnight.AddHours(-3)) with { Model = "first" };
        var forth = back with { Model = "second", StartTime = s_midnight.AddHours(3) };
        TelemetryRecord[] versions = [.. new[] { first, back, second, forth }.Select(version => TelemetryRecord.Of(version, Samples.Text(version.Model + " words"), mayReplace: true))];
        var batch = Samples.Sequence(41, [.. Samples.Spread(51, 2, s_midnight.AddHours(-1), TimeSpan.FromHours(2)).Select(record => record.Record), .. versions]);
        string[] order = ["p20261119", "p20261120", "m20261119", "m20261120", "store"];
        await using var subject = await DuckDbUnderTest.CreateAsync();
        await subject.Store.AppendAsync(Samples.Spread(52, 40, s_midnight.AddHours(-4), TimeSpan.FromHours(8)), CancellationToken.None);
        var older = await subject.CopyFilesAsync();
        await subject.Store.AppendAsync(batch, CancellationToken.None);
        await subject.RestoreAsync(older, keep: order[..written]);
        var complete = await subject.OpenAsync();

        foreach (var record in batch.Where(record => record.Sequence > complete))
        {
            await subject.Store.AppendAsync([record], CancellationToken.None);
        }

        var page = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, new TimeRange(s_midnight.AddDays(-1), s_midnight.AddDays(1)), 200), CancellationToken.None);
        Assert.Equal(44, page.Items.Length);
        Assert.Equal([forth.StartTime, second.StartTime], page.Items.Where(observation => observation.Id == first.Id || observation.Id == back.Id).Select(observation => observation.StartTime));
        Assert.Equal("second words\nso be it.", (await subject.Store.ReadAsync(Samples.Project, first.Id, CancellationToken.None))!.Payload.SearchText);
        Assert.Equal("second words\nso be it.", (await subject.Store.ReadAsync(Samples.Project, back.Id, CancellationToken.None))!.Payload.SearchText);
        Assert.Equal(46, await subject.ReopenAsync());
    }

    /// <summary>What is on the disk while history is priced again is what a kill would leave; the copies are made in the middle of it.</summary>
    [Fact]
    public async Task A_kill_while_history_is_priced_again_leaves_rollups_that_agree_with_the_rows()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        await subject.Store.AppendAsync(Samples.Spread(53, 1_500, s_midnight.AddDays(-2), TimeSpan.FromDays(2.4)), CancellationToken.None);
        await subject.SettleAsync();
        var request = new RepriceRequest(Samples.Project, new TimeRange(s_midnight.AddDays(-3), s_midnight.AddDays(2)), []);
        var copies = new List<DataFolder>();
        var calls = 0;
        Cost Price(PricedCall call)
        {
            if (++calls % 250 == 1)
            {
                copies.Add(subject.Copy());
            }
            return new Cost(0.5m, 0, "new");
        }
        var whole = await subject.Store.RepriceAsync(request, Price, CancellationToken.None);
        copies.Add(subject.Copy());

        var halves = 0;
        foreach (var copy in copies)
        {
            await using var killed = await DuckDbUnderTest.CreateAsync(copy);
            var query = new TelemetryQuery(Samples.Project, request.Window, [Measure.CostUsd, Measure.CostP95, Measure.Unpriced, Measure.Count]) { Step = TimeSpan.FromHours(1) };
            // The same question with a condition that no rollup can answer.
            var rows = query with { Where = [new Filter("latency_ms", FilterOp.Gte, ["0"])] };
            for (var round = 0; round < 2; round++)
            {
                Assert.Equal(
                    (await killed.Store.QueryAsync(rows, CancellationToken.None)).Rows.Select(row => string.Join(' ', row.Values.Select(Samples.Number))),
                    (await killed.Store.QueryAsync(query, CancellationToken.None)).Rows.Select(row => string.Join(' ', row.Values.Select(Samples.Number))));
                await killed.SettleAsync();
            }
            var left = await killed.Store.RepriceAsync(request, _ => new Cost(0.5m, 0, "new"), CancellationToken.None);
            halves += left.Changed > 0 && left.Changed < whole.Changed ? 1 : 0;
            Assert.Equal(whole.Calls * 0.5, (await killed.Store.QueryAsync(query with { Step = null, Where = [Filter.Eq("priced", "true")] }, CancellationToken.None)).Rows[0].Values[0]);
        }
        Assert.True(halves > 0, "No copy was made half way.");
    }

    [Fact]
    public async Task Rollups_are_built_in_the_background_and_taken_back_when_a_late_row_comes()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        var records = Samples.Spread(25, 100, s_midnight, TimeSpan.FromHours(2));
        await subject.Store.AppendAsync(records, CancellationToken.None);
        var query = new TelemetryQuery(Samples.Project, new TimeRange(s_midnight, s_midnight.AddHours(2)), [Measure.Count]);
        Assert.False((await subject.Store.QueryAsync(query, CancellationToken.None)).FromRollups);
        await subject.SettleAsync();
        Assert.True((await subject.Store.QueryAsync(query, CancellationToken.None)).FromRollups);
        await subject.Store.AppendAsync(Samples.Spread(26, 1, s_midnight.AddMinutes(5), TimeSpan.FromMinutes(1), 101), CancellationToken.None);
        var late = await subject.Store.QueryAsync(query, CancellationToken.None);
        Assert.Equal((false, 101), (late.FromRollups, late.Rows[0].Values[0]));
        await subject.SettleAsync();
        var settled = await subject.Store.QueryAsync(query, CancellationToken.None);
        Assert.Equal((true, 101), (settled.FromRollups, settled.Rows[0].Values[0]));
    }

    [Fact]
    public async Task An_erased_user_is_in_no_table_of_the_main_file()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        await subject.Store.AppendAsync(Samples.WithSteps(Samples.Spread(28, 400, s_midnight.AddDays(-2), TimeSpan.FromDays(2.5))), CancellationToken.None);
        await subject.SettleAsync();
        Assert.InRange(await NamedAsync("rollup_user_day", "user_id"), 1, 3);
        Assert.InRange(await NamedAsync("rollup_step", "value"), 1, 60);
        await subject.Store.EraseAsync(new EraseRequest(Samples.Project, new TimeRange(s_midnight.AddDays(-3), s_midnight.AddDays(2)), [Filter.Eq("user", "user-7")]), CancellationToken.None);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(0, await NamedAsync("rollup_user_day", "user_id"));
            Assert.Equal(0, await NamedAsync("rollup_step", "value"));
            await subject.SettleAsync();
        }

        // Of a store that is closed: its file has one process.
        async Task<long> NamedAsync(string table, string column)
        {
            await subject.Duck.DisposeAsync();
            long rows;
            using (var connection = new DuckDB.NET.Data.DuckDBConnection($"Data Source={Path.Combine(subject.TelemetryFolder, "store.duckdb")}"))
            {
                connection.Open();
                using var command = connection.CreateCommand();
                command.CommandText = $"SELECT count(*) FROM {table} WHERE {column} = 'user-7'";
                rows = (long)command.ExecuteScalar()!;
            }
            await subject.OpenAsync();
            return rows;
        }
    }

    [Fact]
    public async Task The_feature_registers_a_store_with_options_that_are_checked()
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Bellwether:Telemetry:Store:MemoryLimitMb", "1")]).Build())
            .AddLogging().AddSingleton(TimeProvider.System).AddSingleton(new DataFolder(Path.GetTempPath()))
            .AddDuckDbTelemetry().BuildServiceProvider();
        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<ITelemetryStore>());
    }

    [Fact]
    public async Task Logs_that_nothing_is_added_to_any_more_are_merged_so_that_a_start_after_a_crash_need_not_read_them()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        await subject.Store.AppendAsync(Samples.Spread(27, 300, s_midnight, TimeSpan.FromDays(3)), CancellationToken.None);
        Assert.Equal(7, subject.Logs().Count);
        for (var i = 0; subject.Logs().Count > 0 && i < 500; i++)
        {
            subject.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(10);
        }
        Assert.Empty(subject.Logs());
        Assert.Equal(300, await subject.ReopenAsync());
        var page = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, new TimeRange(s_midnight, s_midnight.AddDays(3)), 1_000), CancellationToken.None);
        Assert.Equal(300, page.Items.Length);
    }

    [Fact]
    public async Task All_logs_together_stay_below_a_budget_however_many_days_are_written_to()
    {
        const long Budget = 2 << 20;
        await using var subject = await DuckDbUnderTest.CreateAsync(options: new DuckDbOptions { CheckpointMb = 1 });
        var days = Enumerable.Range(0, 12).Select(day => s_midnight.AddDays(-day)).ToList();
        for (var i = 0; i < days.Count; i++)
        {
            var text = new ObservationPayload { Input = new byte[2_000], SearchText = new string('x', 2_000) };
            var records = Enumerable.Range(0, 100).Select(second => TelemetryRecord.Of(Samples.Observation(days[i].AddSeconds(second)), text));
            await subject.Store.AppendAsync(Samples.Sequence((i * 100) + 1, records), CancellationToken.None);
        }
        // 4 KB each: more than twice the budget, and no single log is full.
        Assert.InRange(subject.Logs().Sum(log => log.Length), 1, Budget);
        Assert.Equal(days.Count * 100, await subject.ReopenAsync());
    }

    private static Annotation Vote(Guid observation) => new()
    {
        Id = observation, Project = Samples.Project, Time = s_midnight, ObservationId = observation, Name = "vote", Source = "user", Number = 1,
    };
}

/// <summary>A DuckDB store in a folder of its own, which goes with it.</summary>
internal sealed class DuckDbUnderTest : IStoreUnderTest
{
    private readonly DuckDbOptions _options;

    private DuckDbUnderTest(DataFolder folder, DuckDbOptions options) => (Folder, _options) = (folder, options);

    public DataFolder Folder { get; }
    public string TelemetryFolder => Folder.Sub("telemetry");
    public FakeTimeProvider Clock { get; } = new(Samples.Noon.AddDays(1));
    public DuckDbTelemetryStore Duck { get; private set; } = null!;
    /// <summary>What the store said when it was opened last.</summary>
    public long Complete { get; private set; }
    public ITelemetryStore Store => Duck;

    public static async Task<DuckDbUnderTest> CreateAsync(DataFolder? folder = null, DuckDbOptions? options = null)
    {
        var subject = new DuckDbUnderTest(folder ?? NewFolder(), options ?? new DuckDbOptions());
        await subject.OpenAsync();
        return subject;
    }

    public DuckDbTelemetryStore New() => new(Folder, Options.Create(_options), Clock, NullLogger<DuckDbTelemetryStore>.Instance);

    public async Task<long> OpenAsync()
    {
        Duck = New();
        return Complete = await Duck.OpenAsync(CancellationToken.None);
    }

    public async Task<long> ReopenAsync()
    {
        await Duck.DisposeAsync();
        return await OpenAsync();
    }

    public Task SettleAsync() => Duck.SealAllAsync(CancellationToken.None);

    /// <summary>Write-ahead logs that hold something.</summary>
    public List<FileInfo> Logs() => [.. new DirectoryInfo(TelemetryFolder).EnumerateFiles("*.wal").Where(log => log.Length > 0)];

    public List<string> DayFiles() =>
        [.. Directory.GetFiles(TelemetryFolder, "?20*.duckdb").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    /// <summary>The files as they are at this instant, while the store works on.</summary>
    public DataFolder Copy()
    {
        var copy = NewFolder();
        foreach (var path in Directory.GetFiles(TelemetryFolder, "*.duckdb*"))
        {
            using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var to = File.Create(Path.Combine(copy.Sub("telemetry"), Path.GetFileName(path)));
            from.CopyTo(to);
        }
        return copy;
    }

    private static DataFolder NewFolder() => new(Directory.CreateTempSubdirectory("bellwether-store-").FullName);

    /// <summary>The files as they are on the disk now; the store is open again afterwards.</summary>
    public async Task<Dictionary<string, byte[]>> CopyFilesAsync()
    {
        await Duck.DisposeAsync();
        var files = Directory.GetFiles(TelemetryFolder, "*.duckdb*").ToDictionary(path => path, File.ReadAllBytes);
        await OpenAsync();
        return files;
    }

    /// <summary>Closes the store and puts files back as they were, but for those named.</summary>
    public async Task RestoreAsync(Dictionary<string, byte[]> files, IEnumerable<string> keep)
    {
        await Duck.DisposeAsync();
        var kept = keep.ToHashSet();
        foreach (var (path, bytes) in files)
        {
            if (!kept.Contains(Path.GetFileNameWithoutExtension(path)))
            {
                await File.WriteAllBytesAsync(path, bytes);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Duck.DisposeAsync();
        Directory.Delete(Folder.Path, recursive: true);
    }
}
