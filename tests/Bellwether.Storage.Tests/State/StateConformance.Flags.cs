using System.Text.Json;
using Bellwether.Flags;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Storage.Tests;

public abstract partial class StateConformance
{
    [Fact]
    public async Task A_flag_is_there_for_another_process_with_all_that_it_says_and_gone_for_it_when_it_was_removed()
    {
        await Migrator().RunAsync(None);
        using var store = FlagStoreOf(out var book);
        var made = (await store.SaveAsync(Actor.System, ProjectId.Default, "team/a", FlagOf(2_500), None)).Value!;
        Assert.True(made.IsNew);
        Assert.False((await store.SaveAsync(Actor.System, ProjectId.Default, "team/a", FlagOf(5_000), None)).Value!.IsNew);
        var before = book.Of(ProjectId.Default);

        using var other = FlagStoreOf(out var otherBook);
        await other.LoadAsync(None);
        var read = otherBook.Of(ProjectId.Default).Find("team/a")!;
        Assert.Equal((2, made.Flag.Salt, 5_000, "😀 ü"), (read.Version, read.Salt, read.Split!.Arms[0].Weight, read.Rules[0].When[0].Operands[0].GetString()));
        Assert.Equal(before.Tag, otherBook.Of(ProjectId.Default).Tag);
        Assert.Empty(otherBook.Of(new ProjectId("elsewhere")).All);

        Assert.Equal(ChangeOutcome.NotFound, (await other.RemoveAsync(Actor.System, new ProjectId("elsewhere"), "team/a", None)).Outcome);
        Assert.Equal(ChangeOutcome.Forbidden, (await other.RemoveAsync(Actor.Nobody, ProjectId.Default, "team/a", None)).Outcome);
        var changed = otherBook.Changed;
        Assert.Equal(ChangeOutcome.Done, (await other.RemoveAsync(Actor.System, ProjectId.Default, "team/a", None)).Outcome);
        Assert.True(changed.IsCompletedSuccessfully);
        Assert.Null(otherBook.Of(ProjectId.Default).Find("team/a"));
        Assert.NotEqual(before.Tag, otherBook.Of(ProjectId.Default).Tag);
    }

    [Fact]
    public async Task Of_two_that_change_the_same_version_of_a_flag_or_make_the_same_flag_one_is_told()
    {
        await Migrator().RunAsync(None);
        using var one = FlagStoreOf(out _);
        using var other = FlagStoreOf(out _);
        Assert.Equal(ChangeOutcome.Done, (await one.CreateAsync(Actor.System, ProjectId.Default, FlagOf(1) with { Key = "a" }, None)).Outcome);
        Assert.Equal(ChangeOutcome.Conflict, (await other.CreateAsync(Actor.System, ProjectId.Default, FlagOf(1) with { Key = "a" }, None)).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await one.SaveAsync(Actor.System, ProjectId.Default, "a", FlagOf(2), None)).Outcome);
        // It still has the first version in mind, is told, and has the second one then.
        Assert.Equal(ChangeOutcome.Conflict, (await other.SaveAsync(Actor.System, ProjectId.Default, "a", FlagOf(3), None)).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await other.SaveAsync(Actor.System, ProjectId.Default, "a", FlagOf(3), None)).Outcome);
    }

    [Fact]
    public async Task What_becomes_of_a_flag_is_audited_without_the_people_that_its_rules_name()
    {
        await Migrator().RunAsync(None);
        using var store = FlagStoreOf(out _);
        await store.SaveAsync(Actor.System, ProjectId.Default, "a", FlagOf(2_500), None);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await store.SaveAsync(Actor.System, ProjectId.Default, "a", FlagOf(5_000) with { Enabled = false }, None);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await store.RemoveAsync(Actor.System, ProjectId.Default, "a", None);
        var entries = await new AuditTrail(State, _clock).ReadAsync(Actor.System, null, 10, None);
        Assert.Equal(["flag.removed", "flag.changed", "flag.created"], entries.Where(entry => entry.Target == "a").Select(entry => entry.Action));
        var changed = entries.Single(entry => entry.Action == "flag.changed").Detail;
        Assert.StartsWith("version 2: ", changed, StringComparison.Ordinal);
        Assert.Contains("enabled false", changed, StringComparison.Ordinal);
        Assert.Contains("\"weight\":5000", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("rules", changed, StringComparison.Ordinal);
        Assert.All(entries, entry => Assert.DoesNotContain("😀", entry.Detail, StringComparison.Ordinal));
    }

    private static FlagBody FlagOf(int weight) => new()
    {
        Type = "boolean",
        Rules = [new FlagRuleBody { When = [new FlagConditionBody("name", "in", JsonDocument.Parse("""["😀 ü"]""").RootElement)], Variant = "on" }],
        Split = [new FlagArmBody("on", weight), new FlagArmBody("off", 10_000 - weight)],
    };

    private FlagStore FlagStoreOf(out FlagBook book)
    {
        book = new FlagBook();
        return new FlagStore(State, book, new AuditTrail(State, _clock), _clock);
    }
}
