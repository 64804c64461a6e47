using System.Collections.Frozen;
using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Identity;

/// <summary>A tenant: everything else belongs to one.</summary>
public sealed record Project(ProjectId Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ArchivedAt);

/// <summary>Every project in memory.</summary>
public sealed class Projects(DbDataSource state) : IStatePolicy
{
    private volatile FrozenDictionary<string, Project> _byId = FrozenDictionary<string, Project>.Empty;

    /// <summary>In the order of creation.</summary>
    public IReadOnlyList<Project> All { get; private set; } = [];

    public Project? Find(ProjectId id) => _byId.GetValueOrDefault(id.Value);

    /// <summary>The projects an actor may see.</summary>
    public IReadOnlyList<Project> Of(Actor actor) => [.. All.Where(project => actor.MaySee(project.Id))];

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await state.QueryAsync(
            "SELECT id, name, created_at, archived_at FROM project ORDER BY created_at, id",
            row => new Project(new ProjectId(row.GetString(0)), row.GetString(1), row.Time(2), row.TimeOrNull(3)),
            cancellationToken);
        All = rows;
        _byId = rows.ToFrozenDictionary(project => project.Id.Value, StringComparer.Ordinal);
    }
}
