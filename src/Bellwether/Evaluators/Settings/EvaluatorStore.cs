using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.State;
using Bellwether.Telemetry;

namespace Bellwether.Evaluators;

/// <summary>The evaluators: rows in the state store, and a snapshot in memory that is swapped as a whole. Every change leaves an audit row.</summary>
public sealed class EvaluatorStore(DbDataSource state, AuditTrail audit, IProviderDirectory providers, CaptureFilters names, TimeProvider clock) : IStatePolicy
{
    private const int MostOfProject = 100;
    private volatile Snapshot _current = new([], []);

    internal ImmutableArray<PreparedEvaluator> Current => _current.All;

    /// <summary>Of a project, by name.</summary>
    public IReadOnlyList<Evaluator> Of(ProjectId project) =>
        [.. _current.All.Select(prepared => prepared.Evaluator).Where(evaluator => evaluator.Project == project).OrderBy(evaluator => evaluator.Name, StringComparer.OrdinalIgnoreCase)];

    public Evaluator? Find(ProjectId project, Guid id) => Prepared(id) is { Evaluator: var found } && found.Project == project ? found : null;

    /// <summary>What became of the calls that it wanted, since the start of the process.</summary>
    public EvaluatorCounts CountsOf(Guid id) => Prepared(id)?.Counts ?? default;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await state.QueryAsync(
            "SELECT body FROM evaluator ORDER BY id", row => JsonSerializer.Deserialize(row.GetString(0), EvaluatorsJson.Default.Evaluator)!, cancellationToken);
        var former = _current.ById;
        var next = rows.Select(evaluator =>
        {
            var prepared = new PreparedEvaluator(evaluator, names);
            if (former.TryGetValue(evaluator.Id, out var was)) { prepared.Inherit(was); }
            return prepared;
        }).ToImmutableArray();
        _current = new Snapshot(next, next.ToDictionary(prepared => prepared.Evaluator.Id));
    }

    public async Task<Change<Evaluator>> CreateAsync(Actor actor, ProjectId project, EvaluatorDraft draft, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project)) { return Change.Forbidden; }
        var now = clock.GetUtcNow();
        var read = draft.Read(Guid.CreateVersion7(now), project, now, now, Providers);
        if (read.Value is not { } evaluator) { return read; }
        if (Of(project).Count >= MostOfProject) { return Change.Conflict("name", $"would be one more than the {MostOfProject} evaluators that a project may have"); }
        var made = await state.TransactAsync(
            async connection =>
            {
                var done = await connection.ExecuteAsync(
                    "INSERT INTO evaluator (id, project, name, body, created_at, updated_at) VALUES (@id, @project, @name, @body, @now, @now) ON CONFLICT DO NOTHING",
                    cancellationToken, ("@id", evaluator.Id.ToString()), ("@project", project.Value), ("@name", evaluator.Name), ("@body", Json(evaluator)), ("@now", now)) == 1;
                if (done) { await audit.WriteAsync(connection, actor, project, "evaluator.created", evaluator.Id.ToString(), evaluator.Name, cancellationToken); }
                return done;
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return made ? evaluator : Change.Conflict("name", "is taken");
    }

    public async Task<Change<Evaluator>> UpdateAsync(Actor actor, ProjectId project, Guid id, EvaluatorDraft draft, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project)) { return Change.Forbidden; }
        if (Find(project, id) is not { } former) { return Change.NotFound; }
        var now = clock.GetUtcNow();
        var read = draft.Read(id, project, former.CreatedAt, now, Providers);
        if (read.Value is not { } evaluator) { return read; }
        if (Of(project).Any(other => other.Id != id && other.Name == evaluator.Name)) { return Change.Conflict("name", "is taken"); }
        var done = await state.TransactAsync(
            async connection =>
            {
                var changed = await connection.ExecuteAsync(
                    "UPDATE evaluator SET name = @name, body = @body, updated_at = @now WHERE id = @id AND project = @project",
                    cancellationToken, ("@name", evaluator.Name), ("@body", Json(evaluator)), ("@now", now), ("@id", id.ToString()), ("@project", project.Value)) == 1;
                if (changed) { await audit.WriteAsync(connection, actor, project, "evaluator.changed", id.ToString(), evaluator.Name, cancellationToken); }
                return changed;
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return done ? evaluator : Change.NotFound;
    }

    /// <summary>What it said of calls stays.</summary>
    public async Task<Change<Guid>> DeleteAsync(Actor actor, ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project)) { return Change.Forbidden; }
        var done = await state.TransactAsync(
            async connection =>
            {
                var gone = await connection.ExecuteAsync("DELETE FROM evaluator WHERE id = @id AND project = @project", cancellationToken, ("@id", id.ToString()), ("@project", project.Value)) == 1;
                if (gone) { await audit.WriteAsync(connection, actor, project, "evaluator.deleted", id.ToString(), "", cancellationToken); }
                return gone;
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return done ? id : Change.NotFound;
    }

    // The simulated one is always there.
    private IReadOnlyCollection<string> Providers => [.. providers.Current.Providers.Select(provider => provider.Name)];

    private PreparedEvaluator? Prepared(Guid id) => _current.ById.GetValueOrDefault(id);

    private static string Json(Evaluator evaluator) => JsonSerializer.Serialize(evaluator, EvaluatorsJson.Default.Evaluator);

    private sealed record Snapshot(ImmutableArray<PreparedEvaluator> All, Dictionary<Guid, PreparedEvaluator> ById);
}
