using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;

namespace Bellwether.Datasets;

/// <summary>The rows of an experiment's runs and of what evaluators said of them.</summary>
public sealed class RunStore(DbDataSource state, CaptureFilters filters)
{
    /// <summary>A run of the same example and repetition replaces the former and keeps its id.</summary>
    /// <returns>The run with the id that it has; NotFound without such an experiment or such an example of its dataset.</returns>
    public Task<Change<ExperimentRun>> WriteAsync(ProjectId project, ExperimentRun run, CancellationToken cancellationToken) =>
        state.TransactAsync<Change<ExperimentRun>>(
            async connection =>
            {
                var written = await connection.ExecuteAsync(
                    """
                    INSERT INTO experiment_run (id, experiment, example, repetition, output, error, trace_id, started_at, ended_at)
                    SELECT @id, x.id, @example, @repetition, @output, @error, @trace, @started, @ended FROM experiment x
                    WHERE x.id = @experiment AND x.project = @project AND EXISTS (SELECT 1 FROM dataset_example e WHERE e.id = @example AND e.dataset = x.dataset)
                    ON CONFLICT (experiment, example, repetition) DO UPDATE SET
                        output = excluded.output, error = excluded.error, trace_id = excluded.trace_id, started_at = excluded.started_at, ended_at = excluded.ended_at
                    """,
                    cancellationToken,
                    ("@id", run.Id.ToString()), ("@experiment", run.Experiment.ToString()), ("@project", project.Value), ("@example", run.Example.ToString()),
                    ("@repetition", run.Repetition), ("@output", filters.FilterSaved(run.Output)), ("@error", filters.FilterSaved(DatasetText.Clean(run.Error))), ("@trace", DatasetText.Clean(run.TraceId)),
                    ("@started", run.StartedAt), ("@ended", run.EndedAt));
                if (written == 0)
                {
                    return Change.NotFound;
                }
                var id = await connection.QueryAsync(
                    "SELECT id FROM experiment_run WHERE experiment = @experiment AND example = @example AND repetition = @repetition",
                    row => Guid.Parse(row.GetString(0)), cancellationToken,
                    ("@experiment", run.Experiment.ToString()), ("@example", run.Example.ToString()), ("@repetition", run.Repetition));
                return run with { Id = id[0] };
            },
            cancellationToken);

    /// <summary>Runs in the order of their ids.</summary>
    /// <param name="project">Of the experiment.</param>
    /// <param name="experiment">The experiment.</param>
    /// <param name="after">The last one of the page before.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<List<ExperimentRun>> ListAsync(ProjectId project, Guid experiment, Guid? after, int limit, CancellationToken cancellationToken) =>
        state.QueryAsync(
            """
            SELECT r.id, r.experiment, r.example, r.repetition, r.output, r.error, r.trace_id, r.started_at, r.ended_at
            FROM experiment_run r JOIN experiment x ON x.id = r.experiment
            WHERE x.project = @project AND x.id = @experiment AND r.id > @after ORDER BY r.id LIMIT @limit
            """,
            row => new ExperimentRun
            {
                Id = Guid.Parse(row.GetString(0)),
                Experiment = Guid.Parse(row.GetString(1)),
                Example = Guid.Parse(row.GetString(2)),
                Repetition = row.GetInt32(3),
                Output = row.GetString(4),
                Error = row.GetString(5),
                TraceId = row.GetString(6),
                StartedAt = row.Time(7),
                EndedAt = row.Time(8),
            },
            cancellationToken, ("@project", project.Value), ("@experiment", experiment.ToString()), ("@after", after?.ToString() ?? ""), ("@limit", limit));

    /// <summary>Runs without their texts, in the order in which they began.</summary>
    public Task<List<RunResult>> ResultsAsync(ProjectId project, Guid experiment, int limit, CancellationToken cancellationToken) =>
        state.QueryAsync(
            """
            SELECT r.id, r.example, CASE WHEN r.error = '' THEN 0 ELSE 1 END, r.trace_id, r.started_at, r.ended_at
            FROM experiment_run r JOIN experiment x ON x.id = r.experiment
            WHERE x.project = @project AND x.id = @experiment ORDER BY r.started_at, r.id LIMIT @limit
            """,
            row => new RunResult
            {
                Id = Guid.Parse(row.GetString(0)), Example = Guid.Parse(row.GetString(1)), Failed = row.GetInt32(2) == 1, TraceId = row.GetString(3), StartedAt = row.Time(4),
                LatencyMs = Math.Max(0, (row.Time(5) - row.Time(4)).TotalMilliseconds),
            },
            cancellationToken, ("@project", project.Value), ("@experiment", experiment.ToString()), ("@limit", limit));

