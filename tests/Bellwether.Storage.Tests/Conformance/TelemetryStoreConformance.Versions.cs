using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <content>One row per observation: which version stays, and that nothing else remembers the others.</content>
public abstract partial class TelemetryStoreConformance
{
    [Fact]
    public async Task A_later_version_replaces_the_earlier_one_everywhere()
    {
        await using var subject = await CreateAsync();
        var first = Samples.Observation(s_noon) with { Model = "old", State = ObservationState.ProviderError, Cost = new Cost(1, 2, "v1"), User = "ann" };
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(first, Samples.Text("first words"))), Token);
        await subject.SettleAsync();
        var second = first with { Model = "new", State = ObservationState.Ok, Cost = new Cost(0, 0.5m, "v1"), User = "bob" };
        await subject.Store.AppendAsync(Samples.Sequence(2, TelemetryRecord.Of(second, Samples.Text("second words"), mayReplace: true)), Token);
        foreach (var settled in new[] { false, true })
        {
            Assert.Equal(1, await Total(subject.Store, Measure.Count, s_day));
            Assert.Equal(0, await Total(subject.Store, Measure.Errors, s_day));
            Assert.Equal(0.5, await Total(subject.Store, Measure.CostUsd, s_day));
            Assert.Equal(1, await Total(subject.Store, Measure.Users, s_day));
            Assert.Equal(0, await Total(subject.Store, Measure.Count, s_day, Filter.Eq("model", "old")));
            Assert.Equal("new", Assert.Single((await Page(subject.Store, s_day)).Items).Model);
            Assert.Empty((await Page(subject.Store, s_day, text: "first")).Items);
            Assert.Single((await Page(subject.Store, s_day, text: "SECOND")).Items);
            Assert.Equal("bob", (await subject.Store.ReadAsync(Samples.Project, first.Id, Token))!.Observation.User);
            if (!settled)
            {
                await subject.SettleAsync();
            }
        }
    }

    [Fact]
    public async Task A_later_version_may_start_on_another_day()
    {
        await using var subject = await CreateAsync();
        var first = Samples.Observation(s_noon.AddDays(-1));
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(first, Samples.Text("before"))), Token);
        await subject.Store.AppendAsync(Samples.Sequence(2, TelemetryRecord.Of(first with { StartTime = s_noon }, Samples.Text("after"), mayReplace: true)), Token);
        Assert.Equal(s_noon, Assert.Single((await Page(subject.Store, s_month)).Items).StartTime);
        Assert.Empty((await Page(subject.Store, s_month, text: "before")).Items);
        Assert.Equal("after\nso be it.", (await subject.Store.ReadAsync(Samples.Project, first.Id, Token))!.Payload.SearchText, ignoreCase: true);
    }

    [Fact]
    public async Task Of_two_versions_in_one_batch_the_later_is_kept()
    {
        await using var subject = await CreateAsync();
        var first = Samples.Observation(s_noon) with { Model = "a" };
        await subject.Store.AppendAsync(Samples.Sequence(1,
            TelemetryRecord.Of(first, ObservationPayload.Empty), TelemetryRecord.Of(first with { Model = "b" }, ObservationPayload.Empty, mayReplace: true)), Token);
        Assert.Equal("b", Assert.Single((await Page(subject.Store, s_day)).Items).Model);
    }

    [Fact]
    public async Task An_id_that_is_not_time_ordered_is_found_and_replaced()
    {
        await using var subject = await CreateAsync();
        var id = new Guid("0badc0de-0000-4000-8000-00000000cafe");
        var observation = Samples.Observation(s_noon.AddDays(-3)) with { Id = id, Model = "a" };
        await subject.Store.AppendAsync([.. Samples.Spread(3, 200, s_noon.AddDays(-4), TimeSpan.FromDays(4)), new SequencedRecord(201, TelemetryRecord.Of(observation, Samples.Text("odd")))], Token);
        Assert.Equal("a", (await subject.Store.ReadAsync(Samples.Project, id, Token))!.Observation.Model);
        await subject.Store.AppendAsync(Samples.Sequence(202, TelemetryRecord.Of(observation with { Model = "b" }, Samples.Text("odd"), mayReplace: true)), Token);
        Assert.Equal("b", (await subject.Store.ReadAsync(Samples.Project, id, Token))!.Observation.Model);
        Assert.Equal(201, await Total(subject.Store, Measure.Count, s_month));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(-60)]
    [InlineData(180)]
    [InlineData(-1_440)]
    [InlineData(2_880)]
    public async Task A_version_in_another_batch_hour_or_day_leaves_no_trace_of_the_former(int minutes)
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var others = Samples.Spread(31, 300, s_noon.AddDays(-2), TimeSpan.FromDays(4));
        var first = Samples.Random(new Random(32), s_noon.AddDays(-1)) with { User = "ann", Model = "first-model", State = ObservationState.ProviderError, Cost = new Cost(1, 2, "v1") };
        var second = first with { StartTime = first.StartTime.AddMinutes(minutes), User = "bob", Model = "second-model", State = ObservationState.Ok, Cost = new Cost(0, 0.25m, "v2"), Timings = new Timings { TotalMs = 7 } };
        ImmutableArray<SequencedRecord>[] batches =
        [
            [.. others[..150], new SequencedRecord(151, TelemetryRecord.Of(first, Samples.Text("first words")))],
            [.. others[150..].Select(record => record with { Sequence = record.Sequence + 1 })],
            Samples.Sequence(302, TelemetryRecord.Of(second, Samples.Text("second words"), mayReplace: true)),
        ];
        foreach (var batch in batches)
        {
            await subject.Store.AppendAsync(batch, Token);
            await subject.SettleAsync();
            reference.Append(batch);
        }
        await AssertAgreesAsync(subject, reference, $"moved by {minutes} minutes");
        Assert.Equal(0, await Total(subject.Store, Measure.Count, s_month, Filter.Eq("model", "first-model")));
        Assert.Empty((await Page(subject.Store, s_month, text: "first words")).Items);
        Assert.Equal(second.Id, Assert.Single((await Page(subject.Store, s_month, text: "second words")).Items).Id);
        Assert.Equal("bob", (await subject.Store.ReadAsync(Samples.Project, first.Id, Token))!.Observation.User);
    }

    [Fact]
    public async Task A_run_counts_while_it_is_running_and_has_a_latency_once_it_is_finished()
    {
        await using var subject = await CreateAsync();
        var running = Samples.Observation(s_noon.AddHours(-3)) with { State = ObservationState.Running, Timings = new Timings { TotalMs = 99_999 } };
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(running, Samples.Text("started"), mayReplace: true)), Token);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal((1, null, null), (await Total(subject.Store, Measure.Count, s_day), await Total(subject.Store, Measure.LatencyMean, s_day), await Total(subject.Store, Measure.LatencyP95, s_day)));
            Assert.Equal(1, await Total(subject.Store, Measure.Count, s_day, Filter.Eq("state", "running")));
            await subject.SettleAsync();
        }
        var finished = running with { State = ObservationState.Timeout, Timings = new Timings { TotalMs = 2_000 }, Usage = new Usage { InputTokens = 10, OutputTokens = 2 } };
        await subject.Store.AppendAsync(Samples.Sequence(2, TelemetryRecord.Of(finished, Samples.Text("done"), mayReplace: true)), Token);
        var priced = finished with { Usage = new Usage { InputTokens = 20, OutputTokens = 4 }, Cost = new Cost(0.5m, 0.25m, "v1") };
        await subject.SettleAsync();
        await subject.Store.AppendAsync(Samples.Sequence(3, TelemetryRecord.Of(priced, Samples.Text("done"), mayReplace: true)), Token);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal((1, 1, 0), (await Total(subject.Store, Measure.Count, s_day), await Total(subject.Store, Measure.Errors, s_day), await Total(subject.Store, Measure.Count, s_day, Filter.Eq("state", "running"))));
            Assert.Equal((2_000, 20, 0.75), (await Total(subject.Store, Measure.LatencyMean, s_day), await Total(subject.Store, Measure.InputTokens, s_day), await Total(subject.Store, Measure.CostUsd, s_day)));
            await subject.SettleAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_that_is_still_running_never_replaces_a_finished_one(bool inOneBatch)
    {
        await using var subject = await CreateAsync();
        var finished = Samples.Observation(s_noon.AddHours(-3)) with { Model = "done" };
        // The post of a run that overtook its patch, once with the same start and once with one of the day before.
        TelemetryRecord[] records =
        [
            TelemetryRecord.Of(finished, Samples.Text("finished words"), mayReplace: true),
            TelemetryRecord.Of(finished with { State = ObservationState.Running, Model = "late" }, Samples.Text("running words"), mayReplace: true),
            TelemetryRecord.Of(finished with { State = ObservationState.Running, Model = "late", StartTime = s_noon.AddDays(-1) }, Samples.Text("running words"), mayReplace: true),
        ];
        if (inOneBatch)
        {
            await subject.Store.AppendAsync(Samples.Sequence(1, records), Token);
        }
        else
        {
            for (var i = 0; i < records.Length; i++)
            {
                await subject.Store.AppendAsync(Samples.Sequence(i + 1, records[i]), Token);
            }
        }
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal("done", Assert.Single((await Page(subject.Store, s_month)).Items).Model);
            Assert.Equal(1, await Total(subject.Store, Measure.Count, s_month));
            Assert.Empty((await Page(subject.Store, s_month, text: "running words")).Items);
            Assert.Equal("finished words\nso be it.", (await subject.Store.ReadAsync(Samples.Project, finished.Id, Token))!.Payload.SearchText);
            await subject.SettleAsync();
        }
        Assert.Equal(3, await subject.ReopenAsync());
        await subject.Store.AppendAsync(Samples.Sequence(4, TelemetryRecord.Of(finished with { Model = "corrected" }, Samples.Text("finished words"), mayReplace: true)), Token);
        Assert.Equal("corrected", Assert.Single((await Page(subject.Store, s_month)).Items).Model);
    }

    [Fact]
    public async Task Rows_that_come_hours_and_days_late_are_in_every_number()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var onTime = Samples.Spread(33, 400, s_noon.AddDays(-3), TimeSpan.FromDays(3));
        await subject.Store.AppendAsync(onTime, Token);
        reference.Append(onTime);
        await subject.SettleAsync();
        var sequence = 401L;
        foreach (var hoursAgo in new[] { 1, 5, 30, 71, 90 })
        {
            var late = Samples.Spread(hoursAgo, 25, s_noon.AddHours(-hoursAgo), TimeSpan.FromMinutes(90), sequence);
            sequence += late.Length;
            await subject.Store.AppendAsync(late, Token);
            reference.Append(late);
            await AssertAgreesAsync(subject, reference, $"{hoursAgo} hours late");
        }
    }

    [Fact]
    public async Task The_same_id_in_two_projects_is_two_observations()
    {
        await using var subject = await CreateAsync();
        var mine = Samples.Observation(s_noon) with { Model = "mine" };
        var theirs = mine with { Project = new ProjectId("other"), Model = "theirs" };
        Annotation Vote(ProjectId project, double number) => new()
        {
            Id = mine.Id, Project = project, Time = s_noon, ObservationId = mine.Id, Name = "vote", Source = "user", Number = number,
        };
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(mine, Samples.Text("my words"), mayReplace: true), TelemetryRecord.Of(Vote(mine.Project, 1))), Token);
        // Whoever learns an id of another project must not be able to overwrite or erase what it names there.
        await subject.Store.AppendAsync(Samples.Sequence(3, TelemetryRecord.Of(theirs, Samples.Text("their words"), mayReplace: true), TelemetryRecord.Of(Vote(theirs.Project, 2))), Token);
        await subject.Store.AppendAsync(Samples.Sequence(5, TelemetryRecord.Of(theirs with { StartTime = s_noon.AddDays(1), Model = "moved" }, Samples.Text("their words"), mayReplace: true)), Token);
        for (var round = 0; round < 2; round++)
        {
            var detail = await subject.Store.ReadAsync(mine.Project, mine.Id, Token);
            Assert.Equal(("mine", "my words\nso be it.", 1), (detail!.Observation.Model, detail.Payload.SearchText, Assert.Single(detail.Annotations).Number));
            Assert.Equal("mine", Assert.Single((await Page(subject.Store, s_month)).Items).Model);
            await subject.SettleAsync();
            await subject.Store.EraseAsync(new EraseRequest(theirs.Project, s_month, [Filter.Eq("id", theirs.Id.ToString())]), Token);
        }
        Assert.Null(await subject.Store.ReadAsync(theirs.Project, theirs.Id, Token));
        Assert.Equal(1, await Total(subject.Store, Measure.Count, s_month));
    }
}
