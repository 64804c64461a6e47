using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Storage.Tests;

/// <summary>Keys, accounts and links over a real store.</summary>
public sealed class IdentityTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Actor Tenant = new("user_tenant", "Tenant", Role.Administrator, ["other"]);
    private readonly string _folder = Directory.CreateTempSubdirectory("bw-identity").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly IdentityOptions _options = new();
    private readonly SqliteStateSource _state;
    private readonly Projects _projects;
    private readonly Accounts _accounts;
    private readonly Keyring _keyring;
    private readonly AuditTrail _audit;
    private readonly SignInLinks _links;
    private readonly SignIn _signIn;
    private readonly KeySettings _keys;
    private readonly AccountSettings _people;
    private readonly ProjectSettings _projectSettings;

    public IdentityTests()
    {
        _state = new SqliteStateSource(Path.Combine(_folder, "state.db"), TimeSpan.FromSeconds(5));
        _projects = new Projects(_state);
        _accounts = new Accounts(_state);
        _keyring = new Keyring(new ApiKeyStore(_state), _clock);
        _audit = new AuditTrail(_state, _clock);
        _links = new SignInLinks(_state, Options.Create(_options), _clock);
        _signIn = new SignIn(_state, _accounts, _links, new SignInThrottle(_clock), _audit, _clock);
        _keys = new KeySettings(_state, _keyring, _projects, _audit, _clock);
        _people = new AccountSettings(_state, _accounts, _projects, _links, _audit, _clock);
        _projectSettings = new ProjectSettings(_state, _projects, _audit, _clock);
    }

    public async ValueTask InitializeAsync()
    {
        await new StateMigrator(_state, new SqliteStateDialect(), Migration.In(typeof(StateFeature).Assembly), _clock, NullLogger<StateMigrator>.Instance).RunAsync(None);
    }

    public async ValueTask DisposeAsync()
    {
        await _state.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<FirstStart> StartAsync(string bootstrap = "")
    {
        var first = new FirstStart();
        await new IdentityStartup(
            _state, first, _keyring, _projects, _accounts, _links,
            Options.Create(new BootstrapOptions { ApiKey = bootstrap }), Options.Create(_options), _clock).LoadAsync(None);
        return first;
    }

    private static string TokenOf(Secret path) => path.Reveal()["/signin?link=".Length..];

    private async Task<Account> SignUpAsync(string name = "ada")
    {
        var first = await StartAsync();
        var result = await _signIn.LinkAsync(new LinkForm(TokenOf(first.SignInPath!), "Ada", name, "a long password"), None);
        Assert.Equal(SignInOutcome.SignedIn, result.Outcome);
        return result.Account!;
    }

    private async Task<IssuedKey> MakeKeyAsync(NewKey? wanted = null, ProjectId? project = null) =>
        (await _keys.CreateAsync(Actor.System, project ?? ProjectId.Default, wanted ?? new NewKey("app", null, null, null, null), None)).Value!;

    [Fact]
    public async Task The_first_start_gives_a_working_key_and_a_link_and_stores_neither()
    {
        var first = await StartAsync();

        Assert.Equal(KeyCheck.Valid, _keyring.Check(first.SnippetKey!.Reveal(), out var key));
        Assert.True(key!.Gateway);
        Assert.Equal(ProjectId.Default, key.Project);
        await _state.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(Path.Combine(_folder, "state.db"), None);
        Assert.Equal(-1, bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(first.SnippetKey.Reveal())));
        Assert.Equal(-1, bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(TokenOf(first.SignInPath!))));
    }

    [Fact]
    public async Task Later_starts_make_no_key_but_a_new_link_until_somebody_can_administer()
    {
        var first = await StartAsync();
        var second = await StartAsync();

        Assert.Null(second.SnippetKey);
        Assert.Null(await _links.FindAsync(TokenOf(first.SignInPath!), None));
        Assert.NotNull(await _links.FindAsync(TokenOf(second.SignInPath!), None));
        await _signIn.LinkAsync(new LinkForm(TokenOf(second.SignInPath!), "Ada", "ada", "a long password"), None);
        Assert.Null((await StartAsync()).SignInPath);
        _options.ResetLink = true;
        Assert.NotNull((await StartAsync()).SignInPath);
    }

    [Fact]
    public async Task A_bootstrap_key_administers_all_projects_and_calls_models()
    {
        var first = await StartAsync("test-key-of-my-own-1");

        Assert.Null(first.SnippetKey);
        Assert.Equal(KeyCheck.Valid, _keyring.Check("Bearer test-key-of-my-own-1", out var key));
        Assert.Equal((Role.Administrator, true, true, true), (key!.Role, key.AllProjects, key.Gateway, key.Api));
    }

    [Fact]
    public async Task A_bootstrap_key_given_later_changes_nothing()
    {
        await StartAsync();
        await StartAsync("test-key-of-my-own-1");

        Assert.Equal(KeyCheck.Unknown, _keyring.Check("test-key-of-my-own-1", out _));
    }

    [Theory]
    [InlineData("", KeyCheck.Missing)]
    [InlineData("Bearer ", KeyCheck.Missing)]
    [InlineData("   ", KeyCheck.Missing)]
    [InlineData("x' OR '1'='1", KeyCheck.Unknown)]
    [InlineData("bw-\0\0\0", KeyCheck.Unknown)]
    [InlineData("\ud800", KeyCheck.Unknown)]
    [InlineData("\"quoted\"", KeyCheck.Unknown)]
    [InlineData("Bearer Bearer x", KeyCheck.Unknown)]
    public async Task A_malformed_key_is_missing_or_unknown_and_never_an_error(string token, KeyCheck expected)
    {
        await StartAsync();

        Assert.Equal(expected, _keyring.Check(token, out var key));
        Assert.Null(key);
    }

    [Fact]
    public async Task A_megabyte_that_starts_with_a_real_key_is_unknown()
    {
        var token = (await StartAsync()).SnippetKey!.Reveal();

        Assert.Equal(KeyCheck.Unknown, _keyring.Check(token + new string('x', 1 << 20), out _));
        Assert.Equal(KeyCheck.Unknown, _keyring.Check(token.AsSpan(0, token.Length - 1), out _));
        Assert.Equal(KeyCheck.Unknown, _keyring.Check(token.ToUpperInvariant(), out _));
        Assert.Equal(KeyCheck.Valid, _keyring.Check("bearer " + token, out _));
    }

    [Fact]
    public async Task Looking_a_key_up_allocates_nothing()
    {
        var header = "Bearer " + (await StartAsync()).SnippetKey!.Reveal();
        for (var i = 0; i < 1000; i++)
        {
            _keyring.Check(header, out _);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _keyring.Check(header, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task A_revoked_and_an_expired_key_are_told_apart_at_once()
    {
        await StartAsync();
        var revoked = await MakeKeyAsync();
        var expiring = await MakeKeyAsync(new NewKey("short", null, null, null, _clock.GetUtcNow().AddHours(1)));

        await _keys.RevokeAsync(Actor.System, ProjectId.Default, revoked.Key.Id, None);

        Assert.Equal(KeyCheck.Revoked, _keyring.Check(revoked.Token.Reveal(), out _));
        Assert.Equal(KeyCheck.Valid, _keyring.Check(expiring.Token.Reveal(), out _));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(KeyCheck.Expired, _keyring.Check(expiring.Token.Reveal(), out _));
    }

    [Fact]
    public async Task A_tenant_neither_sees_nor_makes_nor_revokes_keys_of_another_project()
    {
        await StartAsync();
        await _projectSettings.CreateAsync(Actor.System, new NewProject("other", "Other"), None);
        var mine = await MakeKeyAsync();

        Assert.Null(_keys.List(Tenant, ProjectId.Default));
        Assert.Equal(ChangeOutcome.NotFound, (await _keys.CreateAsync(Tenant, ProjectId.Default, new NewKey("x", null, null, null, null), None)).Outcome);
        Assert.Equal(ChangeOutcome.NotFound, (await _keys.RevokeAsync(Tenant, ProjectId.Default, mine.Key.Id, None)).Outcome);
        Assert.Equal(ChangeOutcome.NotFound, (await _keys.RevokeAsync(Tenant, new ProjectId("other"), mine.Key.Id, None)).Outcome);
        Assert.Equal(ChangeOutcome.NotFound, (await _projectSettings.RenameAsync(Tenant, ProjectId.Default, new ProjectPatch("Mine now"), None)).Outcome);
        Assert.Equal(["other"], _projects.Of(Tenant).Select(project => project.Id.Value));
        Assert.Equal(KeyCheck.Valid, _keyring.Check(mine.Token.Reveal(), out _));
        Assert.All(await _audit.ReadAsync(Tenant, null, 100, None), entry => Assert.Equal("other", entry.Project));
    }

    [Fact]
    public async Task An_administrator_of_one_project_may_not_change_what_all_share()
    {
        await StartAsync();

        Assert.Equal(ChangeOutcome.Forbidden, (await _people.InviteAsync(Tenant, new NewInvitation(Role.Administrator, null), None)).Outcome);
        Assert.Equal(ChangeOutcome.Forbidden, (await _projectSettings.CreateAsync(Tenant, new NewProject("new", "New"), None)).Outcome);
        Assert.Null(_people.List(Tenant));
    }

    [Fact]
    public async Task A_link_works_once_and_within_its_time()
    {
        var account = await SignUpAsync();
        var first = (await _people.InviteAsync(Actor.System, new NewInvitation(Role.Viewer, null), None)).Value!;
        var late = (await _people.InviteAsync(Actor.System, new NewInvitation(Role.Viewer, null), None)).Value!;
        var form = new LinkForm(TokenOf(first.Path), "Bo", "bo", "a long password");

        Assert.Equal(SignInOutcome.SignedIn, (await _signIn.LinkAsync(form, None)).Outcome);
        Assert.Equal(SignInOutcome.LinkUsedOrExpired, (await _signIn.LinkAsync(form with { SignInName = "cy" }, None)).Outcome);
        _clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(SignInOutcome.LinkUsedOrExpired, (await _signIn.LinkAsync(form with { Token = TokenOf(late.Path), SignInName = "cy" }, None)).Outcome);
        Assert.Equal(Role.Viewer, _accounts.BySignInName("bo")!.Role);
        Assert.Equal(Role.Administrator, account.Role);
    }

    [Fact]
    public async Task Of_two_uses_of_a_link_at_once_one_gets_it()
    {
        var first = await StartAsync();
        var uses = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            Task.Run(() => _signIn.LinkAsync(new LinkForm(TokenOf(first.SignInPath!), "Ada", $"ada{i}", "a long password"), None))));

        Assert.Single(uses, use => use.Outcome == SignInOutcome.SignedIn);
        Assert.Single(_accounts.All);
    }

    [Fact]
    public async Task What_is_wrong_with_a_form_is_told_by_field_and_leaves_the_link_usable()
    {
        var first = await StartAsync();
        var token = TokenOf(first.SignInPath!);

        var result = await _signIn.LinkAsync(new LinkForm(token, "", "a b", "short"), None);

        Assert.Equal(["name", "password", "signInName"], result.Errors!.Keys.Order());
        Assert.NotNull(await _links.FindAsync(token, None));
    }

    [Fact]
    public async Task An_invitation_cannot_take_an_existing_account_over()
    {
        await SignUpAsync("ada");
        var invitation = (await _people.InviteAsync(Actor.System, new NewInvitation(Role.Viewer, null), None)).Value!;

        var result = await _signIn.LinkAsync(new LinkForm(TokenOf(invitation.Path), "Eve", "ADA", "another password"), None);

        Assert.Equal(["signInName"], result.Errors!.Keys);
    }

    [Fact]
    public async Task A_password_signs_in_and_a_wrong_name_looks_like_a_wrong_password()
    {
        await SignUpAsync();

        Assert.Equal(SignInOutcome.SignedIn, (await _signIn.PasswordAsync(" Ada ", "a long password", "::1", None)).Outcome);
        Assert.Equal(SignInOutcome.Wrong, (await _signIn.PasswordAsync("ada", "A long password", "::1", None)).Outcome);
        Assert.Equal(SignInOutcome.Wrong, (await _signIn.PasswordAsync("nobody", "a long password", "::1", None)).Outcome);
        Assert.Equal(SignInOutcome.Wrong, (await _signIn.PasswordAsync("nobody", "nobody's password", "::1", None)).Outcome);
    }

    [Fact]
    public async Task A_role_change_ends_sessions_and_counts_in_open_pages_at_once()
    {
        var ada = await SignUpAsync();
        var invitation = (await _people.InviteAsync(Actor.System, new NewInvitation(Role.Administrator, null), None)).Value!;
        var bo = (await _signIn.LinkAsync(new LinkForm(TokenOf(invitation.Path), "Bo", "bo", "a long password"), None)).Account!;
        var actors = new Actors(_accounts, _keyring, new EndedSessions(TimeProvider.System, Microsoft.Extensions.Options.Options.Create(new IdentityOptions())));
        var session = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity(
            [new(Claims.Subject, bo.Id), new(Claims.Stamp, bo.Stamp), new(Claims.Role, "Administrator"), new(Claims.Project, "*")]));
        Assert.True(actors.Of(session).IsOperator);

        await _people.PatchAsync(Actor.System, bo.Id, new AccountPatch(null, Role.Viewer, null, null), None);

        Assert.NotEqual(bo.Stamp, _accounts.Find(bo.Id)!.Stamp);
        Assert.Equal(Actor.Nobody, actors.Of(session));
        Assert.Equal(ChangeOutcome.Invalid, (await _people.PatchAsync(Actor.System, ada.Id, new AccountPatch(null, Role.Viewer, null, null), None)).Outcome);
        Assert.Equal(ChangeOutcome.Invalid, (await _people.PatchAsync(Actor.System, ada.Id, new AccountPatch(null, null, null, true), None)).Outcome);
    }

    [Fact]
    public async Task A_disabled_account_signs_in_neither_by_password_nor_by_an_old_reset_link()
    {
        await SignUpAsync();
        var invitation = (await _people.InviteAsync(Actor.System, new NewInvitation(Role.Viewer, null), None)).Value!;
        var bo = (await _signIn.LinkAsync(new LinkForm(TokenOf(invitation.Path), "Bo", "bo", "a long password"), None)).Account!;
        var reset = (await _people.ResetAsync(Actor.System, bo.Id, None)).Value!;
        await _people.PatchAsync(Actor.System, bo.Id, new AccountPatch(null, null, null, true), None);

        Assert.Equal(SignInOutcome.Wrong, (await _signIn.PasswordAsync("bo", "a long password", "::1", None)).Outcome);
        Assert.NotEqual(SignInOutcome.SignedIn, (await _signIn.LinkAsync(new LinkForm(TokenOf(reset.Path), "", "", "a new long password"), None)).Outcome);
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_trail_with_its_author_and_without_the_secret()
    {
        await StartAsync();
        var operatorKey = new Actor("key_op", "Op", Role.Administrator, null);
        var issued = (await _keys.CreateAsync(operatorKey, ProjectId.Default, new NewKey("app", Role.Editor, null, null, null), None)).Value!;
        await _keys.RevokeAsync(operatorKey, ProjectId.Default, issued.Key.Id, None);
        await _projectSettings.CreateAsync(operatorKey, new NewProject("other", "Other"), None);

        var entries = await _audit.ReadAsync(operatorKey, null, 10, None);

        Assert.Equal(["project.created", "key.revoked", "key.created"], entries.OrderByDescending(e => e.Id, StringComparer.Ordinal).Select(e => e.Action).Where(a => a != "link.used").Order().Reverse());
        Assert.All(entries, entry => Assert.Equal("key_op", entry.Actor));
        Assert.DoesNotContain(entries, entry => entry.ToString().Contains(issued.Token.Reveal()[4..20]));
    }
}
