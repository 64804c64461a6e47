using System.Data.Common;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.State;
using Bellwether.Storage.Postgres;
using Bellwether.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(Bellwether.Storage.Tests.PostgresServer))]

namespace Bellwether.Storage.Tests;

/// <summary>The same sentences for both engines: the migrations the product carries, and the stores that use them.</summary>
public abstract partial class StateConformance : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    protected DbDataSource State { get; private set; } = null!;

    protected abstract StateDialect Dialect { get; }

    protected abstract Task<DbDataSource> OpenAsync();

    /// <summary>A second source for the same store, as another process would have.</summary>
    protected abstract DbDataSource OpenAgain();

    public async ValueTask InitializeAsync() => State = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await State.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static IReadOnlyList<Migration> Shipped => Migration.In(typeof(StateFeature).Assembly);

    private StateMigrator Migrator(IReadOnlyList<Migration>? migrations = null, DbDataSource? state = null) =>
        new(state ?? State, Dialect, migrations ?? Shipped, _clock, NullLogger<StateMigrator>.Instance);

    [Fact]
    public async Task Every_shipped_migration_applies_once_and_in_order()
    {
        var first = await Migrator().RunAsync(None);
        var second = await Migrator().RunAsync(None);

        Assert.Equal(Shipped.Select(m => m.Name), first);
        Assert.Contains("Identity/0001", first);
        Assert.Empty(second);
    }

    [Fact]
    public async Task A_migration_that_was_edited_after_it_was_applied_is_refused_by_name()
    {
        await Migrator([new("Alerting", 1, "CREATE TABLE a (x TEXT)")]).RunAsync(None);

        var error = await Assert.ThrowsAsync<StateMigrationException>(() => Migrator([new("Alerting", 1, "CREATE TABLE a (x TEXT, y TEXT)")]).RunAsync(None));

        Assert.Contains("Alerting/0001", error.Message);
    }

    [Fact]
    public async Task Other_line_ends_are_not_an_edit()
    {
        await Migrator([new("Alerting", 1, "CREATE TABLE a (\nx TEXT)")]).RunAsync(None);

        Assert.Empty(await Migrator([new("Alerting", 1, "CREATE TABLE a (\r\nx TEXT)")]).RunAsync(None));
    }

    [Fact]
    public async Task A_store_written_by_a_newer_version_is_refused_by_name()
    {
        await Migrator([new("Alerting", 1, "CREATE TABLE a (x TEXT)"), new("Alerting", 2, "CREATE TABLE b (x TEXT)")]).RunAsync(None);

        var error = await Assert.ThrowsAsync<StateMigrationException>(() => Migrator([new("Alerting", 1, "CREATE TABLE a (x TEXT)")]).RunAsync(None));

        Assert.Contains("Alerting/0002", error.Message);
        Assert.Contains("newer", error.Message);
    }

    [Fact]
    public async Task A_failing_migration_leaves_nothing_behind()
    {
        await Assert.ThrowsAnyAsync<DbException>(() =>
            Migrator([new("Alerting", 1, "CREATE TABLE a (x TEXT)"), new("Alerting", 2, "CREATE TABLE nonsense (")]).RunAsync(None));

        Assert.Equal(["Alerting/0001"], await Migrator([new("Alerting", 1, "CREATE TABLE a (x TEXT)")]).RunAsync(None));
    }

    [Fact]
    public async Task Of_processes_that_start_together_one_migrates_and_the_others_wait()
    {
        var sources = Enumerable.Range(0, 4).Select(_ => OpenAgain()).ToList();

        var done = await Task.WhenAll(sources.Select(source => Task.Run(() => Migrator(state: source).RunAsync(None))));

        Assert.Equal(Shipped.Count, done.Sum(names => names.Count));
        foreach (var source in sources)
        {
            await source.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_key_reads_back_as_it_was_written_and_is_revoked_within_its_project_only()
    {
        await Migrator().RunAsync(None);
        var store = new ApiKeyStore(State);
        var now = _clock.GetUtcNow();
        await SeedProjectAsync("default", now);
        var key = new ApiKey
        {
            Id = "key_1", Name = "Billing \u2603", Project = ProjectId.Default, Role = Role.Editor, Api = false, AllProjects = true, Hint = "bw-…abcd",
            Models = ["gpt-4o", "claude-*"], CreatedAt = now, CreatedBy = "user_1", ExpiresAt = now.AddDays(1),
        };
        await State.TransactAsync(connection => ApiKeyStore.InsertAsync(connection, new StoredKey(key, KeyToken.Hash("token")), None), None);

        var read = Assert.Single(await store.AllAsync(None));
        Assert.Equal(KeyToken.Hash("token"), read.Hash);
        Assert.Equal(key with { Models = read.Key.Models }, read.Key);
        Assert.Equal(key.Models, read.Key.Models);

        Assert.False(await State.TransactAsync(c => ApiKeyStore.RevokeAsync(c, new ProjectId("other"), "key_1", now, None), None));
        Assert.True(await State.TransactAsync(c => ApiKeyStore.RevokeAsync(c, ProjectId.Default, "key_1", now, None), None));
        Assert.Equal(now, Assert.Single(await store.AllAsync(None)).Key.RevokedAt);
    }

    [Fact]
    public async Task A_key_of_a_project_that_does_not_exist_is_refused_by_the_store_itself()
    {
        await Migrator().RunAsync(None);
        var key = new ApiKey { Id = "key_1", Name = "x", Project = new ProjectId("ghost"), Role = Role.Viewer };

        await Assert.ThrowsAnyAsync<DbException>(() =>
            State.TransactAsync(connection => ApiKeyStore.InsertAsync(connection, new StoredKey(key, KeyToken.Hash("t")), None), None));
    }

    [Fact]
    public async Task A_provider_reads_back_is_replaced_under_its_name_and_deleted()
    {
        await Migrator().RunAsync(None);
        var store = new ProviderSettingsStore(State);
        var now = _clock.GetUtcNow();
        var row = new ProviderRow("groq", ProviderKind.OpenAi, new Uri("https://api.groq.com/openai/v1"), [1, 2, 3], ["llama*"], "groq", now, now);
        await State.TransactAsync(c => ProviderSettingsStore.UpsertAsync(c, row, None), None);
        await State.TransactAsync(c => ProviderSettingsStore.UpsertAsync(c, row with { SealedKey = null, PriceProvider = null }, None), None);

        var read = Assert.Single(await store.ProvidersAsync(None));
        Assert.Equal((row.Name, row.Kind, row.BaseUrl, null, null), (read.Name, read.Kind, read.BaseUrl, read.SealedKey, read.PriceProvider));
        Assert.Equal(["llama*"], read.Models);
        Assert.True(await State.TransactAsync(c => ProviderSettingsStore.DeleteAsync(c, "groq", None), None));
        Assert.Empty(await store.ProvidersAsync(None));
    }

    [Fact]
    public async Task What_a_failed_transaction_wrote_is_gone()
    {
        await Migrator().RunAsync(None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => State.TransactAsync(
            async connection =>
            {
                await ProviderSettingsStore.UpsertRouteAsync(connection, "gpt-*", "openai", _clock.GetUtcNow(), None);
                throw new InvalidOperationException("half way");
            },
            None));

        Assert.Empty(await new ProviderSettingsStore(State).RoutesAsync(None));
    }

    private Task<int> SeedProjectAsync(string id, DateTimeOffset now) =>
        State.ExecuteAsync("INSERT INTO project (id, name, settings, created_at) VALUES (@id, @id, '{}', @now)", None, ("@id", id), ("@now", now));
}

public sealed class SqliteStateTests : StateConformance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bw-state").FullName;

    protected override StateDialect Dialect { get; } = new SqliteStateDialect();

    protected override Task<DbDataSource> OpenAsync() => Task.FromResult(OpenAgain());

    protected override DbDataSource OpenAgain() => new SqliteStateSource(Path.Combine(_folder, "state.db"), TimeSpan.FromSeconds(10));

    [Fact]
    public async Task Every_connection_syncs_fully_checks_foreign_keys_and_waits_for_the_lock()
    {
        for (var i = 0; i < 2; i++)
        {
            await using var connection = await State.OpenConnectionAsync(None);
            Assert.Equal("wal", (await connection.QueryAsync("PRAGMA journal_mode", row => row.GetString(0), None))[0]);
            Assert.Equal(2, (await connection.QueryAsync("PRAGMA synchronous", row => row.GetInt32(0), None))[0]);
            Assert.Equal(1, (await connection.QueryAsync("PRAGMA foreign_keys", row => row.GetInt32(0), None))[0]);
            Assert.Equal(10_000, (await connection.QueryAsync("PRAGMA busy_timeout", row => row.GetInt32(0), None))[0]);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

public sealed class PostgresStateTests(PostgresServer server) : StateConformance
{
    private string _connectionString = "";

    protected override StateDialect Dialect { get; } = new PostgresStateDialect();

    protected override async Task<DbDataSource> OpenAsync()
    {
        _connectionString = await server.CreateDatabaseAsync();
        return OpenAgain();
    }

    protected override DbDataSource OpenAgain() => NpgsqlDataSource.Create(_connectionString);
}
