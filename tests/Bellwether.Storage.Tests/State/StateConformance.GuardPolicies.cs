using Bellwether.Guardrails;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Storage.Tests;

public abstract partial class StateConformance
{
    [Fact]
    public async Task A_guard_policy_is_there_for_another_process_and_gone_for_it_when_it_was_removed()
    {
        await Migrator().RunAsync(None);
        var (store, book) = Guards();
        var made = (await store.CreateAsync(Actor.System, ProjectId.Default, Body("first"), None)).Value!;
        var second = (await store.CreateAsync(Actor.System, ProjectId.Default, Body("second"), None)).Value!;
        Assert.Equal([made.Id, second.Id], book.Of(ProjectId.Default).Select(policy => policy.Id));
        Assert.Equal(ChangeOutcome.Done, (await store.ReplaceAsync(Actor.System, ProjectId.Default, made.Id, Body("renamed") with { Order = 99 }, None)).Outcome);

        var (again, other) = Guards();
        await again.LoadAsync(None);
        Assert.Equal(["second", "renamed"], other.Of(ProjectId.Default).Select(policy => policy.Name));
        Assert.Equal(GuardMode.Block, other.Of(ProjectId.Default)[1].Injection.Mode);
        Assert.Empty(other.Of(new ProjectId("elsewhere")));
        Assert.False(await again.RemoveAsync(Actor.System, new ProjectId("elsewhere"), made.Id, None));
        Assert.False(await again.RemoveAsync(Actor.Nobody, ProjectId.Default, made.Id, None));
        Assert.True(await again.RemoveAsync(Actor.System, ProjectId.Default, made.Id, None));
        Assert.Equal(["second"], other.Of(ProjectId.Default).Select(policy => policy.Name));
    }

    private static GuardPolicyBody Body(string name) => new(name, null, null, null, new GuardRuleBody("block", null, null), null, null, null, null, null, null);

    private (GuardPolicyStore Store, GuardPolicies Book) Guards()
    {
        var book = new GuardPolicies();
        return (new GuardPolicyStore(State, book, new AuditTrail(State, _clock), _clock), book);
    }
}