    /// <summary>Every score and label of an experiment's runs; an evaluator that failed said nothing.</summary>
    public Task<List<(Guid Run, RunScore Score)>> ScoresAsync(ProjectId project, Guid experiment, CancellationToken cancellationToken) =>
        state.QueryAsync(
            """
            SELECT v.run, v.name, v.score, v.label FROM experiment_evaluation v JOIN experiment_run r ON r.id = v.run JOIN experiment x ON x.id = r.experiment
            WHERE x.project = @project AND x.id = @experiment AND v.error = '' AND (v.score IS NOT NULL OR v.label <> '') ORDER BY v.name, v.id
            """,
            row => (Guid.Parse(row.GetString(0)), new RunScore(row.GetString(1), row.IsDBNull(2) ? null : row.GetDouble(2), row.GetString(3))),
            cancellationToken, ("@project", project.Value), ("@experiment", experiment.ToString()));

    /// <summary>What some runs answered, by their ids.</summary>
    public async Task<IReadOnlyDictionary<Guid, RunAnswer>> AnswersAsync(ProjectId project, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var (sql, parameters) = new Conditions().Equal("x.project", project.Value).In("r.id", ids).End("r.id", Math.Max(1, ids.Count));
        return (await state.QueryAsync(
            $"SELECT r.id, r.output, r.error FROM experiment_run r JOIN experiment x ON x.id = r.experiment {sql}",
            row => (Id: Guid.Parse(row.GetString(0)), Answer: new RunAnswer(row.GetString(1), row.GetString(2))), cancellationToken, parameters)).ToDictionary(row => row.Id, row => row.Answer);
    }

    /// <summary>An evaluator's later word on the same run replaces the former and keeps its id.</summary>
    /// <returns>The evaluation with the id that it has; null without such a run.</returns>
    public async Task<Evaluation?> WriteAsync(ProjectId project, Evaluation said, CancellationToken cancellationToken)
    {
        await state.ExecuteAsync(
            """
            INSERT INTO experiment_evaluation (id, run, name, annotator, label, score, explanation, metadata, error, trace_id, started_at, ended_at)
            SELECT @id, r.id, @name, @annotator, @label, @score, @explanation, @metadata, @error, @trace, @started, @ended
            FROM experiment_run r JOIN experiment x ON x.id = r.experiment WHERE r.id = @run AND x.project = @project
            ON CONFLICT (run, name) DO UPDATE SET
                annotator = excluded.annotator, label = excluded.label, score = excluded.score, explanation = excluded.explanation, metadata = excluded.metadata,
                error = excluded.error, trace_id = excluded.trace_id, started_at = excluded.started_at, ended_at = excluded.ended_at
            """,
            cancellationToken,
            ("@id", said.Id.ToString()), ("@run", said.Run.ToString()), ("@project", project.Value), ("@name", DatasetText.Clean(said.Name)),
            ("@annotator", DatasetText.Clean(said.Annotator)), ("@label", filters.FilterSaved(DatasetText.Clean(said.Label))), ("@score", said.Score),
            ("@explanation", filters.FilterSaved(DatasetText.Clean(said.Explanation))), ("@metadata", filters.FilterSaved(said.Metadata)), ("@error", filters.FilterSaved(DatasetText.Clean(said.Error))),
            ("@trace", DatasetText.Clean(said.TraceId)), ("@started", said.StartedAt), ("@ended", said.EndedAt));
        var rows = await EvaluationsAsync(project, "r.id = @id AND v.name = @name", cancellationToken, ("@id", said.Run.ToString()), ("@name", DatasetText.Clean(said.Name)));
        return rows is [var found] ? found : null;
    }

    /// <summary>Everything that was said of the runs of an experiment.</summary>
    public Task<List<Evaluation>> EvaluationsAsync(ProjectId project, Guid experiment, CancellationToken cancellationToken) =>
        EvaluationsAsync(project, "x.id = @id", cancellationToken, ("@id", experiment.ToString()));

    private Task<List<Evaluation>> EvaluationsAsync(ProjectId project, string where, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        state.QueryAsync(
            $"""
            SELECT v.id, v.run, v.name, v.annotator, v.label, v.score, v.explanation, v.metadata, v.error, v.trace_id, v.started_at, v.ended_at
            FROM experiment_evaluation v JOIN experiment_run r ON r.id = v.run JOIN experiment x ON x.id = r.experiment
            WHERE x.project = @project AND {where} ORDER BY v.id
            """,
            row => new Evaluation
            {
                Id = Guid.Parse(row.GetString(0)),
                Run = Guid.Parse(row.GetString(1)),
                Name = row.GetString(2),
                Annotator = row.GetString(3),
                Label = row.GetString(4),
                Score = row.IsDBNull(5) ? null : row.GetDouble(5),
                Explanation = row.GetString(6),
                Metadata = row.GetString(7),
                Error = row.GetString(8),
                TraceId = row.GetString(9),
                StartedAt = row.Time(10),
                EndedAt = row.Time(11),
            },
            cancellationToken, [("@project", project.Value), .. parameters]);
}
