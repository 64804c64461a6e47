using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <content>What is appended is there, once, whatever it holds.</content>
public abstract partial class TelemetryStoreConformance
{
    [Fact]
    public async Task An_empty_store_is_complete_up_to_zero_and_answers_with_no_data()
    {
        await using var subject = await CreateAsync();
        Assert.Equal(0, await subject.ReopenAsync());
        var result = await subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_day,
            [Measure.Count, Measure.Users, Measure.ErrorRate, Measure.LatencyP50, Measure.CostUsd, Measure.InputTokens, Measure.LastSeen]), Token);
        Assert.Equal([0, 0, null, null, null, null, null], result.Rows.Single().Values);
        Assert.Empty((await subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_day, [Measure.Count]) { Step = TimeSpan.FromHours(1) }, Token)).Rows);
        Assert.Empty((await Page(subject.Store, s_day)).Items);
        Assert.Null(await subject.Store.ReadAsync(Samples.Project, Guid.CreateVersion7(s_noon), Token));
    }

    [Fact]
    public async Task An_observation_comes_back_as_it_was_stored()
    {
        await using var subject = await CreateAsync();
        var observation = Full(s_noon.AddTicks(1_234_567));
        var payload = new ObservationPayload
        {
            Input = new byte[] { 0, 1, 2, 0xff, 0xfe }, Output = "{\"text\":\"ж\"}"u8.ToArray(),
            OutputAssembled = true, OutputTruncated = true, Headers = "> a: b\n< c: d", SearchText = "hello there",
        };
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(observation, payload)), Token);
        await subject.ReopenAsync();

        var detail = await subject.Store.ReadAsync(Samples.Project, observation.Id, Token);

        Assert.NotNull(detail);
        AssertSame(observation, detail.Observation);
        Assert.Equal(payload.Input.ToArray(), detail.Payload.Input.ToArray());
        Assert.Equal(payload.Output.ToArray(), detail.Payload.Output.ToArray());
        Assert.Equal((true, false, true), (detail.Payload.OutputAssembled, detail.Payload.InputTruncated, detail.Payload.OutputTruncated));
        Assert.Equal((payload.Headers, payload.SearchText), (detail.Payload.Headers, detail.Payload.SearchText));
        AssertSame(observation, Assert.Single((await Page(subject.Store, s_day)).Items));
    }

    [Fact]
    public async Task What_was_found_of_an_observation_is_stored_with_it_and_once()
    {
        await using var subject = await CreateAsync();
        var observation = Full(s_noon);
        var finding = new Annotation
        {
            Id = Guid.CreateVersion7(s_noon), Project = observation.Project, Time = s_noon, ObservationId = observation.Id, Name = "formatting", Source = "validator", Author = Annotation.Own, Number = 0.5, Category = "warn",
        };
        var batch = Samples.Sequence(1, TelemetryRecord.Of(observation, ObservationPayload.Empty) with { Findings = [finding] }, TelemetryRecord.Of(Full(s_noon.AddMinutes(1)), ObservationPayload.Empty));
        await subject.Store.AppendAsync(batch, Token);
        await subject.Store.AppendAsync(batch, Token);
        await subject.ReopenAsync();
        Assert.Equal(2, await subject.ReopenAsync());
        Assert.Equal(finding.Id, Assert.Single((await subject.Store.ReadAsync(Samples.Project, observation.Id, Token))!.Annotations).Id);
        var query = new AnnotationQuery(observation.Project, AnnotationQuery.AllTime);
        Assert.Single((await subject.Store.ReadAnnotationsAsync(new AnnotationPageRequest(query, 10), Token)).Items);
        Assert.Empty((await subject.Store.ReadAnnotationsAsync(new AnnotationPageRequest(query with { OthersOnly = true }, 10), Token)).Items);
    }

    [Fact]
    public async Task Hostile_values_are_stored_without_failing_the_batch()
    {
        await using var subject = await CreateAsync();
        var text = "'; DROP TABLE observation; -- \0 \ud800 \u202e 💥";
        var hostile = Full(s_noon) with
        {
            Kind = ObservationKind.Llm, User = text, Model = text, ErrorMessage = text,
            Properties = [new(text, text), new("same", "1"), new("same", "2"), new("", "")],
            Timings = new Timings { TotalMs = double.NaN, TtftMs = double.PositiveInfinity, TokensPerSecond = -1, QueueMs = double.MaxValue },
            Usage = new Usage { InputTokens = long.MaxValue, OutputTokens = long.MinValue },
            Cost = new Cost(decimal.MaxValue, decimal.MinValue, ""),
        };
        await subject.Store.AppendAsync(Samples.Sequence(1,
            TelemetryRecord.Of(hostile, ObservationPayload.Empty with { SearchText = text }),
            TelemetryRecord.Of(hostile with { Id = Guid.CreateVersion7(s_noon), StartTime = s_noon.AddSeconds(1) }, ObservationPayload.Empty)), Token);
        await subject.SettleAsync();

        var detail = await subject.Store.ReadAsync(Samples.Project, hostile.Id, Token);
        // What stands behind a NUL is kept, and found.
        Assert.All([detail!.Observation.User, detail.Observation.Model, detail.Observation.ErrorMessage], kept => Assert.EndsWith("💥", kept, StringComparison.Ordinal));
        Assert.Equal(4, detail.Observation.Properties.Length);
        Assert.Equal(2, await Total(subject.Store, Measure.Count, s_day));
        Assert.Equal(2, await Total(subject.Store, Measure.Count, s_day, Filter.Eq("property.same", "1")));
        Assert.NotNull(await Total(subject.Store, Measure.InputTokens, s_day));
        Assert.Single((await Page(subject.Store, s_day, text: "drop table")).Items);
        Assert.Single((await Page(subject.Store, s_day, text: "💥")).Items);
        Assert.Equal(0, await Total(subject.Store, Measure.Count, s_day, Filter.Eq("property.a'b\"~/", "x' OR 1=1 --")));
    }

    [Fact]
    public async Task What_a_stranger_counts_beyond_all_sense_does_not_break_the_sums_that_it_is_a_part_of()
    {
        await using var subject = await CreateAsync();
        var nonsense = Full(s_noon) with
        {
            Kind = ObservationKind.Llm,
            Usage = new Usage { InputTokens = long.MaxValue, OutputTokens = long.MaxValue, CacheReadTokens = long.MaxValue, ReasoningTokens = long.MaxValue },
            Cost = new Cost(decimal.MaxValue, decimal.MaxValue, ""),
        };
        await subject.Store.AppendAsync(Samples.Sequence(1,
            TelemetryRecord.Of(nonsense, ObservationPayload.Empty), TelemetryRecord.Of(nonsense with { Id = Guid.CreateVersion7(s_noon) }, ObservationPayload.Empty)), Token);

        foreach (var step in new TimeSpan?[] { null, TimeSpan.FromHours(1) })
        {
            var result = await subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_day, [.. Enum.GetValues<Measure>()]) { By = [new Dimension("model")], Step = step }, Token);
            Assert.All(Assert.Single(result.Rows).Values, value => Assert.True(value is null || double.IsFinite(value.Value)));
        }
        Assert.Equal(2, await Total(subject.Store, Measure.Count, s_day, new Filter("cost_usd", FilterOp.Gt, ["0"])));
        Assert.Equal(2, await Total(subject.Store, Measure.Count, s_day, new Filter("total_tokens", FilterOp.Gt, ["0"])));
        Assert.Equal(4 * Usage.MostTokens, await Total(subject.Store, Measure.TotalTokens, s_day));
    }

    [Fact]
    public async Task A_replay_of_any_part_of_the_journal_changes_nothing()
    {
        await using var subject = await CreateAsync();
        var records = Samples.Spread(seed: 1, 600, s_noon.AddDays(-2), TimeSpan.FromDays(3));
        foreach (var batch in records.Chunk(100))
        {
            await subject.Store.AppendAsync([.. batch], Token);
        }
        Assert.Equal(600, await subject.ReopenAsync());
        foreach (var batch in records.Skip(150).Chunk(70))
        {
            await subject.Store.AppendAsync([.. batch], Token);
        }
        Assert.Equal(600, await subject.ReopenAsync());
        Assert.Equal(600, await Total(subject.Store, Measure.Count, s_month));
        Assert.Equal(600, (await All(subject.Store, s_month, 250)).Count);
        Assert.Equal(Samples.Number((double)records.Sum(record => record.Record.Observation!.Cost?.TotalUsd ?? 0)), Samples.Number(await Total(subject.Store, Measure.CostUsd, s_month)));
    }

    [Fact]
    public async Task A_batch_that_holds_old_and_new_records_stores_only_the_new()
    {
        await using var subject = await CreateAsync();
        var records = Samples.Spread(seed: 2, 100, s_noon, TimeSpan.FromHours(1));
        await subject.Store.AppendAsync(records[..60], Token);
        await subject.Store.AppendAsync(records[40..], Token);
        Assert.Equal(100, await Total(subject.Store, Measure.Count, s_day));
        Assert.Equal(100, await subject.ReopenAsync());
    }

    [Fact]
    public async Task Annotations_are_read_with_their_observation_and_the_last_version_wins()
    {
        await using var subject = await CreateAsync();
        var observation = Samples.Observation(s_noon);
        Annotation Vote(Guid id, double number) => new()
        {
            Id = id, Project = Samples.Project, Time = s_noon.AddMinutes(5), ObservationId = observation.Id, Name = "user_feedback", Source = "user",
            Number = number, Category = "thumb", Text = "ok", Author = "ann",
        };
        var (one, two) = (Guid.CreateVersion7(s_noon), Guid.CreateVersion7(s_noon));
        // The vote may overtake what it is about.
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(Vote(one, 0)), TelemetryRecord.Of(Vote(two, 1))), Token);
        await subject.Store.AppendAsync(Samples.Sequence(3, TelemetryRecord.Of(observation, ObservationPayload.Empty), TelemetryRecord.Of(Vote(one, 1))), Token);
        await subject.Store.AppendAsync(Samples.Sequence(3, TelemetryRecord.Of(observation, ObservationPayload.Empty), TelemetryRecord.Of(Vote(one, 1))), Token);
        Assert.Equal(4, await subject.ReopenAsync());
        var detail = await subject.Store.ReadAsync(Samples.Project, observation.Id, Token);
        Assert.Equal(new HashSet<Annotation> { Vote(one, 1), Vote(two, 1) }, detail!.Annotations.ToHashSet());
    }

    [Fact]
    public async Task Projects_do_not_see_each_other()
    {
        await using var subject = await CreateAsync();
        var mine = Samples.Observation(s_noon);
        var other = new ProjectId("other");
        var theirs = mine with { Id = Guid.CreateVersion7(s_noon), Project = other };
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(mine, Samples.Text("mine")), TelemetryRecord.Of(theirs, Samples.Text("theirs"))), Token);
        await subject.SettleAsync();
        Assert.Equal(1, await Total(subject.Store, Measure.Count, s_day));
        Assert.Equal(mine.Id, Assert.Single((await Page(subject.Store, s_day)).Items).Id);
        Assert.Empty((await Page(subject.Store, s_day, text: "theirs")).Items);
        Assert.Null(await subject.Store.ReadAsync(Samples.Project, theirs.Id, Token));
        Assert.Equal(0, await subject.Store.EraseAsync(new EraseRequest(Samples.Project, s_day, [Filter.Eq("id", theirs.Id.ToString())]), Token));
        Assert.NotNull(await subject.Store.ReadAsync(other, theirs.Id, Token));
    }

    [Fact]
    public async Task Two_hundred_thousand_observations_are_stored_counted_paged_and_found()
    {
        await using var subject = await CreateAsync();
        const int Count = 200_000;
        var random = new Random(12);
        for (var first = 0; first < Count; first += 5_000)
        {
            await subject.Store.AppendAsync([.. Enumerable.Range(first, 5_000).Select(i => new SequencedRecord(i + 1, TelemetryRecord.Of(
                Samples.Random(random, s_noon.AddDays(-3) + (TimeSpan.FromDays(3) * ((double)i / Count))), i % 40_000 == 777 ? Samples.Text("the quick zebra") : Samples.Payload(random))))], Token);
        }
        Assert.Equal(Count, await subject.ReopenAsync());
        await subject.SettleAsync();
        Assert.Equal(Count, await Total(subject.Store, Measure.Count, s_month));
        var hours = await subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_month, [Measure.Count, Measure.LatencyP95]) { Step = TimeSpan.FromHours(1) }, Token);
        Assert.Equal(72, hours.Rows.Length);
        Assert.Equal(Count, hours.Rows.Sum(row => row.Values[0]));
        Assert.Equal(5, (await Page(subject.Store, s_month, text: "ZEBRA")).Items.Length);
        var page = await Page(subject.Store, s_month, limit: 50, where: Filter.Eq("model", "gpt-4o"));
        Assert.Equal(50, page.Items.Length);
        Assert.NotNull(await subject.Store.ReadAsync(Samples.Project, page.Items[17].Id, Token));
    }

    [Fact]
    public async Task Reads_see_whole_batches_while_they_are_written()
    {
        await using var subject = await CreateAsync();
        var writing = Task.Factory.StartNew(async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                await subject.Store.AppendAsync(Samples.Spread(i, 100, s_noon.AddMinutes(i), TimeSpan.FromMinutes(1), (i * 100) + 1), Token);
            }
        }, Token, TaskCreationOptions.None, TaskScheduler.Default).Unwrap();
        var last = 0.0;
        while (!writing.IsCompleted)
        {
            var count = (await Total(subject.Store, Measure.Count, s_day))!.Value;
            Assert.True(count >= last && count % 100 == 0, $"{last} then {count}");
            last = count;
        }
        await writing;
        Assert.Equal(3_000, await Total(subject.Store, Measure.Count, s_day));
    }

    [Fact]
    public async Task A_cancelled_query_stops()
    {
        await using var subject = await CreateAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_day, [Measure.Count]), cancelled.Token).AsTask());
    }
}
