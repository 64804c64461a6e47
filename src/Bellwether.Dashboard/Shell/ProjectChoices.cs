using Bellwether.Identity;
using Bellwether.Primitives;

namespace Bellwether.Dashboard;

public sealed record ProjectChoice(string Id, string Name);

/// <summary>The projects that the switcher offers.</summary>
/// <param name="list">Reads them from the state store; the composition says how.</param>
public sealed class ProjectChoices(Func<CancellationToken, ValueTask<IReadOnlyList<ProjectChoice>>> list)
{
    /// <summary>Only the project that every server has.</summary>
    public static readonly ProjectChoices DefaultOnly =
        new(_ => ValueTask.FromResult<IReadOnlyList<ProjectChoice>>([new(ProjectId.Default.Value, "Default")]));

    /// <summary>The projects of the state store that are not archived.</summary>
    public static ProjectChoices Of(Projects projects) => new(_ => ValueTask.FromResult<IReadOnlyList<ProjectChoice>>(
        [.. projects.All.Where(project => project.ArchivedAt is null).Select(project => new ProjectChoice(project.Id.Value, project.Name))]));

    public ValueTask<IReadOnlyList<ProjectChoice>> ListAsync(CancellationToken cancellationToken) => list(cancellationToken);
}
