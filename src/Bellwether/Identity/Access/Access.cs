using System.Security.Claims;
using Bellwether.Primitives;

namespace Bellwether.Identity;

/// <summary>Names of the authorization policies. Each of the first three includes the ones before it.</summary>
public static class Policies
{
    /// <summary>Read telemetry and settings of a project.</summary>
    public static readonly string Viewer = "Viewer";
    /// <summary>Change what belongs to a project's daily work: annotations, feedback, rules.</summary>
    public static readonly string Editor = "Editor";
    /// <summary>Change a project's keys and settings.</summary>
    public static readonly string Administrator = "Administrator";
    /// <summary>Change what all projects share: providers, routes, projects, users. An administrator who is not bound to some projects.</summary>
    public static readonly string Operator = "Operator";
}

/// <summary>Authentication schemes.</summary>
public static class Schemes
{
    /// <summary>The cookie of a signed-in person.</summary>
    public static readonly string Cookies = "Cookies";
    /// <summary><c>Authorization: Bearer</c> with a Bellwether key.</summary>
    public static readonly string ApiKey = "ApiKey";
    /// <summary>Picks one of the two: a request with an <c>Authorization</c> header is never judged by its cookie.</summary>
    public static readonly string Either = "Either";
}

/// <summary>The claims of a signed-in person or key.</summary>
public static class Claims
{
    /// <summary>Id of the user (<c>user_…</c>) or key (<c>key_…</c>).</summary>
    public static readonly string Subject = "sub";
    public static readonly string Name = "name";
    /// <summary>A <see cref="Bellwether.Identity.Role"/> by name.</summary>
    public static readonly string Role = "role";
    /// <summary>A project the principal may see; one claim each, or a single <c>*</c> for all.</summary>
    public static readonly string Project = "project";
    /// <summary>Changes when a session must end: password change, role change, "sign out everywhere".</summary>
    public static readonly string Stamp = "stamp";
    /// <summary>One sign-in of a person: what signing out ends.</summary>
    public static readonly string Session = "session";
    public static readonly string AllProjects = "*";
}

/// <summary>Questions to a principal; every endpoint that touches a project's rows asks one of them.</summary>
public static class PrincipalAccess
{
    public static string Subject(this ClaimsPrincipal principal) => principal.FindFirstValue(Claims.Subject) ?? "";

    public static bool MaySeeAllProjects(this ClaimsPrincipal principal) => principal.HasClaim(Claims.Project, Claims.AllProjects);

    public static bool MaySee(this ClaimsPrincipal principal, ProjectId project) =>
        principal.MaySeeAllProjects() || principal.HasClaim(Claims.Project, project.Value);

    /// <summary>
    /// The project a call is about: the one it names if the principal may see it, else the principal's own. Null: answer 404, as
    /// for a project that does not exist.
    /// </summary>
    /// <param name="requested">From <c>?project=</c> or the route; null or empty when the call names none.</param>
    public static ProjectId? ProjectFor(this ClaimsPrincipal principal, string? requested)
    {
        if (!string.IsNullOrEmpty(requested))
        {
            var project = new ProjectId(requested);
            return principal.MaySee(project) ? project : null;
        }

        return principal.FindFirstValue(Claims.Project) is { Length: > 0 } own
            ? own == Claims.AllProjects ? ProjectId.Default : new ProjectId(own)
            : null;
    }

    private static string? FindFirstValue(this ClaimsPrincipal principal, string type) => principal.FindFirst(type)?.Value;
}
