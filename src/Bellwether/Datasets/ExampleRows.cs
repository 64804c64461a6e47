using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Datasets;

/// <summary>The rows of examples: a change closes the row that was valid and opens another, so that earlier versions stay as they were.</summary>
internal static class ExampleRows
{
    private const string Columns =
        "e.id, e.dataset, e.since, e.position, e.external_id, e.input, e.output, e.metadata, e.splits, e.source, e.created_at, e.updated_at, e.attachments";

    public static Task<List<Example>> ReadAsync(DbConnection connection, ExampleQuery query, CancellationToken cancellationToken)
    {
        var (sql, parameters) = new Conditions()
            .Equal("e.dataset", query.Dataset.ToString())
            .Add(FormattableString.Invariant($"e.since <= {query.Version} AND (e.until IS NULL OR e.until > {query.Version}) AND e.position > {query.After}"))
            .HasAny("e.splits", query.Splits)
            .In("e.id", query.Ids)
            .End("e.position", query.Limit);
        return connection.QueryAsync($"SELECT {Columns} FROM dataset_example e {sql}", Read, cancellationToken, parameters);
    }

    public static async Task<Example?> FindAsync(DbConnection connection, ProjectId project, Guid id, CancellationToken cancellationToken) =>
        await connection.QueryAsync(
            $"SELECT {Columns} FROM dataset_example e JOIN dataset d ON d.id = e.dataset WHERE e.id = @id AND e.until IS NULL AND d.project = @project",
            Read, cancellationToken, ("@id", id.ToString()), ("@project", project.Value)) is [var found] ? found : null;

    /// <returns>Why nothing may be written; null when it was.</returns>
    public static async Task<Change?> WriteAsync(DbConnection connection, DatasetVersion version, ExampleChanges changes, CancellationToken cancellationToken)
    {
        foreach (var id in changes.Remove)
        {
            await connection.ExecuteAsync(
                "UPDATE dataset_example SET until = @number WHERE id = @id AND dataset = @dataset AND until IS NULL",
                cancellationToken, ("@number", version.Number), ("@id", id.ToString()), ("@dataset", version.Dataset.ToString()));
        }
        var held = (await connection.QueryAsync(
            "SELECT COUNT(*) FROM dataset_example WHERE dataset = @dataset AND until IS NULL",
            row => row.GetInt64(0), cancellationToken, ("@dataset", version.Dataset.ToString())))[0];
        if (held + changes.Write.Count(draft => draft.Id is null) > DatasetStore.MostExamples)
        {
            return Change.Invalid("examples", $"may be at most {DatasetStore.MostExamples} in one dataset");
        }
        for (var i = 0; i < changes.Write.Count; i++)
        {
            var draft = changes.Write[i];
            // Those of one version in their order, behind those of every earlier one.
            var position = ((long)version.Number << 24) + i;
            var created = version.CreatedAt;
            if (draft.Id is { } known)
            {
                var before = await connection.QueryAsync(
                    "SELECT dataset, position, created_at, until FROM dataset_example WHERE id = @id ORDER BY since DESC LIMIT 1",
                    row => (Dataset: row.GetString(0), Position: row.GetInt64(1), Created: row.Time(2), Removed: !row.IsDBNull(3)),
                    cancellationToken, ("@id", known.ToString()));
                if (before is [var row])
                {
                    if (row.Dataset != version.Dataset.ToString())
                    {
                        return Change.Conflict("id", $"{known} is an example of another dataset");
                    }
                    (position, created) = (row.Position, row.Created);
                    await connection.ExecuteAsync(
                        "UPDATE dataset_example SET until = @number WHERE id = @id AND until IS NULL",
                        cancellationToken, ("@number", version.Number), ("@id", known.ToString()));
                }
            }
            await InsertAsync(connection, draft, version, position, created, cancellationToken);
        }
        return null;
    }

    private static Task<int> InsertAsync(
        DbConnection connection, ExampleDraft draft, DatasetVersion version, long position, DateTimeOffset created, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            """
            INSERT INTO dataset_example (id, dataset, since, position, external_id, input, output, metadata, splits, source, attachments, created_at, updated_at)
            VALUES (@id, @dataset, @since, @position, @external, @input, @output, @metadata, @splits, @source, @attachments, @created, @updated)
            ON CONFLICT (id, since) DO UPDATE SET
                until = NULL, external_id = excluded.external_id, input = excluded.input, output = excluded.output, metadata = excluded.metadata,
                splits = excluded.splits, source = excluded.source, attachments = excluded.attachments, updated_at = excluded.updated_at
            """,
            cancellationToken,
            ("@id", (draft.Id ?? Guid.CreateVersion7(version.CreatedAt)).ToString()), ("@dataset", version.Dataset.ToString()), ("@since", version.Number),
            ("@position", position), ("@external", DatasetText.Clean(draft.ExternalId)), ("@input", draft.Input), ("@output", draft.Output),
            ("@metadata", draft.Metadata), ("@splits", DatasetText.Write([.. draft.Splits.Distinct().Order(StringComparer.Ordinal)])),
            ("@source", DatasetText.Clean(draft.Source)), ("@attachments", DatasetText.Clean(draft.Attachments)), ("@created", created), ("@updated", version.CreatedAt));

    private static Example Read(DbDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        Dataset = Guid.Parse(row.GetString(1)),
        Since = row.GetInt32(2),
        Position = row.GetInt64(3),
        ExternalId = row.GetString(4),
        Input = row.GetString(5),
        Output = row.GetString(6),
        Metadata = row.GetString(7),
        Splits = DatasetText.Read(row.GetString(8)),
        Source = row.GetString(9),
        CreatedAt = row.Time(10),
        UpdatedAt = row.Time(11),
        Attachments = row.GetString(12),
    };
}
