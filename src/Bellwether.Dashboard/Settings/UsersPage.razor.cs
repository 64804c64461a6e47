using Bellwether.Identity;

namespace Bellwether.Dashboard;

/// <summary>Invites people and changes what they may do.</summary>
public sealed partial class UsersPage
{
    private IReadOnlyList<Account> _accounts = [];
    private IssuedLink? _link;
    private bool _inviting;
    private int _answers;
    private string _me = "";
    private Role _role = Role.Viewer;
    private string _projects = "";

    protected override Task<bool> LoadAsync(Actor actor)
    {
        _me = actor.Id;
        _accounts = Settings.List(actor) ?? [];
        return Task.FromResult(_accounts.Count > 0);
    }

    private async Task InviteAsync()
    {
        var wanted = new NewInvitation(_role, _projects.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        _link = await ApplyAsync(actor => Settings.InviteAsync(actor, wanted, Gone), "The link is ready.");
        _inviting = _link is null;
    }

    private async Task ResetAsync(Account account) =>
        _link = await ApplyAsync(actor => Settings.ResetAsync(actor, account.Id, Gone), "The link is ready.");

    private async Task ChangeRoleAsync(Account account, string role)
    {
        await ApplyAsync(actor => Settings.PatchAsync(actor, account.Id, new AccountPatch(null, Enum.Parse<Role>(role), null, null), Gone), $"{VisibleText.Flatten(account.Name, 100)} is {role.ToLowerInvariant()} now.");
        // A refused choice would stay in the list: for the page nothing changed, so it would draw nothing anew.
        _answers++;
        SayRefused();
    }

    private async Task SetDisabledAsync(Account account, bool disabled)
    {
        await ApplyAsync(
            actor => Settings.PatchAsync(actor, account.Id, new AccountPatch(null, null, null, disabled), Gone),
            disabled ? $"{VisibleText.Flatten(account.Name, 100)} is disabled." : $"{VisibleText.Flatten(account.Name, 100)} is enabled.");
        SayRefused();
    }

    // A list has no field to mark; the reason stands above it.
    private void SayRefused()
    {
        if (Errors.Count > 0) { Notice = "Not changed."; }
    }

    private static string RoleHint(Role role) => role switch
    {
        Role.Viewer => "Sees what was recorded.",
        Role.Editor => "Also annotates and edits rules.",
        Role.Administrator => "Also changes keys, providers, users and prices.",
        _ => "",
    };
}
