using Bellwether.Identity;
using Bellwether.Primitives;

namespace Bellwether.Dashboard;

/// <summary>Makes, lists and revokes the keys of a project.</summary>
public sealed partial class KeysPage
{
    // Neither a role nor models.
    private const string PageAccess = "Page";

    private IReadOnlyList<ApiKey> _keys = [];
    private ProjectId _project;
    private IssuedKey? _issued;
    private bool _adding;
    private bool _isKnown;
    private string _name = "";
    private string _access = "";
    private string _models = "";
    private DateOnly? _expires;

    protected override async Task<bool> LoadAsync(Actor actor)
    {
        _project = await ProjectAsync();
        _isKnown = actor.MaySee(_project) && All.Find(_project) is not null;
        _keys = Settings.List(actor, _project) ?? [];
        return _keys.Count > 0;
    }

    private async Task CreateAsync()
    {
        var wanted = new NewKey(
            _name,
            Enum.TryParse<Role>(_access, out var role) ? role : null,
            Gateway: _access != PageAccess,
            _models.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            _expires is { } day ? new DateTimeOffset(day, new TimeOnly(23, 59, 59), TimeSpan.Zero) : null);
        _issued = await ApplyAsync(actor => Settings.CreateAsync(actor, _project, wanted, Gone), "Key created.");
        if (_issued is not null)
        {
            _adding = false;
            (_name, _access, _models, _expires) = ("", "", "", null);
        }
    }

    private async Task RevokeAsync(ApiKey key) => await ApplyAsync(actor => Settings.RevokeAsync(actor, key.Project, key.Id, Gone), $"{VisibleText.Flatten(key.Name, 100)} is revoked.");

    private static string Access(ApiKey key) =>
        key.AllProjects ? "Administrator, all projects"
        : !key.Api ? key.Gateway ? "Models" : "Flags, sending"
        : key.Gateway ? $"Models, {key.Role.ToString().ToLowerInvariant()}"
        : key.Role.ToString();

    private string StateOf(ApiKey key) =>
        key.RevokedAt is not null ? "Revoked" : key.ExpiresAt <= Clock.GetUtcNow() ? "Expired" : "Active";

    private string Tone(ApiKey key) => StateOf(key) switch { "Active" => "bw-badge--good", "Expired" => "bw-badge--warn", _ => "" };
}
