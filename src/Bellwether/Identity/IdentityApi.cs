using System.Security.Claims;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Identity;

/// <summary>Projects, keys, users and the audit trail under <c>/api/v1</c>.</summary>
internal static class IdentityApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Settings");
        api.MapGet("/me", Me).RequireAuthorization(Policies.Viewer).WithName("GetMe").Produces<MeView>();

        api.MapGet("/projects", ListProjects).RequireAuthorization(Policies.Viewer).WithName("ListProjects").Produces<ListView<ProjectView>>();
        api.MapPost("/projects", CreateProjectAsync).RequireAuthorization(Policies.Operator).WithName("CreateProject")
            .Accepts<NewProject>("application/json").Produces<ProjectView>(StatusCodes.Status201Created).ProducesValidationProblem();
        api.MapPatch("/projects/{id}", PatchProjectAsync).RequireAuthorization(Policies.Administrator).WithName("ChangeProject")
            .Accepts<ProjectPatch>("application/json").Produces<ProjectView>().ProducesValidationProblem();

        api.MapGet("/keys", ListKeys).RequireAuthorization(Policies.Administrator).WithName("ListKeys").Produces<ListView<KeyView>>();
        api.MapPost("/keys", CreateKeyAsync).RequireAuthorization(Policies.Administrator).WithName("CreateKey")
            .Accepts<NewKey>("application/json").Produces<KeyView>(StatusCodes.Status201Created).ProducesValidationProblem();
        api.MapDelete("/keys/{id}", RevokeKeyAsync).RequireAuthorization(Policies.Administrator).WithName("RevokeKey").Produces<KeyView>();

        api.MapGet("/users", ListUsers).RequireAuthorization(Policies.Operator).WithName("ListUsers").Produces<ListView<AccountView>>();
        api.MapPost("/users/invitations", InviteAsync).RequireAuthorization(Policies.Operator).WithName("InviteUser")
            .Accepts<NewInvitation>("application/json").Produces<LinkView>(StatusCodes.Status201Created).ProducesValidationProblem();
        api.MapPatch("/users/{id}", PatchUserAsync).RequireAuthorization(Policies.Operator).WithName("ChangeUser")
            .Accepts<AccountPatch>("application/json").Produces<AccountView>().ProducesValidationProblem();
        api.MapPost("/users/{id}/reset-link", ResetUserAsync).RequireAuthorization(Policies.Operator).WithName("ResetUser")
            .Produces<LinkView>(StatusCodes.Status201Created);
        api.MapPost("/users/{id}/sign-out", SignOutUserAsync).RequireAuthorization(Policies.Viewer).WithName("SignOutUser").Produces<AccountView>();

        api.MapGet("/audit", AuditAsync).RequireAuthorization(Policies.Administrator).WithName("ListAuditEntries").Produces<ListView<AuditEntry>>();
    }

    private static IResult Me(ClaimsPrincipal user, Actors actors, Projects projects)
    {
        var actor = actors.Of(user);
        return Results.Json(
            new MeView(actor.Id, actor.Name, actor.Role, actor.IsOperator, [.. projects.Of(actor).Select(project => project.Id.Value)]),
            IdentityJson.Default.MeView);
    }

    private static IResult ListProjects(ClaimsPrincipal user, Actors actors, Projects projects) =>
        Results.Json(
            new ListView<ProjectView>([.. projects.Of(actors.Of(user)).Select(ProjectView.Of)]), IdentityJson.Default.ListViewProjectView);

    private static async Task<IResult> CreateProjectAsync(
        HttpRequest request, ClaimsPrincipal user, Actors actors, ProjectSettings settings, CancellationToken cancellationToken)
    {
        var (wanted, refusal) = await RequestBody.ReadAsync(request, IdentityJson.Default.NewProject, cancellationToken);
        return refusal ?? (await settings.CreateAsync(actors.Of(user), wanted!, cancellationToken))
            .ToResult(project => Results.Json(ProjectView.Of(project), IdentityJson.Default.ProjectView, statusCode: StatusCodes.Status201Created));
    }

    private static async Task<IResult> PatchProjectAsync(
        string id, HttpRequest request, ClaimsPrincipal user, Actors actors, ProjectSettings settings, CancellationToken cancellationToken)
    {
        var (wanted, refusal) = await RequestBody.ReadAsync(request, IdentityJson.Default.ProjectPatch, cancellationToken);
        return refusal ?? (await settings.RenameAsync(actors.Of(user), new ProjectId(id), wanted!, cancellationToken))
            .ToResult(project => Results.Json(ProjectView.Of(project), IdentityJson.Default.ProjectView));
    }

    private static IResult ListKeys(string? project, ClaimsPrincipal user, Actors actors, KeySettings settings) =>
        user.ProjectFor(project) is { } id && settings.List(actors.Of(user), id) is { } keys
            ? Results.Json(new ListView<KeyView>([.. keys.Select(key => KeyView.Of(key))]), IdentityJson.Default.ListViewKeyView)
            : ((Change<ApiKey>)Change.NotFound).ToResult(_ => Results.Ok());

    private static async Task<IResult> CreateKeyAsync(
        string? project, HttpRequest request, ClaimsPrincipal user, Actors actors, KeySettings settings, CancellationToken cancellationToken)
    {
        if (user.ProjectFor(project) is not { } id)
        {
            return ((Change<ApiKey>)Change.NotFound).ToResult(_ => Results.Ok());
        }

        var (wanted, refusal) = await RequestBody.ReadAsync(request, IdentityJson.Default.NewKey, cancellationToken);
        return refusal ?? (await settings.CreateAsync(actors.Of(user), id, wanted!, cancellationToken))
            .ToResult(issued => Results.Json(KeyView.Of(issued.Key, issued.Token.Reveal()), IdentityJson.Default.KeyView, statusCode: StatusCodes.Status201Created));
    }

    private static async Task<IResult> RevokeKeyAsync(
        string id, string? project, ClaimsPrincipal user, Actors actors, KeySettings settings, CancellationToken cancellationToken) =>
        (user.ProjectFor(project) is { } of ? await settings.RevokeAsync(actors.Of(user), of, id, cancellationToken) : Change.NotFound)
            .ToResult(key => Results.Json(KeyView.Of(key), IdentityJson.Default.KeyView));

    private static IResult ListUsers(ClaimsPrincipal user, Actors actors, AccountSettings settings) =>
        settings.List(actors.Of(user)) is { } all
            ? Results.Json(new ListView<AccountView>([.. all.Select(AccountView.Of)]), IdentityJson.Default.ListViewAccountView)
            : ((Change<Account>)Change.Forbidden).ToResult(_ => Results.Ok());

    private static async Task<IResult> InviteAsync(
        HttpRequest request, ClaimsPrincipal user, Actors actors, AccountSettings settings, CancellationToken cancellationToken)
    {
        var (wanted, refusal) = await RequestBody.ReadAsync(request, IdentityJson.Default.NewInvitation, cancellationToken);
        return refusal ?? (await settings.InviteAsync(actors.Of(user), wanted!, cancellationToken)).ToResult(Issued);
    }

    private static async Task<IResult> PatchUserAsync(
        string id, HttpRequest request, ClaimsPrincipal user, Actors actors, AccountSettings settings, CancellationToken cancellationToken)
    {
        var (wanted, refusal) = await RequestBody.ReadAsync(request, IdentityJson.Default.AccountPatch, cancellationToken);
        return refusal ?? (await settings.PatchAsync(actors.Of(user), id, wanted!, cancellationToken)).ToResult(Shown);
    }

    private static async Task<IResult> ResetUserAsync(
        string id, ClaimsPrincipal user, Actors actors, AccountSettings settings, CancellationToken cancellationToken) =>
        (await settings.ResetAsync(actors.Of(user), id, cancellationToken)).ToResult(Issued);

    private static async Task<IResult> SignOutUserAsync(
        string id, ClaimsPrincipal user, Actors actors, AccountSettings settings, CancellationToken cancellationToken) =>
        (await settings.SignOutEverywhereAsync(actors.Of(user), id, cancellationToken)).ToResult(Shown);

    private static async Task<IResult> AuditAsync(
        string? cursor, int? limit, ClaimsPrincipal user, Actors actors, AuditTrail audit, CancellationToken cancellationToken)
    {
        var size = Math.Clamp(limit ?? 100, 1, 1000);
        var entries = await audit.ReadAsync(actors.Of(user), cursor, size, cancellationToken);
        return Results.Json(
            new ListView<AuditEntry>(entries, entries.Count == size ? entries[^1].Id : null), IdentityJson.Default.ListViewAuditEntry);
    }

    private static IResult Issued(IssuedLink link) =>
        Results.Json(new LinkView(link.Path.Reveal(), link.ExpiresAt), IdentityJson.Default.LinkView, statusCode: StatusCodes.Status201Created);

    private static IResult Shown(Account account) => Results.Json(AccountView.Of(account), IdentityJson.Default.AccountView);
}
