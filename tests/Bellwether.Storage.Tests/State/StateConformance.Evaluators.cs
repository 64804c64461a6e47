using Bellwether.Evaluators;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.References;
using Bellwether.State;
using Bellwether.Telemetry;
using QuestionSets = Bellwether.References.ReferenceStore;

namespace Bellwether.Storage.Tests;

public abstract partial class StateConformance
{
    private static readonly DateOnly s_day = new(2026, 11, 23);

    [Fact]
    public async Task A_budget_of_a_day_holds_exactly_however_many_processes_spend_it()
    {
        await Migrator().RunAsync(None);
        await using var second = OpenAgain();
        SpendLedger[] ledgers = [new(State), new(second)];
        var amount = SpendAmount.OfUsd(0.000123456789m);
        // Forty ask at once for what thirteen can have.
        var taken = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => ledgers[i % 2].ReserveAsync("judge", s_day, amount, 13 * 0.000123456789m, 0, None)));
        Assert.Equal(13, taken.Count(fits => fits));
        Assert.Equal(new Spend(13 * 0.000123456789m, 0), await ledgers[0].ReadAsync("judge", s_day, None));
        // One cost less: there is room for what is left and for no more.
        await ledgers[1].SettleAsync("judge", s_day, amount, SpendAmount.OfUsd(0.000023456789m), None);
        Assert.False(await ledgers[0].ReserveAsync("judge", s_day, SpendAmount.OfUsd(0.000100000001m), 13 * 0.000123456789m, 0, None));
        Assert.True(await ledgers[0].ReserveAsync("judge", s_day, SpendAmount.OfUsd(0.0001m), 13 * 0.000123456789m, 0, None));
        // Another day and another spender have their own; tokens are a budget beside money.
        Assert.True(await ledgers[0].ReserveAsync("judge", s_day.AddDays(1), amount, 1, 0, None));
        Assert.True(await ledgers[0].ReserveAsync("other", s_day, SpendAmount.OfTokens(900), 0, 1_000, None));
        Assert.False(await ledgers[1].ReserveAsync("other", s_day, SpendAmount.OfTokens(101), 0, 1_000, None));
        Assert.Equal(new Spend(0, 900), await ledgers[1].ReadAsync("other", s_day, None));
        Assert.Equal(default, await ledgers[1].ReadAsync("nobody", s_day, None));
    }

    [Fact]
    public async Task An_evaluator_is_there_for_another_process_with_everything_that_it_is()
    {
        await Migrator().RunAsync(None);
        var store = Evaluators();
        var draft = new EvaluatorDraft { Name = "helpful", Kind = EvaluatorKind.Judge, Rubric = "custom", Instructions = "Is it?", Model = "m", Share = 0.25, Filter = "endpoint:x", MaxUsdPerDay = 0.123456789012m };
        var made = (await store.CreateAsync(Actor.System, ProjectId.Default, draft, None)).Value!;
        Assert.Equal(ChangeOutcome.Conflict, (await store.CreateAsync(Actor.System, ProjectId.Default, draft, None)).Outcome);
        Assert.NotNull((await store.CreateAsync(Actor.System, new ProjectId("elsewhere"), draft, None)).Value);
        var code = (await store.CreateAsync(Actor.System, ProjectId.Default, new EvaluatorDraft { Name = "code", Kind = EvaluatorKind.Code, Checks = [new("max_length", "5")] }, None)).Value!;

        var other = Evaluators();
        await other.LoadAsync(None);
        Assert.Equal(["code", "helpful"], other.Of(ProjectId.Default).Select(evaluator => evaluator.Name));
        Assert.Equal(made with { Checks = [] }, other.Find(ProjectId.Default, made.Id)! with { Checks = [] });
        Assert.Equal(code.Checks, other.Find(ProjectId.Default, code.Id)!.Checks);
        Assert.Equal(ChangeOutcome.Forbidden, (await other.DeleteAsync(Actor.Nobody, ProjectId.Default, made.Id, None)).Outcome);
        Assert.Equal(ChangeOutcome.NotFound, (await other.DeleteAsync(Actor.System, new ProjectId("elsewhere"), made.Id, None)).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await other.DeleteAsync(Actor.System, ProjectId.Default, made.Id, None)).Outcome);
        Assert.Equal(["code"], other.Of(ProjectId.Default).Select(evaluator => evaluator.Name));
    }

    [Fact]
    public async Task A_question_set_is_asked_by_one_process_when_it_is_due_and_its_results_are_kept()
    {
        await Migrator().RunAsync(None);
        await using var second = OpenAgain();
        var (one, two) = (References(State), References(second));
        var draft = new ReferenceSetDraft { Name = "ferries", Model = "m", EveryMinutes = 60, Questions = [new("When?", "At nine."), new("How long?", "Two hours.")] };
        var set = (await one.CreateAsync(Actor.System, ProjectId.Default, draft, None)).Value!;
        var seldom = (await one.CreateAsync(Actor.System, ProjectId.Default, draft with { Name = "seldom", EveryMinutes = 0 }, None)).Value!;
        // At once, and then not before its time; the other only when told to.
        Assert.Equal([set.Id], (await Task.WhenAll(one.TakeDueAsync(None), two.TakeDueAsync(None))).SelectMany(taken => taken).Select(taken => taken.Id));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Empty(await two.TakeDueAsync(None));
        Assert.Equal(ChangeOutcome.Done, (await two.RunAsync(Actor.System, ProjectId.Default, seldom.Id, None)).Outcome);
        Assert.Equal([seldom.Id], (await one.TakeDueAsync(None)).Select(taken => taken.Id));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([set.Id], (await two.TakeDueAsync(None)).Select(taken => taken.Id));

        var now = _clock.GetUtcNow();
        ReferenceResult[] results = [new(set.Questions[0].Id, now, 0.1234, false, Guid.CreateVersion7(now), ""), new(set.Questions[1].Id, now.AddSeconds(1), null, false, null, "No answer."), new(set.Questions[1].Id, now.AddSeconds(2), 1, true, Guid.CreateVersion7(now), "")];
        foreach (var result in results) { await one.AddAsync(set.Id, result, None); }
        // Of a set that is gone meanwhile nothing is kept.
        await one.AddAsync(Guid.CreateVersion7(now), results[0], None);
        Assert.Equal(results, await two.ResultsAsync(set.Id, new TimeRange(now.AddHours(-1), now.AddHours(1)), None));
        Assert.Empty(await two.ResultsAsync(set.Id, new TimeRange(now.AddHours(1), now.AddHours(2)), None));
        _clock.Advance(TimeSpan.FromDays(181));
        await two.ForgetOldAsync(None);
        Assert.Empty(await two.ResultsAsync(set.Id, new TimeRange(now.AddHours(-1), now.AddHours(1)), None));
        Assert.Equal(ChangeOutcome.Done, (await two.DeleteAsync(Actor.System, ProjectId.Default, set.Id, None)).Outcome);
        Assert.Equal(["seldom"], (await one.ListAsync(ProjectId.Default, None)).Select(left => left.Name));
    }

    private EvaluatorStore Evaluators() => new(State, new AuditTrail(State, _clock), new NoProviders(), CaptureFilters.None, _clock);

    private QuestionSets References(System.Data.Common.DbDataSource state) => new(state, new AuditTrail(state, _clock), new NoProviders(), _clock);

    private sealed class NoProviders : IProviderDirectory
    {
        public ProviderSnapshot Current { get; } = new([], new Dictionary<string, string>());
    }
}
