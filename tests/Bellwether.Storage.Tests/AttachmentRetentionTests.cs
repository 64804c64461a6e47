using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Storage.Sqlite;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <summary>Attachments are kept as long as the texts of their runs, over real stores.</summary>
public sealed class AttachmentRetentionTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset s_midnight = Samples.Noon.AddHours(-12);
    private readonly string _folder = Directory.CreateTempSubdirectory("bw-retention").FullName;
    private readonly SqliteStateSource _state;
    private readonly Projects _projects;
    private readonly AttachmentFiles _files;

    public AttachmentRetentionTests()
    {
        _state = new SqliteStateSource(Path.Combine(_folder, "state.db"), TimeSpan.FromSeconds(5));
        _projects = new Projects(_state);
        _files = new AttachmentFiles(new DataFolder(_folder));
    }

    public async ValueTask InitializeAsync()
    {
        var clock = new FakeTimeProvider(Samples.Noon);
        await new StateMigrator(_state, new SqliteStateDialect(), Migration.In(typeof(StateFeature).Assembly), clock, NullLogger<StateMigrator>.Instance).RunAsync(None);
        await _state.ExecuteAsync("INSERT INTO project (id, name, settings, created_at) VALUES (@id, 'Shop', '{}', @now)", None, ("@id", Samples.Project.Value), ("@now", Samples.Noon));
        await _projects.LoadAsync(None);
    }

    public async ValueTask DisposeAsync()
    {
        await _state.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_belongs_to_dropped_texts_goes_and_what_is_still_on_its_way_stays()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        var (dropped, textless, kept, late) = (At(-4), At(-2), At(-1), At(-1));
        await subject.Store.AppendAsync(Samples.Sequence(1, Record(dropped), Record(textless), Record(kept)), None);
        await subject.SettleAsync();
        foreach (var run in (Observation[])[dropped, textless, kept, late])
        {
            Assert.True(await _files.TryKeepAsync(new AttachmentOwner(Samples.Project, run.Id), "photo", new byte[100], 1_000, None));
            Assert.True(await _files.TryKeepAsync(new AttachmentOwner(Samples.Project, run.Id), "page", new byte[10], 1_000, None));
        }
        Assert.True(await _files.TryKeepAsync(new AttachmentOwner(Samples.Project, dropped.Id, IsDataset: true), "file", new byte[1], 1_000, None));
        await subject.Store.DropBeforeAsync(s_midnight.AddDays(-3), s_midnight.AddDays(-1), None);

        // The run of the last one is journalled when the drop begins, and stored when it has waited.
        await new AttachmentCopies(_files, _projects).DropAsync(
            new DroppedTexts(subject.Store, s_midnight.AddDays(-3), s_midnight.AddDays(-1), s_midnight, async cancellationToken =>
                await subject.Store.AppendAsync(Samples.Sequence(4, Record(late)), cancellationToken)),
            None);

        Assert.Equal(new[] { kept.Id, late.Id }.Order(), _files.Runs(Samples.Project).Order());
        // Those of datasets are not the store's, whatever their ids.
        Assert.Equal(221, _files.Bytes);
        Assert.NotNull(_files.Find(new AttachmentOwner(Samples.Project, kept.Id), "photo"));
    }

    private static TelemetryRecord Record(Observation run) => TelemetryRecord.Of(run, ObservationPayload.Empty);

    private static Observation At(int days) => Samples.Observation(s_midnight.AddDays(days).AddHours(5)) with { Surface = "langsmith" };
}
