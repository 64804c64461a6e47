using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;

namespace Bellwether.Datasets;

/// <summary>The rows of datasets and their versions; examples are in <see cref="ExampleRows"/>.</summary>
public sealed class DatasetStore(DbDataSource state, TimeProvider clock, CaptureFilters filters)
{
    /// <summary>So many examples a version may have: a page that shows them all, and a client that reads them all, still work.</summary>
    public static readonly int MostExamples = 100_000;

    private const int LongestName = 300;
    private const string Columns = """
        d.id, d.project, d.name, d.description, d.kind, d.metadata, d.version, d.created_at, d.updated_at,
        (SELECT COUNT(*) FROM dataset_example e WHERE e.dataset = d.id AND e.until IS NULL)
        """;

    public Task<List<Dataset>> ListAsync(DatasetQuery query, CancellationToken cancellationToken)
    {
        var (sql, parameters) = new Conditions().Equal("d.project", query.Project.Value)
            .Equal("d.name", query.Name)
            .Contains("d.name", query.NameContains)
            .In("d.id", query.Ids)
            .Before("d.id", query.After)
            .End("d.id DESC", query.Limit);
        return state.QueryAsync($"SELECT {Columns} FROM dataset d {sql}", Read, cancellationToken, parameters);
    }

    public async Task<Dataset?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        await ListAsync(new DatasetQuery(project, 1) { Ids = [id] }, cancellationToken) is [var found] ? found : null;

    public async Task<Dataset?> FindAsync(ProjectId project, string name, CancellationToken cancellationToken) =>
        await ListAsync(new DatasetQuery(project, 1) { Name = name }, cancellationToken) is [var found] ? found : null;

    /// <summary>A dataset without examples. A name or an id that is taken is a conflict.</summary>
    public async Task<Change<Dataset>> CreateAsync(ProjectId project, DatasetDraft draft, CancellationToken cancellationToken)
    {
        if (Check(draft) is { Any: true } errors)
        {
            return errors.ToChange();
        }
        var now = clock.GetUtcNow();
        var id = draft.Id ?? Guid.CreateVersion7(now);
        var made = await state.ExecuteAsync(
            """
            INSERT INTO dataset (id, project, name, description, kind, metadata, version, created_at, updated_at)
            VALUES (@id, @project, @name, @description, @kind, @metadata, 0, @now, @now) ON CONFLICT DO NOTHING
            """,
            cancellationToken,
            ("@id", id.ToString()), ("@project", project.Value), ("@name", draft.Name), ("@description", filters.FilterSaved(DatasetText.Clean(draft.Description))),
            ("@kind", DatasetText.Clean(draft.Kind)), ("@metadata", filters.FilterSaved(draft.Metadata)), ("@now", now));
        return made == 1 ? (await FindAsync(project, id, cancellationToken))! : Change.Conflict("name", "is taken");
    }

    /// <summary>Changes everything but the examples.</summary>
    public async Task<Change<Dataset>> UpdateAsync(ProjectId project, Guid id, DatasetDraft draft, CancellationToken cancellationToken)
    {
        if (Check(draft) is { Any: true } errors)
        {
            return errors.ToChange();
        }
        if (await FindAsync(project, draft.Name, cancellationToken) is { } other && other.Id != id)
        {
            return Change.Conflict("name", "is taken");
        }
        await state.ExecuteAsync(
            "UPDATE dataset SET name = @name, description = @description, kind = @kind, metadata = @metadata, updated_at = @now WHERE id = @id AND project = @project",
            cancellationToken,
            ("@id", id.ToString()), ("@project", project.Value), ("@name", draft.Name), ("@description", filters.FilterSaved(DatasetText.Clean(draft.Description))),
            ("@kind", DatasetText.Clean(draft.Kind)), ("@metadata", filters.FilterSaved(draft.Metadata)), ("@now", clock.GetUtcNow()));
        return await FindAsync(project, id, cancellationToken) is { } changed ? changed : Change.NotFound;
    }

    /// <summary>With its examples and every experiment that ran over it.</summary>
    public async Task<bool> DeleteAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        await state.ExecuteAsync("DELETE FROM dataset WHERE id = @id AND project = @project", cancellationToken, ("@id", id.ToString()), ("@project", project.Value)) == 1;

    /// <summary>An example as it will be stored: what compares one with stored ones compares this.</summary>
    public ExampleDraft AsStored(ExampleDraft draft) =>
        draft with { Input = filters.FilterSaved(draft.Input), Output = filters.FilterSaved(draft.Output), Metadata = filters.FilterSaved(draft.Metadata) };

    /// <summary>The next version.</summary>
    public Task<Change<DatasetVersion>> ReviseAsync(ProjectId project, Guid id, ExampleChanges changes, CancellationToken cancellationToken) =>
        ReviseAsync(project, id, (_, _) => Task.FromResult(changes), cancellationToken);

    /// <summary>The next version, of which <paramref name="decide"/> says how it differs from what is there; the newest when it says nothing.</summary>
    public Task<Change<DatasetVersion>> ReviseAsync(ProjectId project, Guid id, Func<IReadOnlyList<Example>, ExampleChanges> decide, CancellationToken cancellationToken) =>
        ReviseAsync(project, id, async (connection, version) => decide(await ExampleRows.ReadAsync(connection, new ExampleQuery(id, version), cancellationToken)), cancellationToken);

