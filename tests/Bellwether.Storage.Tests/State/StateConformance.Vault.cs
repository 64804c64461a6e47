using System.Text;
using Bellwether.Detection;
using Bellwether.Guardrails;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bellwether.Storage.Tests;

/// <summary>The vault of tokens.</summary>
public abstract partial class StateConformance
{
    private static readonly string s_newKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static readonly string s_oldKey = "BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private async Task<(VaultStore Store, AuditTrail Audit)> VaultAsync(string key = "", string previous = "")
    {
        await Migrator().RunAsync(None);
        var keys = new MasterKeys(
            Options.Create(new MasterKeyOptions { MasterKey = key.Length > 0 ? key : s_newKey, PreviousMasterKey = previous }), new DataFolder(Path.GetTempPath()), NullLogger<MasterKeys>.Instance);
        var audit = new AuditTrail(State, _clock);
        return (new VaultStore(State, new VaultBox(keys), audit, _clock), audit);
    }

    private VaultEntry Entry(string token, string value) => new(ProjectId.Default, token, PersonalDataType.Email, value, _clock.GetUtcNow());

    [Fact]
    public async Task A_token_is_revealed_to_administrators_of_its_project_and_each_time_is_in_the_audit_trail()
    {
        var (vault, audit) = await VaultAsync();
        await vault.WriteAsync([Entry("EMAIL_BCDFGHJKLM", "jane \"j\" \u2603@example.com"), Entry("EMAIL_BBBBBBBBBB", "bob@example.com")], TimeSpan.FromDays(1), None);
        await vault.WriteAsync([Entry("EMAIL_BCDFGHJKLM", "jane \"j\" \u2603@example.com")], TimeSpan.FromDays(2), None);

        var revealed = await vault.RevealAsync(Actor.System, ProjectId.Default, "EMAIL_BCDFGHJKLM", None);
        Assert.Equal(("[EMAIL_BCDFGHJKLM]", "EMAIL", "jane \"j\" \u2603@example.com"), (revealed!.Token, revealed.Type, revealed.Value));
        Assert.Equal(_clock.GetUtcNow().AddDays(2), revealed.ExpiresAt);
        Assert.Null(await vault.RevealAsync(Actor.System, new ProjectId("other"), "EMAIL_BCDFGHJKLM", None));
        Assert.Null(await vault.RevealAsync(Actor.System, ProjectId.Default, "EMAIL_CCCCCCCCCC", None));
        Assert.Null(await vault.RevealAsync(new Actor("user_1", "Ed", Role.Editor, null), ProjectId.Default, "EMAIL_BCDFGHJKLM", None));
        Assert.Null(await vault.RevealAsync(new Actor("user_2", "Ann", Role.Administrator, ["other"]), ProjectId.Default, "EMAIL_BCDFGHJKLM", None));

        var entry = Assert.Single(await audit.ReadAsync(Actor.System, null, 10, None));
        Assert.Equal(("vault.token_revealed", "EMAIL_BCDFGHJKLM", "default", "start"), (entry.Action, entry.Target, entry.Project, entry.Actor));
    }

    [Fact]
    public async Task The_vault_holds_no_value_in_clear_and_forgets_what_expired()
    {
        var (vault, _) = await VaultAsync();
        await vault.WriteAsync([Entry("EMAIL_BCDFGHJKLM", "jane@example.com")], TimeSpan.FromDays(1), None);
        var stored = await State.QueryAsync("SELECT value FROM vault_token", row => Encoding.Latin1.GetString(row.Bytes(0)), None);
        Assert.DoesNotContain("jane", Assert.Single(stored));

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await vault.RevealAsync(Actor.System, ProjectId.Default, "EMAIL_BCDFGHJKLM", None));
        Assert.Equal(1, await vault.RemoveExpiredAsync(None));
    }

    [Fact]
    public async Task A_value_moved_to_another_token_does_not_open()
    {
        var (vault, _) = await VaultAsync();
        await vault.WriteAsync([Entry("EMAIL_BCDFGHJKLM", "jane@example.com")], TimeSpan.FromDays(1), None);
        await State.ExecuteAsync("UPDATE vault_token SET token = 'EMAIL_BBBBBBBBBB'", None);
        Assert.Null(await vault.RevealAsync(Actor.System, ProjectId.Default, "EMAIL_BBBBBBBBBB", None));
    }

    [Fact]
    public async Task A_new_master_key_seals_the_vault_again_and_the_old_one_is_needed_no_more()
    {
        var (before, _) = await VaultAsync(s_oldKey);
        await before.WriteAsync([.. Enumerable.Range(0, 1_200).Select(i => Entry($"EMAIL_{i}", $"jane{i}@example.com"))], TimeSpan.FromDays(1), None);
        var (without, _) = await VaultAsync(s_newKey);
        Assert.False(await without.RewrapAsync(None));
        var (both, _) = await VaultAsync(s_newKey, s_oldKey);
        Assert.True(await both.RewrapAsync(None));
        Assert.True(await without.RewrapAsync(None));
        Assert.Equal("jane1199@example.com", (await without.RevealAsync(Actor.System, ProjectId.Default, "EMAIL_1199", None))!.Value);
    }
}
