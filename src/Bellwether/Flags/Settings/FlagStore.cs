using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Flags;

/// <summary>A flag that was put, and whether it is new.</summary>
public sealed record FlagPut(Flag Flag, bool IsNew);

/// <summary>The rows of flags. Every change leaves an audit row, and flags are answered by it before its answer.</summary>
public sealed class FlagStore(DbDataSource state, FlagBook book, AuditTrail audit, TimeProvider clock) : IStatePolicy, IDisposable
{
    private const int MostPerProject = 1_000;

    private const string Insert =
        """
        INSERT INTO feature_flag (project, flag_key, definition, version, created_at, updated_at)
        VALUES (@project, @key, @definition, @version, @created, @updated) ON CONFLICT DO NOTHING
        """;

    // Of two that changed the same version, one comes first.
    private const string Update =
        "UPDATE feature_flag SET definition = @definition, version = @version, updated_at = @updated WHERE project = @project AND flag_key = @key AND version = @version - 1 AND created_at = @created";

    // Of two changes at once, the one that read earlier must not put its older flags last.
    private readonly SemaphoreSlim _loading = new(1);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            book.Use(await state.QueryAsync("SELECT project, flag_key, definition, version, created_at, updated_at FROM feature_flag", Read, cancellationToken), clock.GetUtcNow());
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    /// <summary>A new flag; a conflict when there is one with its key.</summary>
    public Task<Change<FlagPut>> CreateAsync(Actor actor, ProjectId project, FlagBody body, CancellationToken cancellationToken) => PutAsync(actor, project, null, body, cancellationToken);

    /// <summary>The flag as a whole, whether there was one or not.</summary>
    public Task<Change<FlagPut>> SaveAsync(Actor actor, ProjectId project, string key, FlagBody body, CancellationToken cancellationToken) => PutAsync(actor, project, key, body, cancellationToken);

    /// <returns>What was removed.</returns>
    public async Task<Change<Flag>> RemoveAsync(Actor actor, ProjectId project, string key, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project)) { return Change.Forbidden; }
        if (book.Of(project).Find(key) is not { } former) { return Change.NotFound; }
        var done = await state.TransactAsync(
            async connection =>
            {
                var gone = await connection.ExecuteAsync("DELETE FROM feature_flag WHERE project = @project AND flag_key = @key", cancellationToken, ("@project", project.Value), ("@key", key)) == 1;
                if (gone) { await audit.WriteAsync(connection, actor, project, "flag.removed", key, $"version {former.Version}", cancellationToken); }
                return gone;
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return done ? former : Change.NotFound;
    }

    private async Task<Change<FlagPut>> PutAsync(Actor actor, ProjectId project, string? key, FlagBody body, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project)) { return Change.Forbidden; }
        var known = book.Of(project);
        var former = key is null ? null : known.Find(key);
        var read = FlagReader.Read(body, project, key, former, RandomNumberGenerator.GetHexString(16, lowercase: true), clock.GetUtcNow());
        if (read.Value is not { } flag) { return new Change(read.Outcome, read.Errors); }
        if (former is null && known.All.Length >= MostPerProject) { return Change.Conflict("key", $"would be one more than the {MostPerProject} flags that a project may have"); }
        var done = await state.TransactAsync(
            async connection =>
            {
                var written = await connection.ExecuteAsync(former is null ? Insert : Update, cancellationToken, Parameters(flag)) == 1;
                if (written) { await audit.WriteAsync(connection, actor, project, former is null ? "flag.created" : "flag.changed", flag.Key, Detail(former, flag), cancellationToken); }
                return written;
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return done ? new FlagPut(flag, former is null)
            : former is null ? Change.Conflict("key", "is taken") : Change.Conflict("key", "was changed or removed in the meantime; read it again");
    }

    private static (string, object?)[] Parameters(Flag flag) =>
    [
        ("@project", flag.Project.Value), ("@key", flag.Key), ("@definition", JsonSerializer.Serialize(FlagBody.Of(flag), FlagJson.Default.FlagBody)),
        ("@version", flag.Version), ("@created", flag.CreatedAt), ("@updated", flag.UpdatedAt),
    ];

    // Names of fields, and values only of those that cannot hold personal data: rules list people, variants are anything.
    private static string Detail(Flag? former, Flag flag)
    {
        var before = former is null ? default : JsonSerializer.SerializeToElement(FlagBody.Of(former), FlagJson.Default.FlagBody);
        var changed = JsonSerializer.SerializeToElement(FlagBody.Of(flag), FlagJson.Default.FlagBody).EnumerateObject()
            .Where(field => former is null || !before.TryGetProperty(field.Name, out var was) || !JsonElement.DeepEquals(was, field.Value))
            .Select(field => field.Name is "enabled" or "default" or "split" or "rollout" or "hash" or "type" ? $"{field.Name} {field.Value.GetRawText()}" : field.Name);
        return $"version {flag.Version}: {string.Join(", ", changed)}";
    }

    // Only we write these rows. One that does not read stops the start: a flag that is silently not there is worse.
    private static Flag Read(DbDataReader row)
    {
        var body = JsonSerializer.Deserialize(row.GetString(2), FlagJson.Default.FlagBody)!;
        var read = FlagReader.Read(body, new ProjectId(row.GetString(0)), row.GetString(1), null, "", row.Time(4));
        return read.Value is { } flag ? flag with { Version = row.GetInt32(3), UpdatedAt = row.Time(5) }
            : throw new InvalidDataException($"The flag {row.GetString(1)} cannot be read: {string.Join("; ", read.Errors.Select(error => $"{error.Key} {string.Join(", ", error.Value)}"))}.");
    }
}
