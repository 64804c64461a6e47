using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <content>Pricing history again.</content>
public abstract partial class TelemetryStoreConformance
{
    private static readonly RepriceRequest s_reprice = new(Samples.Project, s_month, []);

    // By what the price depends on, exact at twelve places.
    private static Cost? Dearer(PricedCall call) =>
        call.Model == "gpt-4o" ? null : new Cost((call.Usage.InputTokens ?? 0) * 0.000003m, (call.Usage.OutputTokens ?? 0) * 0.000000000001m, $"dear@{call.StartTime:yyyyMMdd}");

    [Fact]
    public async Task A_window_is_priced_again_and_rows_and_rollups_say_so()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var records = Samples.Spread(41, 1_200, s_noon.AddDays(-3), TimeSpan.FromDays(3));
        await subject.Store.AppendAsync(records, Token);
        reference.Append(records);
        await subject.SettleAsync();
        var request = s_reprice with { Window = new TimeRange(s_noon.AddDays(-2).AddMinutes(7), s_noon.AddDays(-1)), Where = [new Filter("endpoint", FilterOp.In, ["chat", "search"])] };

        var forecast = await subject.Store.RepriceAsync(request with { DryRun = true }, Dearer, Token);
        await AssertAgreesAsync(subject, reference, "after a dry run");
        var result = await subject.Store.RepriceAsync(request, Dearer, Token);

        Assert.Equal(reference.Reprice(request, Dearer), result);
        Assert.Equal(forecast, result);
        Assert.True(result is { Changed: > 100, NewlyPriced: > 10, NoLongerPriced: > 10 }, $"{result}");
        await subject.ReopenAsync();
        await AssertAgreesAsync(subject, reference, "priced again");
        Assert.Equal(result with { Changed = 0, BeforeUsd = 0, AfterUsd = 0, NewlyPriced = 0, NoLongerPriced = 0 }, await subject.Store.RepriceAsync(request, Dearer, Token));
    }

    [Fact]
    public async Task The_stored_call_says_its_new_price_version()
    {
        await using var subject = await CreateAsync();
        var call = Samples.Observation(s_noon) with { Model = "m", Usage = new Usage { InputTokens = 1_000, OutputTokens = 3 }, Cost = new Cost(1, 2, "old") };
        var silent = Samples.Observation(s_noon) with { Model = "m", Cost = new Cost(1, 2, "old") };
        var other = call with { Project = new ProjectId("other") };
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(call, Samples.Text("x")), TelemetryRecord.Of(silent, Samples.Text("x")), TelemetryRecord.Of(other, Samples.Text("x"))), Token);
        Assert.Equal(new RepriceResult(1, 1, 3, 0.003000000003m, 0, 0), await subject.Store.RepriceAsync(s_reprice, Dearer, Token));
        AssertSame(call with { Cost = new Cost(0.003m, 0.000000000003m, "dear@20261120") }, (await subject.Store.ReadAsync(Samples.Project, call.Id, Token))!.Observation);
        Assert.Equal(silent.Cost, (await subject.Store.ReadAsync(Samples.Project, silent.Id, Token))!.Observation.Cost);
        Assert.Equal(call.Cost, (await subject.Store.ReadAsync(other.Project, call.Id, Token))!.Observation.Cost);
    }

    [Fact]
    public async Task Many_calls_at_one_instant_and_in_one_day_are_each_priced_once()
    {
        await using var subject = await CreateAsync();
        var call = Samples.Observation(s_noon) with { Usage = new Usage { InputTokens = 1 } };
        // More than a step takes, half of them at the same tick.
        var records = Enumerable.Range(0, 45_000).Select(i => TelemetryRecord.Of(call with { Id = Guid.CreateVersion7(s_noon), StartTime = s_noon.AddTicks(Math.Max(0, i - 22_500)) }, ObservationPayload.Empty));
        await subject.Store.AppendAsync(Samples.Sequence(1, records), Token);
        var result = await subject.Store.RepriceAsync(s_reprice, _ => new Cost(0.001m, 0, "v"), Token);
        Assert.Equal(new RepriceResult(45_000, 45_000, 0, 45, 45_000, 0), result);
        Assert.Equal(45, await Total(subject.Store, Measure.CostUsd, s_month));
    }

    [Fact]
    public async Task What_a_failure_or_a_cancellation_left_undone_is_done_by_asking_again()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var records = Samples.Spread(42, 900, s_noon.AddDays(-3), TimeSpan.FromDays(3));
        await subject.Store.AppendAsync(records, Token);
        reference.Append(records);
        await subject.SettleAsync();
        using var stop = new CancellationTokenSource();
        var priced = 0;
        Cost? Failing(PricedCall call) => ++priced == 500 ? throw new InvalidOperationException("no more") : Dearer(call);
        Cost? Stopping(PricedCall call)
        {
            if (++priced == 700)
            {
                stop.Cancel();
            }
            return Dearer(call);
        }
        await Assert.ThrowsAsync<InvalidOperationException>(() => subject.Store.RepriceAsync(s_reprice, Failing, Token).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subject.Store.RepriceAsync(s_reprice, Stopping, stop.Token).AsTask());
        var partly = (await All(subject.Store, s_month, 1_000)).Count(call => call.Cost?.PriceVersion.StartsWith("dear", StringComparison.Ordinal) == true);
        Assert.InRange(partly, 1, 800);

        await subject.Store.RepriceAsync(s_reprice, Dearer, Token);

        reference.Reprice(s_reprice, Dearer);
        await AssertAgreesAsync(subject, reference, "after a failure and a cancellation");
    }

    [Fact]
    public async Task Writing_and_erasing_go_on_while_history_is_priced_again()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var records = Samples.Spread(43, 1_200, s_noon.AddDays(-4), TimeSpan.FromDays(4));
        await subject.Store.AppendAsync(records, Token);
        reference.Append(records);
        await subject.SettleAsync();

        var pricing = subject.Store.RepriceAsync(s_reprice, Dearer, Token).AsTask();
        for (var i = 0; i < 12; i++)
        {
            // As the enricher would: with the price that is in force now.
            var late = Samples.Spread(100 + i, 10, s_noon.AddHours(-7 * i), TimeSpan.FromHours(1), 1_201 + (10 * i))
                .Select(record => record with { Record = record.Record.With(record.Record.Observation! with { Cost = record.Record.Observation!.Usage.IsKnown ? Dearer(PricedCall.Of(record.Record.Observation!)) : null }, record.Record.Payload) })
                .ToImmutableArray();
            await subject.Store.AppendAsync(late, Token);
            reference.Append(late);
            ImmutableArray<Filter> user = [Filter.Eq("user", $"user-{i}")];
            Assert.Equal(reference.Erase(Samples.Project, s_month, user), await subject.Store.EraseAsync(new EraseRequest(Samples.Project, s_month, user), Token));
        }
        await pricing;

        reference.Reprice(s_reprice, Dearer);
        await AssertAgreesAsync(subject, reference, "written, erased and priced again at once");
    }

    [Fact]
    public async Task A_request_that_makes_no_sense_is_refused_before_anything_is_priced()
    {
        await using var subject = await CreateAsync();
        async Task Refused(string field, RepriceRequest wrong) =>
            Assert.Equal(field, (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.RepriceAsync(wrong, Dearer, Token).AsTask())).Field);
        await Refused("to", s_reprice with { Window = new TimeRange(s_noon, s_noon) });
        await Refused("colour", s_reprice with { Where = [Filter.Eq("colour", "red")] });
    }
}
