using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Bellwether.Exchange;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Guardrails;

/// <summary>
/// The policies of all projects: rows in the state store, and a snapshot of them in memory that calls are judged by. Every change
/// leaves an audit row and counts before its answer.
/// </summary>
public sealed class GuardPolicies(DbDataSource state, AuditTrail audit, TimeProvider clock) : IStatePolicy
{
    private const int MostPerProject = 100;
    private const int OrderStep = 10;

    private volatile FrozenDictionary<ProjectId, ImmutableArray<CompiledPolicy>> _byProject = FrozenDictionary<ProjectId, ImmutableArray<CompiledPolicy>>.Empty;
    // Bounded by the number of projects.
    private readonly ConcurrentDictionary<ProjectId, CompiledPolicy> _defaults = new();

    /// <summary>Of a project, in the order in which they are asked.</summary>
    public ImmutableArray<GuardPolicy> Of(ProjectId project) => [.. Compiled(project).Select(compiled => compiled.Policy)];

    public GuardPolicy? Find(ProjectId project, string id) => Compiled(project).FirstOrDefault(compiled => compiled.Policy.Id == id)?.Policy;

    /// <summary>What a call is judged by: the first enabled one that applies; <see cref="GuardPolicy.Default"/> when none does.</summary>
    public GuardPolicy For(ModelCall call) => CompiledFor(call).Policy;

    internal CompiledPolicy CompiledFor(ModelCall call)
    {
        foreach (var compiled in Compiled(call.Project))
        {
            if (compiled.Policy.Enabled && compiled.Matches(call))
            {
                return compiled;
            }
        }
        return _defaults.GetOrAdd(call.Project, static project => new CompiledPolicy(GuardPolicy.Default(project)));
    }

    private ImmutableArray<CompiledPolicy> Compiled(ProjectId project) => _byProject.GetValueOrDefault(project, []);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await state.QueryAsync(
            "SELECT id, project, definition FROM guard_policy", row => (Id: row.GetString(0), Project: row.GetString(1), Definition: row.GetString(2)), cancellationToken);
        _byProject = rows.Select(row => Read(row.Id, new ProjectId(row.Project), row.Definition)).GroupBy(policy => policy.Project)
            .ToFrozenDictionary(group => group.Key, group => group.OrderBy(policy => policy.Order).ThenBy(policy => policy.Id, StringComparer.Ordinal).Select(policy => new CompiledPolicy(policy)).ToImmutableArray());
    }

    public async Task<Change<GuardPolicy>> CreateAsync(Actor actor, ProjectId project, GuardPolicyBody body, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project))
        {
            return Change.Forbidden;
        }
        var existing = Of(project);
        if (existing.Length >= MostPerProject)
        {
            return Change.Conflict("name", $"cannot be added: the project has {MostPerProject} policies");
        }
        var now = clock.GetUtcNow();
        var read = GuardPolicyReader.Read(body, $"pol_{Guid.CreateVersion7(now):n}", project, existing.IsEmpty ? OrderStep : Math.Min(1_000_000, existing[^1].Order + OrderStep));
        if (read.Value is not { } policy)
        {
            return read;
        }
        await state.TransactAsync(
            async connection =>
            {
                await connection.ExecuteAsync(
                    "INSERT INTO guard_policy (id, project, definition, created_at, updated_at) VALUES (@id, @project, @definition, @now, @now)", cancellationToken,
                    ("@id", policy.Id), ("@project", project.Value), ("@definition", Write(policy)), ("@now", now));
                await audit.WriteAsync(connection, actor, project, "guard_policy.created", policy.Id, Write(policy), cancellationToken);
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return policy;
    }

    public async Task<Change<GuardPolicy>> ReplaceAsync(Actor actor, ProjectId project, string id, GuardPolicyBody body, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project))
        {
            return Change.Forbidden;
        }
        if (Find(project, id) is not { } before)
        {
            return Change.NotFound;
        }
        var read = GuardPolicyReader.Read(body, id, project, before.Order);
        if (read.Value is not { } policy)
        {
            return read;
        }
        var done = await ChangeAsync(actor, project, "guard_policy.changed", id, $"before: {Write(before)}; after: {Write(policy)}",
            "UPDATE guard_policy SET definition = @definition, updated_at = @now WHERE id = @id AND project = @project", Write(policy), cancellationToken);
        return done ? policy : Change.NotFound;
    }

    /// <summary>False when there is none with that id, or the actor may not.</summary>
    public async Task<bool> RemoveAsync(Actor actor, ProjectId project, string id, CancellationToken cancellationToken) =>
        actor.May(Role.Editor, project) && Find(project, id) is { } before
        && await ChangeAsync(actor, project, "guard_policy.removed", id, $"before: {Write(before)}", "DELETE FROM guard_policy WHERE id = @id AND project = @project", null, cancellationToken);

    private async Task<bool> ChangeAsync(Actor actor, ProjectId project, string action, string id, string detail, string sql, string? definition, CancellationToken cancellationToken)
    {
        (string, object?)[] key = [("@id", id), ("@project", project.Value)];
        var done = await state.TransactAsync(
            async connection =>
            {
                var changed = await connection.ExecuteAsync(sql, cancellationToken, definition is null ? key : [.. key, ("@definition", definition), ("@now", clock.GetUtcNow())]) == 1;
                if (changed)
                {
                    await audit.WriteAsync(connection, actor, project, action, id, detail, cancellationToken);
                }
                return changed;
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return done;
    }

    internal static string Write(GuardPolicy policy) => JsonSerializer.Serialize(GuardPolicyBody.Of(policy), GuardPolicyJson.Default.GuardPolicyBody);

    // Only we write these rows. One that does not read stops the start: a guard that is silently not there is worse.
    private static GuardPolicy Read(string id, ProjectId project, string definition)
    {
        var read = GuardPolicyReader.Read(JsonSerializer.Deserialize(definition, GuardPolicyJson.Default.GuardPolicyBody)!, id, project, 0);
        return read.Value ?? throw new InvalidDataException($"The guard policy {id} cannot be read: {string.Join("; ", read.Errors.Select(error => $"{error.Key} {string.Join(", ", error.Value)}"))}.");
    }
}
