using System.Security.Claims;
using Bellwether.Primitives;

namespace Bellwether.Identity;

/// <summary>Who wants something, as the snapshots know them now: a role taken away counts at once, also in a page that is still open.</summary>
/// <param name="Id">User or key id; empty for nobody.</param>
/// <param name="Role">Null: may not use the API.</param>
/// <param name="Projects">Null for all projects.</param>
public sealed record Actor(string Id, string Name, Role? Role, IReadOnlyList<string>? Projects)
{
    public static readonly Actor Nobody = new("", "", null, []);

    /// <summary>The program itself, at start and from the command line.</summary>
    public static readonly Actor System = new("start", "start", Identity.Role.Administrator, null);

    public bool Is(Role role) => Role >= role;

    public bool IsOperator => Is(Identity.Role.Administrator) && Projects is null;

    public bool MaySee(ProjectId project) => Role is not null && (Projects is null || Projects.Contains(project.Value, StringComparer.Ordinal));

    public bool May(Role role, ProjectId project) => Is(role) && MaySee(project);
}

/// <summary>Turns the claims of a cookie or a key into the actor they stand for.</summary>
public sealed class Actors(Accounts accounts, Keyring keyring, EndedSessions ended)
{
    public Actor Of(ClaimsPrincipal principal)
    {
        var id = principal.Subject();
        if (accounts.Find(id) is { } account)
        {
            return account.DisabledAt is null && principal.HasClaim(Claims.Stamp, account.Stamp) && !ended.Contains(principal)
                ? new Actor(account.Id, account.Name, account.Role, account.Projects.Count == 0 ? null : account.Projects)
                : Actor.Nobody;
        }

        return keyring.Find(id) is { RevokedAt: null } key
            ? new Actor(key.Id, key.Name, key.Api ? key.Role : null, key.AllProjects ? null : [key.Project.Value])
            : Actor.Nobody;
    }
}