    /// <summary>All versions, newest first.</summary>
    public Task<List<DatasetVersion>> VersionsAsync(Guid dataset, int limit, CancellationToken cancellationToken) =>
        state.QueryAsync(
            "SELECT id, dataset, number, created_at FROM dataset_version WHERE dataset = @dataset ORDER BY number DESC LIMIT @limit",
            ReadVersion, cancellationToken, ("@dataset", dataset.ToString()), ("@limit", limit));

    public async Task<DatasetVersion?> FindVersionAsync(Guid dataset, Guid id, CancellationToken cancellationToken) =>
        await state.QueryAsync(
            "SELECT id, dataset, number, created_at FROM dataset_version WHERE dataset = @dataset AND id = @id",
            ReadVersion, cancellationToken, ("@dataset", dataset.ToString()), ("@id", id.ToString())) is [var found] ? found : null;

    public async Task<DatasetVersion?> FindVersionAsync(Guid dataset, int number, CancellationToken cancellationToken) =>
        await state.QueryAsync(
            "SELECT id, dataset, number, created_at FROM dataset_version WHERE dataset = @dataset AND number = @number",
            ReadVersion, cancellationToken, ("@dataset", dataset.ToString()), ("@number", number)) is [var found] ? found : null;

    /// <summary>The version that was the newest at a time.</summary>
    public async Task<DatasetVersion?> FindVersionAsync(Guid dataset, DateTimeOffset at, CancellationToken cancellationToken) =>
        await state.QueryAsync(
            "SELECT id, dataset, number, created_at FROM dataset_version WHERE dataset = @dataset AND created_at <= @at ORDER BY number DESC LIMIT 1",
            ReadVersion, cancellationToken, ("@dataset", dataset.ToString()), ("@at", at)) is [var found] ? found : null;

    public async Task<List<Example>> ExamplesAsync(ExampleQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await state.OpenConnectionAsync(cancellationToken);
        return await ExampleRows.ReadAsync(connection, query, cancellationToken);
    }

    /// <summary>An example as it is now, with its dataset; null when it is in no newest version of the project.</summary>
    public async Task<Example?> FindExampleAsync(ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await state.OpenConnectionAsync(cancellationToken);
        return await ExampleRows.FindAsync(connection, project, id, cancellationToken);
    }

    private Task<Change<DatasetVersion>> ReviseAsync(
        ProjectId project, Guid id, Func<DbConnection, int, Task<ExampleChanges>> decide, CancellationToken cancellationToken) =>
        state.TransactAsync<Change<DatasetVersion>>(
            async connection =>
            {
                // The first statement is a write: it takes the lock under which the version before is still the newest.
                var now = clock.GetUtcNow();
                if (await connection.ExecuteAsync(
                    "UPDATE dataset SET updated_at = @now WHERE id = @id AND project = @project",
                    cancellationToken, ("@now", now), ("@id", id.ToString()), ("@project", project.Value)) == 0)
                {
                    return Change.NotFound;
                }
                var before = (await connection.QueryAsync("SELECT version FROM dataset WHERE id = @id", row => row.GetInt32(0), cancellationToken, ("@id", id.ToString())))[0];
                var changes = await decide(connection, before);
                changes = changes with { Write = [.. changes.Write.Select(AsStored)] };
                if (changes.IsNothing && before > 0)
                {
                    return (await connection.QueryAsync(
                        "SELECT id, dataset, number, created_at FROM dataset_version WHERE dataset = @id AND number = @number",
                        ReadVersion, cancellationToken, ("@id", id.ToString()), ("@number", before)))[0];
                }
                var version = new DatasetVersion(Guid.CreateVersion7(now), id, before + 1, now);
                if (await ExampleRows.WriteAsync(connection, version, changes, cancellationToken) is { } problem)
                {
                    return problem;
                }
                await connection.ExecuteAsync(
                    "INSERT INTO dataset_version (id, dataset, number, created_at) VALUES (@id, @dataset, @number, @now)",
                    cancellationToken, ("@id", version.Id.ToString()), ("@dataset", id.ToString()), ("@number", version.Number), ("@now", now));
                await connection.ExecuteAsync("UPDATE dataset SET version = @number WHERE id = @id", cancellationToken, ("@number", version.Number), ("@id", id.ToString()));
                return version;
            },
            change => change.Outcome == ChangeOutcome.Done,
            cancellationToken);

    private static FieldErrors Check(DatasetDraft draft) => new FieldErrors().CheckName(draft.Name, "name", LongestName);

    private static Dataset Read(DbDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        Project = new ProjectId(row.GetString(1)),
        Name = row.GetString(2),
        Description = row.GetString(3),
        Kind = row.GetString(4),
        Metadata = row.GetString(5),
        Version = row.GetInt32(6),
        CreatedAt = row.Time(7),
        UpdatedAt = row.Time(8),
        ExampleCount = (int)row.GetInt64(9),
    };

    private static DatasetVersion ReadVersion(DbDataReader row) =>
        new(Guid.Parse(row.GetString(0)), Guid.Parse(row.GetString(1)), row.GetInt32(2), row.Time(3));
}
