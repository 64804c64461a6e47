using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Identity;

/// <summary>A key to be made.</summary>
/// <param name="Role">What it may do on the API; null: nothing but what every key may.</param>
/// <param name="Gateway">Whether it may call models; null means yes. A key that may neither, as for a page that everybody can read, asks for flags and sends telemetry and feedback.</param>
/// <param name="Models">Models it may use, exact or with a trailing <c>*</c>; null or empty for all.</param>
/// <param name="ExpiresAt">Null: until revoked.</param>
public sealed record NewKey(string? Name, Role? Role, bool? Gateway, IReadOnlyList<string>? Models, DateTimeOffset? ExpiresAt);

/// <summary>A new key with its text, which is shown this once.</summary>
public sealed record IssuedKey(ApiKey Key, Secret Token);

/// <summary>Makes, lists and revokes keys of a project.</summary>
public sealed class KeySettings(DbDataSource state, Keyring keyring, Projects projects, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Newest first; null when the actor may not know of them.</summary>
    public IReadOnlyList<ApiKey>? List(Actor actor, ProjectId project) =>
        actor.May(Role.Administrator, project) ? [.. keyring.All.Where(key => key.Project == project)] : null;

    public async Task<Change<IssuedKey>> CreateAsync(Actor actor, ProjectId project, NewKey wanted, CancellationToken cancellationToken)
    {
        if (!actor.MaySee(project) || projects.Find(project) is null)
        {
            return Change.NotFound;
        }

        if (!actor.May(Role.Administrator, project))
        {
            return Change.Forbidden;
        }

        var now = clock.GetUtcNow();
        var models = wanted.Models ?? [];
        var errors = new FieldErrors()
            .CheckName(wanted.Name, "name")
            .Check(wanted.ExpiresAt is null || wanted.ExpiresAt > now, "expiresAt", "must be in the future")
            .Check(models.Count <= 100 && models.All(model => model is { Length: > 0 and <= 200 }), "models", "may have at most 100 names of 1 to 200 characters");
        if (errors.Any)
        {
            return errors.ToChange();
        }

        var token = KeyToken.Create();
        var key = new ApiKey
        {
            Id = IdentityIds.Key(now),
            Name = wanted.Name!.Trim(),
            Project = project,
            Role = wanted.Role ?? Role.Viewer,
            Api = wanted.Role is not null,
            Gateway = wanted.Gateway ?? true,
            Models = models,
            Hint = KeyToken.Hint(token),
            CreatedAt = now,
            CreatedBy = actor.Id,
            ExpiresAt = wanted.ExpiresAt,
        };
        await state.TransactAsync(
            async connection =>
            {
                await ApiKeyStore.InsertAsync(connection, new StoredKey(key, KeyToken.Hash(token)), cancellationToken);
                await audit.WriteAsync(connection, actor, project, "key.created", key.Id, key.Name, cancellationToken);
            },
            cancellationToken);
        await keyring.LoadAsync(cancellationToken);
        return new IssuedKey(key, new Secret(token));
    }

    /// <summary>From the answer on, the key opens nothing more on this server.</summary>
    public async Task<Change<ApiKey>> RevokeAsync(Actor actor, ProjectId project, string id, CancellationToken cancellationToken)
    {
        if (!actor.MaySee(project) || keyring.Find(id) is not { } key || key.Project != project)
        {
            return Change.NotFound;
        }

        if (!actor.May(Role.Administrator, project) || (key.AllProjects && !actor.IsOperator))
        {
            return Change.Forbidden;
        }

        await state.TransactAsync(
            async connection =>
            {
                if (await ApiKeyStore.RevokeAsync(connection, project, id, clock.GetUtcNow(), cancellationToken))
                {
                    await audit.WriteAsync(connection, actor, project, "key.revoked", id, key.Name, cancellationToken);
                }
            },
            cancellationToken);
        await keyring.LoadAsync(cancellationToken);
        return keyring.Find(id)!;
    }
}
