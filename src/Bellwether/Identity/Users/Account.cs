using System.Collections.Frozen;
using System.Data.Common;
using System.Text.Json;
using Bellwether.State;

namespace Bellwether.Identity;

/// <summary>A person who signs in.</summary>
public sealed record Account
{
    public required string Id { get; init; }
    /// <summary>As shown on pages.</summary>
    public required string Name { get; init; }
    /// <summary>As typed at sign-in; lower case.</summary>
    public required string SignInName { get; init; }
    public required Role Role { get; init; }
    /// <summary>Projects they may see; empty for all.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];
    /// <summary>Sessions carry it; a new one ends them all.</summary>
    public required string Stamp { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DisabledAt { get; init; }
    public DateTimeOffset? LastSignInAt { get; init; }
}

/// <summary>Every account in memory, without password hashes: each request of a session looks its owner up here.</summary>
public sealed class Accounts(DbDataSource state) : IStatePolicy
{
    private volatile FrozenDictionary<string, Account> _byId = FrozenDictionary<string, Account>.Empty;

    public IReadOnlyList<Account> All { get; private set; } = [];

    public Account? Find(string id) => _byId.GetValueOrDefault(id);

    public Account? BySignInName(string name) => All.FirstOrDefault(account => account.SignInName == name);

    /// <summary>Whether someone can sign in and administer: if not, the start prints a link.</summary>
    public bool HasOperator => All.Any(account => account is { Role: Role.Administrator, DisabledAt: null, Projects.Count: 0 });

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await state.QueryAsync(
            "SELECT id, name, sign_in_name, role, projects, stamp, created_at, disabled_at, last_sign_in_at FROM account ORDER BY created_at, id",
            row => new Account
            {
                Id = row.GetString(0),
                Name = row.GetString(1),
                SignInName = row.GetString(2),
                Role = Enum.Parse<Role>(row.GetString(3), ignoreCase: true),
                Projects = JsonSerializer.Deserialize(row.GetString(4), IdentityJson.Default.IReadOnlyListString) ?? [],
                Stamp = row.GetString(5),
                CreatedAt = row.Time(6),
                DisabledAt = row.TimeOrNull(7),
                LastSignInAt = row.TimeOrNull(8),
            },
            cancellationToken);
        All = rows;
        _byId = rows.ToFrozenDictionary(account => account.Id, StringComparer.Ordinal);
    }
}
