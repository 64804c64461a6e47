using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;

namespace Bellwether.Datasets;

/// <summary>The rows of experiments; what ran and how it was judged is in <see cref="RunStore"/>.</summary>
public sealed class ExperimentStore(DbDataSource state, DatasetStore datasets, TimeProvider clock, CaptureFilters filters)
{
    private const int LongestName = 300;
    private const string Columns = """
        x.id, x.project, x.dataset, x.dataset_version, x.name, x.description, x.metadata, x.splits, x.trace_project, x.repetitions, x.example_count,
        x.created_at, x.updated_at, x.ended_at,
        (SELECT COUNT(*) FROM experiment_run r WHERE r.experiment = x.id AND r.error = ''),
        (SELECT COUNT(*) FROM experiment_run r WHERE r.experiment = x.id AND r.error <> '')
        """;

    public Task<List<Experiment>> ListAsync(ExperimentQuery query, CancellationToken cancellationToken)
    {
        var (sql, parameters) = new Conditions()
            .Equal("x.project", query.Project.Value)
            .Equal("x.id", query.Id?.ToString())
            .Equal("x.dataset", query.Dataset?.ToString())
            .Equal("x.trace_project", query.TraceProject)
            .Before("x.id", query.After)
            .End("x.id DESC", query.Limit);
        return state.QueryAsync($"SELECT {Columns} FROM experiment x {sql}", Read, cancellationToken, parameters);
    }

    public async Task<Experiment?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        await ListAsync(new ExperimentQuery(project, 1) { Id = id }, cancellationToken) is [var found] ? found : null;

    /// <summary>NotFound when the dataset, or the version of it, is not there.</summary>
    public async Task<Change<Experiment>> CreateAsync(ProjectId project, ExperimentDraft draft, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors()
            .Check(draft.Name.Length <= LongestName, "name", $"may have at most {LongestName} characters")
            .Check(draft.TraceProject.Length <= LongestName, "project_name", $"may have at most {LongestName} characters")
            .Check(draft.Repetitions is >= 1 and <= 1_000, "repetitions", "must be 1 to 1000");
        if (errors.Any)
        {
            return errors.ToChange();
        }
        if (await datasets.FindAsync(project, draft.Dataset, cancellationToken) is not { } dataset
            || (draft.Version is { } wanted && await datasets.FindVersionAsync(dataset.Id, wanted, cancellationToken) is null))
        {
            return Change.NotFound;
        }
        var version = draft.Version ?? dataset.Version;
        var examples = version == dataset.Version && draft.Splits.Count == 0
            ? dataset.ExampleCount
            : (await datasets.ExamplesAsync(new ExampleQuery(dataset.Id, version) { Splits = draft.Splits.Count == 0 ? null : draft.Splits }, cancellationToken)).Count;
        var now = clock.GetUtcNow();
        var id = draft.Id ?? Guid.CreateVersion7(now);
        var made = await state.ExecuteAsync(
            """
            INSERT INTO experiment (id, project, dataset, dataset_version, name, description, metadata, splits, trace_project, repetitions, example_count, created_at, updated_at)
            VALUES (@id, @project, @dataset, @version, @name, @description, @metadata, @splits, @traces, @repetitions, @examples, @now, @now) ON CONFLICT DO NOTHING
            """,
            cancellationToken,
            ("@id", id.ToString()), ("@project", project.Value), ("@dataset", dataset.Id.ToString()), ("@version", version), ("@name", DatasetText.Clean(draft.Name)),
            ("@description", filters.FilterSaved(DatasetText.Clean(draft.Description))), ("@metadata", filters.FilterSaved(draft.Metadata)), ("@splits", DatasetText.Write(draft.Splits)),
            ("@traces", DatasetText.Clean(draft.TraceProject)), ("@repetitions", draft.Repetitions), ("@examples", examples), ("@now", now));
        return made == 1 ? (await FindAsync(project, id, cancellationToken))! : Change.Conflict("id", "is taken");
    }

    /// <summary>Changes what people read of it; its dataset and repetitions stay.</summary>
    public async Task<Experiment?> UpdateAsync(Experiment experiment, CancellationToken cancellationToken)
    {
        await state.ExecuteAsync(
            """
            UPDATE experiment SET name = @name, description = @description, metadata = @metadata, trace_project = @traces, ended_at = @ended, updated_at = @now
            WHERE id = @id AND project = @project
            """,
            cancellationToken,
            ("@id", experiment.Id.ToString()), ("@project", experiment.Project.Value), ("@name", DatasetText.Clean(experiment.Name)),
            ("@description", filters.FilterSaved(DatasetText.Clean(experiment.Description))), ("@metadata", filters.FilterSaved(experiment.Metadata)), ("@traces", DatasetText.Clean(experiment.TraceProject)),
            ("@ended", experiment.EndedAt), ("@now", clock.GetUtcNow()));
        return await FindAsync(experiment.Project, experiment.Id, cancellationToken);
    }

    /// <summary>With its runs and what was said of them; the traces stay.</summary>
    public async Task<bool> DeleteAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        await state.ExecuteAsync("DELETE FROM experiment WHERE id = @id AND project = @project", cancellationToken, ("@id", id.ToString()), ("@project", project.Value)) == 1;

    private static Experiment Read(DbDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        Project = new ProjectId(row.GetString(1)),
        Dataset = Guid.Parse(row.GetString(2)),
        DatasetVersion = row.GetInt32(3),
        Name = row.GetString(4),
        Description = row.GetString(5),
        Metadata = row.GetString(6),
        Splits = DatasetText.Read(row.GetString(7)),
        TraceProject = row.GetString(8),
        Repetitions = row.GetInt32(9),
        ExampleCount = row.GetInt32(10),
        CreatedAt = row.Time(11),
        UpdatedAt = row.Time(12),
        EndedAt = row.TimeOrNull(13),
        Succeeded = (int)row.GetInt64(14),
        Failed = (int)row.GetInt64(15),
    };
}
