using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Identity;

/// <summary>Who changed what and when. Never holds a secret: <paramref name="Detail"/> names fields and harmless values.</summary>
/// <param name="Project">Null for what all projects share.</param>
public sealed record AuditEntry(string Id, DateTimeOffset At, string Actor, string? Project, string Action, string Target, string Detail);

/// <summary>The audit rows, written in the transaction of the change they speak of.</summary>
public sealed class AuditTrail(DbDataSource state, TimeProvider clock)
{
    public Task<int> WriteAsync(
        DbConnection connection, Actor actor, ProjectId? project, string action, string target, string detail, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return connection.ExecuteAsync(
            "INSERT INTO audit_entry (id, at, actor, project, action, target, detail) VALUES (@id, @at, @actor, @project, @action, @target, @detail)",
            cancellationToken,
            ("@id", IdentityIds.Audit(now)), ("@at", now), ("@actor", actor.Id), ("@project", project?.Value),
            ("@action", action), ("@target", target), ("@detail", detail));
    }

    /// <summary>Newest first. An actor bound to some projects sees the rows of those.</summary>
    /// <param name="before">Id of the last entry of the page before; null for the newest.</param>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(Actor actor, string? before, int limit, CancellationToken cancellationToken)
    {
        if (!actor.Is(Role.Administrator))
        {
            return [];
        }

        // One query per project keeps the SQL free of lists, which the two engines spell differently.
        var pages = new List<AuditEntry>();
        foreach (var project in actor.Projects ?? [""])
        {
            pages.AddRange(await state.QueryAsync(
                """
                SELECT id, at, actor, project, action, target, detail FROM audit_entry
                WHERE id < @before AND (@project = '' OR project = @project) ORDER BY id DESC LIMIT @limit
                """,
                row => new AuditEntry(row.GetString(0), row.Time(1), row.GetString(2), row.TextOrNull(3), row.GetString(4), row.GetString(5), row.GetString(6)),
                cancellationToken,
                ("@before", before ?? "b"), ("@project", project), ("@limit", limit)));
        }

        return [.. pages.OrderByDescending(entry => entry.Id, StringComparer.Ordinal).Take(limit)];
    }
}
