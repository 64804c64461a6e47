using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.State;

namespace Bellwether.References;

/// <summary>The sets, when they are due, and what their probes got. Every change of a set leaves an audit row.</summary>
public sealed class ReferenceStore(DbDataSource state, AuditTrail audit, IProviderDirectory providers, TimeProvider clock)
{
    private const int MostOfProject = 50;
    private const int MostResults = 20_000;
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(180);

    /// <summary>Set when a run is wanted at once, so that whoever waits for the next need not wait for its time.</summary>
    internal SemaphoreSlim Wake { get; } = new(0);

    /// <summary>Of a project, by name.</summary>
    public Task<List<ReferenceSet>> ListAsync(ProjectId project, CancellationToken cancellationToken) =>
        state.QueryAsync("SELECT body FROM reference_set WHERE project = @project ORDER BY name", Read, cancellationToken, ("@project", project.Value));

    public async Task<ReferenceSet?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        await state.QueryAsync("SELECT body FROM reference_set WHERE project = @project AND id = @id", Read, cancellationToken, ("@project", project.Value), ("@id", id.ToString())) is [var found] ? found : null;

    public async Task<Change<ReferenceSet>> CreateAsync(Actor actor, ProjectId project, ReferenceSetDraft draft, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project)) { return Change.Forbidden; }
        var now = clock.GetUtcNow();
        var read = draft.Read(Guid.CreateVersion7(now), project, now, now, Providers);
        if (read.Value is not { } set) { return read; }
        if ((await ListAsync(project, cancellationToken)).Count >= MostOfProject) { return Change.Conflict("name", $"would be one more than the {MostOfProject} sets that a project may have"); }
        var made = await state.TransactAsync(
            async connection =>
            {
                var done = await connection.ExecuteAsync(
                    "INSERT INTO reference_set (id, project, name, body, next_run_at, created_at, updated_at) VALUES (@id, @project, @name, @body, @next, @now, @now) ON CONFLICT DO NOTHING",
                    cancellationToken, ("@id", set.Id.ToString()), ("@project", project.Value), ("@name", set.Name), ("@body", Json(set)), ("@next", FirstRun(set, now)), ("@now", now)) == 1;
                if (done) { await audit.WriteAsync(connection, actor, project, "reference_set.created", set.Id.ToString(), set.Name, cancellationToken); }
                return done;
            },
            cancellationToken);
        if (made) { Wake.Release(); }
        return made ? set : Change.Conflict("name", "is taken");
    }

    public async Task<Change<ReferenceSet>> UpdateAsync(Actor actor, ProjectId project, Guid id, ReferenceSetDraft draft, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project)) { return Change.Forbidden; }
        if (await FindAsync(project, id, cancellationToken) is not { } former) { return Change.NotFound; }
        var now = clock.GetUtcNow();
        var read = draft.Read(id, project, former.CreatedAt, now, Providers);
        if (read.Value is not { } set) { return read; }
        if ((await ListAsync(project, cancellationToken)).Any(other => other.Id != id && other.Name == set.Name)) { return Change.Conflict("name", "is taken"); }
        var done = await state.TransactAsync(
            async connection =>
            {
                var changed = await connection.ExecuteAsync(
                    "UPDATE reference_set SET name = @name, body = @body, next_run_at = @next, updated_at = @now WHERE id = @id AND project = @project",
                    cancellationToken, ("@name", set.Name), ("@body", Json(set)), ("@next", FirstRun(set, now)), ("@now", now), ("@id", id.ToString()), ("@project", project.Value)) == 1;
                if (changed) { await audit.WriteAsync(connection, actor, project, "reference_set.changed", id.ToString(), set.Name, cancellationToken); }
                return changed;
            },
            cancellationToken);
        if (done) { Wake.Release(); }
        return done ? set : Change.NotFound;
    }

    /// <summary>With everything that its probes got; their calls stay.</summary>
    public async Task<Change<Guid>> DeleteAsync(Actor actor, ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project)) { return Change.Forbidden; }
        var done = await state.TransactAsync(
            async connection =>
            {
                await connection.ExecuteAsync("DELETE FROM reference_result WHERE reference IN (SELECT id FROM reference_set WHERE id = @id AND project = @project)", cancellationToken, ("@id", id.ToString()), ("@project", project.Value));
                var gone = await connection.ExecuteAsync("DELETE FROM reference_set WHERE id = @id AND project = @project", cancellationToken, ("@id", id.ToString()), ("@project", project.Value)) == 1;
                if (gone) { await audit.WriteAsync(connection, actor, project, "reference_set.deleted", id.ToString(), "", cancellationToken); }
                return gone;
            },
            cancellationToken);
        return done ? id : Change.NotFound;
    }

    /// <summary>Asks for a run now, beside those that are planned.</summary>
    public async Task<Change<ReferenceSet>> RunAsync(Actor actor, ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project)) { return Change.Forbidden; }
        if (await FindAsync(project, id, cancellationToken) is not { } set) { return Change.NotFound; }
        await state.ExecuteAsync("UPDATE reference_set SET next_run_at = @now WHERE id = @id", cancellationToken, ("@now", clock.GetUtcNow()), ("@id", id.ToString()));
        Wake.Release();
        return set;
    }

    /// <summary>Takes the sets that are due, each for one caller alone, however many processes ask.</summary>
    internal async Task<List<ReferenceSet>> TakeDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var due = await state.QueryAsync("SELECT body, next_run_at FROM reference_set WHERE next_run_at <= @now", row => (Set: Read(row), At: row.GetInt64(1)), cancellationToken, ("@now", now));
        var taken = new List<ReferenceSet>();
        foreach (var (set, at) in due)
        {
            if (await state.ExecuteAsync(
                "UPDATE reference_set SET next_run_at = @next WHERE id = @id AND next_run_at = @was", cancellationToken, ("@next", NextRun(set, now)), ("@id", set.Id.ToString()), ("@was", at)) == 1)
            {
                taken.Add(set);
            }
        }
        return taken;
    }

    internal async Task AddAsync(Guid set, ReferenceResult result, CancellationToken cancellationToken) => await state.ExecuteAsync(
        """
        INSERT INTO reference_result (id, reference, question, at, similarity, passed, observation, problem)
        SELECT @id, id, @question, CAST(@at AS BIGINT), CAST(@similarity AS DOUBLE PRECISION), CAST(@passed AS INTEGER), @observation, @problem FROM reference_set WHERE id = @reference
        """,
        cancellationToken,
        ("@id", Guid.CreateVersion7(result.At).ToString()), ("@reference", set.ToString()), ("@question", result.Question), ("@at", result.At), ("@similarity", result.Similarity), ("@passed", result.Passed ? 1 : 0),
        ("@observation", result.Observation?.ToString() ?? ""), ("@problem", result.Problem));

    internal Task ForgetOldAsync(CancellationToken cancellationToken) =>
        state.ExecuteAsync("DELETE FROM reference_result WHERE at < @before", cancellationToken, ("@before", clock.GetUtcNow() - s_kept));

    /// <summary>What probes got, oldest first; the newest ones when there are more than 20,000.</summary>
    public async Task<List<ReferenceResult>> ResultsAsync(Guid set, TimeRange window, CancellationToken cancellationToken)
    {
        var rows = await state.QueryAsync(
            "SELECT question, at, similarity, passed, observation, problem FROM reference_result WHERE reference = @reference AND at >= @from AND at < @to ORDER BY at DESC, id DESC LIMIT @limit",
            row => new ReferenceResult(
                row.GetString(0), row.Time(1), row.IsDBNull(2) ? null : row.GetDouble(2), row.GetInt32(3) != 0, Guid.TryParse(row.GetString(4), CultureInfo.InvariantCulture, out var call) ? call : null, row.GetString(5)),
            cancellationToken,
            ("@reference", set.ToString()), ("@from", window.From), ("@to", window.To), ("@limit", MostResults));
        rows.Reverse();
        return rows;
    }

    private IReadOnlyCollection<string> Providers => [.. providers.Current.Providers.Select(provider => provider.Name)];

    // The first run is at once: whoever writes questions wants to see what comes back.
    private static long FirstRun(ReferenceSet set, DateTimeOffset now) => set is { Enabled: true, EveryMinutes: > 0 } ? now.ToState() : long.MaxValue;

    private static long NextRun(ReferenceSet set, DateTimeOffset now) => set is { Enabled: true, EveryMinutes: > 0 } ? now.AddMinutes(set.EveryMinutes).ToState() : long.MaxValue;

    private static ReferenceSet Read(DbDataReader row) => JsonSerializer.Deserialize(row.GetString(0), ReferencesJson.Default.ReferenceSet)!;

    private static string Json(ReferenceSet set) => JsonSerializer.Serialize(set, ReferencesJson.Default.ReferenceSet);
}
