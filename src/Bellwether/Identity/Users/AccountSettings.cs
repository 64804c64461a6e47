using System.Data.Common;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Identity;

/// <param name="Projects">Projects the invited person may see; null or empty for all.</param>
public sealed record NewInvitation(Role? Role, IReadOnlyList<string>? Projects);

/// <summary>What of an account can be changed; what is null stays.</summary>
public sealed record AccountPatch(string? Name, Role? Role, IReadOnlyList<string>? Projects, bool? Disabled);

/// <summary>Invites people and changes what they may do. For operators.</summary>
public sealed class AccountSettings(DbDataSource state, Accounts accounts, Projects projects, SignInLinks links, AuditTrail audit, TimeProvider clock)
{
    public IReadOnlyList<Account>? List(Actor actor) => actor.IsOperator ? accounts.All : null;

    public async Task<Change<IssuedLink>> InviteAsync(Actor actor, NewInvitation wanted, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator)
        {
            return Change.Forbidden;
        }

        var errors = CheckProjects(new FieldErrors().Check(wanted.Role is not null, "role", "is needed: viewer, editor or administrator"), wanted.Projects);
        if (errors.Any)
        {
            return errors.ToChange();
        }

        return await state.TransactAsync(
            async connection =>
            {
                await audit.WriteAsync(connection, actor, null, "user.invited", wanted.Role!.Value.ToString().ToLowerInvariant(), "", cancellationToken);
                return await links.IssueAsync(connection, actor, LinkKind.Invitation, null, wanted.Role.Value, wanted.Projects ?? [], cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>A link with which the owner of an account sets a new password.</summary>
    public async Task<Change<IssuedLink>> ResetAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator)
        {
            return Change.Forbidden;
        }

        if (accounts.Find(id) is not { } account)
        {
            return Change.NotFound;
        }

        return await state.TransactAsync(
            async connection =>
            {
                await audit.WriteAsync(connection, actor, null, "user.reset", id, "", cancellationToken);
                return await links.IssueAsync(connection, actor, LinkKind.Reset, id, account.Role, account.Projects, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Changes an account and, when its rights changed, ends its sessions.</summary>
    public async Task<Change<Account>> PatchAsync(Actor actor, string id, AccountPatch wanted, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator)
        {
            return Change.Forbidden;
        }

        if (accounts.Find(id) is not { } was)
        {
            return Change.NotFound;
        }

        var becomes = was with
        {
            Name = wanted.Name?.Trim() ?? was.Name,
            Role = wanted.Role ?? was.Role,
            Projects = wanted.Projects ?? was.Projects,
            DisabledAt = wanted.Disabled switch { null => was.DisabledAt, true => was.DisabledAt ?? clock.GetUtcNow(), false => null },
        };
        var rightsChanged = becomes.Role != was.Role || becomes.DisabledAt != was.DisabledAt || !becomes.Projects.SequenceEqual(was.Projects);
        var errors = CheckProjects(new FieldErrors(), wanted.Projects)
            .Check(!IsLastOperator(was, becomes), wanted.Disabled == true ? "disabled" : "role", "would leave nobody who can administer");
        if (wanted.Name is not null)
        {
            errors.CheckName(wanted.Name, "name");
        }

        if (errors.Any)
        {
            return errors.ToChange();
        }

        await state.TransactAsync(
            async connection =>
            {
                await connection.ExecuteAsync(
                    "UPDATE account SET name = @name, role = @role, projects = @projects, disabled_at = @disabledAt, stamp = @stamp WHERE id = @id",
                    cancellationToken,
                    ("@name", becomes.Name), ("@role", becomes.Role),
                    ("@projects", JsonSerializer.Serialize(becomes.Projects, IdentityJson.Default.IReadOnlyListString)),
                    ("@disabledAt", becomes.DisabledAt), ("@stamp", rightsChanged ? SignIn.NewStamp() : was.Stamp), ("@id", id));
                await audit.WriteAsync(connection, actor, null, "user.changed", id, Describe(was, becomes), cancellationToken);
            },
            cancellationToken);
        await accounts.LoadAsync(cancellationToken);
        return accounts.Find(id)!;
    }

    /// <summary>Ends every session of an account. People may do it for themselves.</summary>
    public async Task<Change<Account>> SignOutEverywhereAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator && actor.Id != id)
        {
            return Change.Forbidden;
        }

        if (accounts.Find(id) is null)
        {
            return Change.NotFound;
        }

        await state.TransactAsync(
            async connection =>
            {
                await connection.ExecuteAsync("UPDATE account SET stamp = @stamp WHERE id = @id", cancellationToken, ("@stamp", SignIn.NewStamp()), ("@id", id));
                await audit.WriteAsync(connection, actor, null, "user.signed-out", id, "everywhere", cancellationToken);
            },
            cancellationToken);
        await accounts.LoadAsync(cancellationToken);
        return accounts.Find(id)!;
    }

    private FieldErrors CheckProjects(FieldErrors errors, IReadOnlyList<string>? wanted) =>
        errors.Check(wanted is null || wanted.All(id => projects.Find(new ProjectId(id)) is not null), "projects", "names a project that does not exist");

    private bool IsLastOperator(Account was, Account becomes) =>
        IsOperator(was) && !IsOperator(becomes) && accounts.All.Count(IsOperator) == 1;

    private static bool IsOperator(Account account) => account is { Role: Role.Administrator, DisabledAt: null, Projects.Count: 0 };

    private static string Describe(Account was, Account becomes)
    {
        var parts = new List<string>();
        if (was.Name != becomes.Name)
        {
            parts.Add("name");
        }

        if (was.Role != becomes.Role)
        {
            parts.Add($"role {was.Role} to {becomes.Role}".ToLowerInvariant());
        }

        if (!was.Projects.SequenceEqual(becomes.Projects))
        {
            parts.Add("projects");
        }

        if (was.DisabledAt != becomes.DisabledAt)
        {
            parts.Add(becomes.DisabledAt is null ? "enabled" : "disabled");
        }

        return string.Join(", ", parts);
    }
}
