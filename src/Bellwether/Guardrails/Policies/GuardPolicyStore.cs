using System.Data.Common;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Guardrails;

/// <summary>The rows of policies. Every change leaves an audit row, and calls are judged by it before its answer.</summary>
public sealed class GuardPolicyStore(DbDataSource state, GuardPolicies policies, AuditTrail audit, TimeProvider clock) : IStatePolicy
{
    private const int MostPerProject = 100;
    private const int OrderStep = 10;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await state.QueryAsync(
            "SELECT id, project, definition FROM guard_policy", row => (Id: row.GetString(0), Project: row.GetString(1), Definition: row.GetString(2)), cancellationToken);
        policies.Use(rows.Select(row => Read(row.Id, new ProjectId(row.Project), row.Definition)));
    }

    public async Task<Change<GuardPolicy>> CreateAsync(Actor actor, ProjectId project, GuardPolicyBody body, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Editor, project))
        {
            return Change.Forbidden;
        }
        var existing = policies.Of(project);
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
        if (policies.Find(project, id) is not { } before)
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
        actor.May(Role.Editor, project) && policies.Find(project, id) is { } before
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
