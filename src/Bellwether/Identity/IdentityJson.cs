using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bellwether.Identity;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(RoleNames)])]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(NewProject))]
[JsonSerializable(typeof(ProjectPatch))]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(NewInvitation))]
[JsonSerializable(typeof(AccountPatch))]
[JsonSerializable(typeof(MeView))]
[JsonSerializable(typeof(LinkView))]
[JsonSerializable(typeof(ListView<ProjectView>))]
[JsonSerializable(typeof(ListView<KeyView>))]
[JsonSerializable(typeof(ListView<AccountView>))]
[JsonSerializable(typeof(ListView<AuditEntry>))]
internal sealed partial class IdentityJson : JsonSerializerContext;

/// <summary>Roles as <c>viewer</c>, <c>editor</c>, <c>administrator</c>.</summary>
internal sealed class RoleNames() : JsonStringEnumConverter<Role>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>A list on the wire, in the shape of every list of the API.</summary>
/// <param name="Next">Cursor of the next page; null at the end.</param>
internal sealed record ListView<T>(IReadOnlyList<T> Items, string? Next = null);

internal sealed record MeView(string Id, string Name, Role? Role, bool Operator, IReadOnlyList<string> Projects);

internal sealed record ProjectView(string Id, string Name, DateTimeOffset CreatedAt)
{
    public static ProjectView Of(Project project) => new(project.Id.Value, project.Name, project.CreatedAt);
}

/// <param name="Key">The key's text; only in the answer that makes it.</param>
internal sealed record KeyView(
    string Id, string Name, string Project, Role? Role, bool Gateway, bool AllProjects, IReadOnlyList<string> Models, string Hint,
    DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? Key)
{
    public static KeyView Of(ApiKey key, string? token = null) => new(
        key.Id, key.Name, key.Project.Value, key.Api ? key.Role : null, key.Gateway, key.AllProjects, key.Models, key.Hint,
        key.CreatedAt, key.CreatedBy, key.ExpiresAt, key.RevokedAt, token);
}

internal sealed record AccountView(
    string Id, string Name, string SignInName, Role Role, IReadOnlyList<string> Projects, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, DateTimeOffset? LastSignInAt)
{
    public static AccountView Of(Account account) => new(
        account.Id, account.Name, account.SignInName, account.Role, account.Projects, account.CreatedAt, account.DisabledAt, account.LastSignInAt);
}

/// <param name="Path">Path and query of the link on this server; shown this once.</param>
internal sealed record LinkView(string Path, DateTimeOffset ExpiresAt);
