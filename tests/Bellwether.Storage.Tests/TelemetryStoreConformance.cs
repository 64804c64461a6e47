using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using CsCheck;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <summary>One engine under test, on storage that survives <see cref="ReopenAsync"/>.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    ITelemetryStore Store { get; }

    /// <summary>Closes the store and opens it again; returns what <see cref="ITelemetryStore.OpenAsync"/> said.</summary>
    Task<long> ReopenAsync();

    /// <summary>Lets everything that is done in the background be done now, as for data older than an hour.</summary>
    Task SettleAsync();
}

/// <summary>What every telemetry store must do. An engine's test class derives from it and says how to make one.</summary>
public abstract class TelemetryStoreConformance
{
    private static readonly DateTimeOffset s_noon = Samples.Noon;
    private static readonly TimeRange s_day = new(s_noon.AddHours(-12), s_noon.AddHours(12));
    private static readonly TimeRange s_month = new(s_noon.AddDays(-20), s_noon.AddDays(10));

    protected abstract Task<IStoreUnderTest> CreateAsync();

    private static CancellationToken Token => Xunit.TestContext.Current.CancellationToken;

    private static Task<ObservationPage> Page(ITelemetryStore store, TimeRange window, int limit = 1_000, string? cursor = null, string? text = null, params ImmutableArray<Filter> where) =>
        store.ReadPageAsync(new ObservationPageRequest(Samples.Project, window, limit) { Cursor = cursor, Text = text, Where = where }, Token).AsTask();

    private static async Task<double?> Total(ITelemetryStore store, Measure measure, TimeRange window, params ImmutableArray<Filter> where) =>
        (await store.QueryAsync(new TelemetryQuery(Samples.Project, window, [measure]) { Where = where }, Token)).Rows.Single().Values[0];

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
    public async Task Hostile_values_are_stored_without_failing_the_batch()
    {
        await using var subject = await CreateAsync();
        var text = "'; DROP TABLE observation; -- \0 \ud800 \u202e 💥";
        var hostile = Full(s_noon) with
        {
            User = text, Model = text, ErrorMessage = text,
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
        Assert.Contains("DROP TABLE", detail!.Observation.User, StringComparison.Ordinal);
        Assert.Equal(4, detail.Observation.Properties.Length);
        Assert.Equal(2, await Total(subject.Store, Measure.Count, s_day));
        Assert.Equal(2, await Total(subject.Store, Measure.Count, s_day, Filter.Eq("property.same", "1")));
        Assert.NotNull(await Total(subject.Store, Measure.InputTokens, s_day));
        Assert.Single((await Page(subject.Store, s_day, text: "drop table")).Items);
        Assert.Equal(0, await Total(subject.Store, Measure.Count, s_day, Filter.Eq("property.a'b\"~/", "x' OR 1=1 --")));
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
    public async Task Pages_give_every_observation_once_newest_first_while_others_are_inserted()
    {
        await using var subject = await CreateAsync();
        var records = Samples.Spread(seed: 4, 900, s_noon.AddDays(-3), TimeSpan.FromDays(3));
        // Several at the same instant, so that only the id orders them.
        records = [.. records.Select((record, index) => record with { Record = TelemetryRecord.Of(record.Record.Observation! with { StartTime = records[index / 7 * 7].Record.Observation!.StartTime }, record.Record.Payload) })];
        await subject.Store.AppendAsync(records, Token);
        var window = new TimeRange(s_noon.AddDays(-4), s_noon.AddDays(4));
        var expected = records.Select(record => record.Record.Observation!).OrderByDescending(observation => observation.StartTime).ThenByDescending(observation => observation.Id).Select(observation => observation.Id).ToList();
        var seen = new List<Guid>();
        string? cursor = null;
        var sequence = 1_000L;
        do
        {
            var page = await Page(subject.Store, window, limit: 83, cursor);
            seen.AddRange(page.Items.Select(observation => observation.Id));
            cursor = page.Next;
            await subject.Store.AppendAsync(Samples.Spread((int)sequence, 20, s_noon.AddMinutes(1), TimeSpan.FromMinutes(1), sequence), Token);
            sequence += 20;
        }
        while (cursor is not null);
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task A_page_that_ends_exactly_at_the_last_observation_has_no_next()
    {
        await using var subject = await CreateAsync();
        await subject.Store.AppendAsync(Samples.Spread(seed: 5, 10, s_noon, TimeSpan.FromHours(1)), Token);
        Assert.Null((await Page(subject.Store, s_day, limit: 10)).Next);
        Assert.NotNull((await Page(subject.Store, s_day, limit: 9)).Next);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("////////////////////////////////////")]
    public async Task A_cursor_that_no_page_returned_is_refused(string cursor)
    {
        await using var subject = await CreateAsync();
        Assert.Equal("cursor", (await Assert.ThrowsAsync<TelemetryQueryException>(() => Page(subject.Store, s_day, cursor: cursor))).Field);
    }

    [Theory]
    [InlineData("modell", FilterOp.Eq, "x")]
    [InlineData("property.", FilterOp.Eq, "x")]
    [InlineData("latency_ms", FilterOp.Eq, "fast")]
    [InlineData("latency_ms", FilterOp.Contains, "1")]
    [InlineData("latency_ms", FilterOp.Gt, "NaN")]
    [InlineData("model", FilterOp.Gt, "a")]
    [InlineData("error", FilterOp.Eq, "maybe")]
    [InlineData("error", FilterOp.Lt, "true")]
    [InlineData("id", FilterOp.Eq, "12")]
    [InlineData("model", FilterOp.Exists, "x")]
    public async Task A_filter_that_makes_no_sense_is_refused_naming_its_field(string field, FilterOp op, string value)
    {
        await using var subject = await CreateAsync();
        Filter filter = new(field, op, [value]);
        Assert.Equal(field, (await Assert.ThrowsAsync<TelemetryQueryException>(() => Page(subject.Store, s_day, where: filter))).Field);
        Assert.Equal(field, (await Assert.ThrowsAsync<TelemetryQueryException>(() => Total(subject.Store, Measure.Count, s_day, filter))).Field);
        Assert.Equal(field, (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.EraseAsync(new EraseRequest(Samples.Project, s_day, [filter]), Token).AsTask())).Field);
    }

    [Fact]
    public async Task A_query_that_makes_no_sense_is_refused_naming_what_is_wrong()
    {
        await using var subject = await CreateAsync();
        var query = new TelemetryQuery(Samples.Project, s_day, [Measure.Count]);
        async Task Refused(string field, TelemetryQuery wrong) =>
            Assert.Equal(field, (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.QueryAsync(wrong, Token).AsTask())).Field);
        await Refused("measures", query with { Measures = [] });
        await Refused("to", query with { Window = new TimeRange(s_noon, s_noon) });
        await Refused("step", query with { Step = TimeSpan.FromMilliseconds(10) });
        await Refused("step", query with { Step = TimeSpan.FromSeconds(1) });
        await Refused("limit", query with { Limit = 0 });
        await Refused("latency_ms", query with { By = [new Dimension("latency_ms")] });
        await Refused("colour", query with { By = [new Dimension("colour")] });
        await Refused("model", query with { Where = [new Filter("model", FilterOp.In, [])] });
        Assert.Equal("where", (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.EraseAsync(new EraseRequest(Samples.Project, s_day, []), Token).AsTask())).Field);
        Assert.Equal("limit", (await Assert.ThrowsAsync<TelemetryQueryException>(() => Page(subject.Store, s_day, limit: 0))).Field);
    }

    [Fact]
    public async Task An_unpriced_call_is_not_a_free_one()
    {
        await using var subject = await CreateAsync();
        var call = Samples.Observation(s_noon) with { Usage = new Usage { InputTokens = 5, OutputTokens = 1 } };
        await subject.Store.AppendAsync(Samples.Sequence(1,
            TelemetryRecord.Of(call with { Id = Guid.CreateVersion7(s_noon), Model = "free", Cost = new Cost(0, 0, "v1") }, ObservationPayload.Empty),
            TelemetryRecord.Of(call with { Id = Guid.CreateVersion7(s_noon), Model = "unknown" }, ObservationPayload.Empty),
            TelemetryRecord.Of(call with { Id = Guid.CreateVersion7(s_noon), Model = "silent", Usage = Usage.None }, ObservationPayload.Empty)), Token);
        for (var round = 0; round < 2; round++)
        {
            var result = await subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_day,
                [Measure.CostUsd, Measure.CostMean, Measure.CostP95, Measure.Unpriced, Measure.InputTokens, Measure.CacheReadTokens]) { By = [new Dimension("model")] }, Token);
            var rows = result.Rows.ToDictionary(row => row.Group[0], row => row.Values);
            Assert.Equal([0, 0, 0, 0, 5, 0], rows["free"]);
            Assert.Equal([null, null, null, 1, 5, 0], rows["unknown"]);
            Assert.Equal([null, null, null, 0, null, null], rows["silent"]);
            Assert.Equal("free", Assert.Single((await Page(subject.Store, s_day, where: Filter.Eq("priced", "true"))).Items).Model);
            Assert.Equal(2, await Total(subject.Store, Measure.Count, s_day, new Filter("cost_usd", FilterOp.Missing, [])));
            await subject.SettleAsync();
        }
    }

    [Fact]
    public async Task Money_adds_up_exactly()
    {
        await using var subject = await CreateAsync();
        var records = Enumerable.Range(0, 3_000).Select(i => TelemetryRecord.Of(
            Samples.Observation(s_noon.AddHours(-30).AddMinutes(i)) with { Cost = new Cost(0.1m, 0.000000000001m, "v1") }, ObservationPayload.Empty));
        await subject.Store.AppendAsync(Samples.Sequence(1, records), Token);
        Assert.Equal((double)(3_000 * 0.100000000001m), await Total(subject.Store, Measure.CostUsd, s_month));
        await subject.SettleAsync();
        Assert.Equal((double)(3_000 * 0.100000000001m), await Total(subject.Store, Measure.CostUsd, s_month));
    }

    [Fact]
    public async Task Text_is_found_in_any_case_as_a_substring_and_newest_first()
    {
        await using var subject = await CreateAsync();
        string[] texts = ["The STRASSE is long", "Die Straße ist lang", "a needle in hay", "NEEDLES everywhere", "100% _safe_ 'quoted'", "Привет Мир"];
        await subject.Store.AppendAsync(Samples.Sequence(1, texts.Select((text, hour) => TelemetryRecord.Of(Samples.Observation(s_noon.AddHours(hour - 30)), Samples.Text(text)))), Token);
        async Task<int> Found(string text) => (await Page(subject.Store, s_month, text: text)).Items.Length;
        Assert.Equal([s_noon.AddHours(-27), s_noon.AddHours(-28)], (await Page(subject.Store, s_month, text: "Needle")).Items.Select(observation => observation.StartTime));
        Assert.Equal((1, 1, 1, 0, 0), (await Found("straße"), await Found("ПРИВЕТ"), await Found("% _SAFE_ 'q"), await Found("n_edle"), await Found("needle hay")));
        Assert.Equal(6, await Found("so be it"));
        Assert.Equal(2, (await subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_month, [Measure.Count]) { Text = "needle" }, Token)).Rows[0].Values[0]);
        var first = await Page(subject.Store, s_month, limit: 4, text: "so be it");
        Assert.Equal(2, (await Page(subject.Store, s_month, limit: 4, cursor: first.Next, text: "so be it")).Items.Length);
    }

    [Fact]
    public async Task What_is_erased_is_gone_from_everywhere_and_stays_gone()
    {
        await using var subject = await CreateAsync();
        var records = Samples.Spread(seed: 6, 500, s_noon.AddDays(-2), TimeSpan.FromDays(2));
        await subject.Store.AppendAsync(records, Token);
        var victim = records.First(record => record.Record.Observation!.User == "user-7").Record.Observation!;
        await subject.Store.AppendAsync(Samples.Sequence(501, TelemetryRecord.Of(new Annotation
        {
            Id = Guid.CreateVersion7(s_noon), Project = Samples.Project, Time = s_noon, ObservationId = victim.Id, Name = "vote", Source = "user", Number = 1,
        })), Token);
        await subject.SettleAsync();
        var mine = records.Count(record => record.Record.Observation!.User == "user-7");

        Assert.Equal(mine, await subject.Store.EraseAsync(new EraseRequest(Samples.Project, s_month, [Filter.Eq("user", "user-7")]), Token));

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(500 - mine, await Total(subject.Store, Measure.Count, s_month));
            Assert.Equal(0, await Total(subject.Store, Measure.Count, s_month, Filter.Eq("user", "user-7")));
            Assert.Equal(records.Where(record => record.Record.Observation!.User is not ("" or "user-7")).Select(record => record.Record.Observation!.User).Distinct().Count(), await Total(subject.Store, Measure.Users, s_month));
            Assert.Equal(500 - mine, (await All(subject.Store, s_month, 300, text: "so be it")).Count);
            Assert.Null(await subject.Store.ReadAsync(Samples.Project, victim.Id, Token));
            await subject.SettleAsync();
            await subject.Store.AppendAsync(records, Token);
            Assert.Equal(501, await subject.ReopenAsync());
        }
        Assert.Equal(0, await subject.Store.EraseAsync(new EraseRequest(Samples.Project, s_month, [Filter.Eq("user", "user-7")]), Token));
    }

    [Fact]
    public async Task Retention_drops_whole_days_of_payloads_and_metrics_apart()
    {
        await using var subject = await CreateAsync();
        await subject.Store.AppendAsync(Samples.Spread(seed: 7, 500, s_noon.AddDays(-4.5), TimeSpan.FromDays(5)), Token);
        await subject.SettleAsync();
        var midnight = s_noon.AddHours(-12);

        await subject.Store.DropBeforeAsync(midnight.AddDays(-3).AddHours(5), midnight.AddDays(-1).AddHours(5), Token);

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(400, await Total(subject.Store, Measure.Count, s_month));
            Assert.Equal(400, (await All(subject.Store, s_month, 150)).Count);
            Assert.Equal(200, (await All(subject.Store, s_month, 150, text: "so be it")).Count);
            var old = (await Page(subject.Store, new TimeRange(midnight.AddDays(-3), midnight.AddDays(-2)), limit: 1)).Items[0];
            Assert.True((await subject.Store.ReadAsync(Samples.Project, old.Id, Token))!.Payload.IsEmpty);
            Assert.Equal(500, await subject.ReopenAsync());
        }
        await subject.Store.DropBeforeAsync(s_noon.AddDays(9), s_noon.AddDays(9), Token);
        Assert.Equal(0, await Total(subject.Store, Measure.Count, s_month));
        Assert.Equal(500, await subject.ReopenAsync());
        await subject.Store.AppendAsync(Samples.Spread(seed: 8, 10, s_noon, TimeSpan.FromHours(1), 501), Token);
        Assert.Equal(10, await Total(subject.Store, Measure.Count, s_month));
    }

    [Fact]
    public async Task Rollups_and_rows_give_the_same_numbers()
    {
        await using var subject = await CreateAsync();
        await subject.Store.AppendAsync(Samples.Spread(seed: 9, 4_000, s_noon.AddDays(-3), TimeSpan.FromDays(3)), Token);
        var window = new TimeRange(s_noon.AddDays(-3).AddMinutes(17).AddSeconds(13), s_noon.AddMinutes(-31).AddMilliseconds(7));
        var queries = new List<TelemetryQuery>();
        foreach (var step in new TimeSpan?[] { null, TimeSpan.FromHours(1), TimeSpan.FromHours(7), TimeSpan.FromMinutes(5) })
        {
            foreach (var by in new[] { "", "model", "error_type", "key" })
            {
                queries.Add(new TelemetryQuery(Samples.Project, window, [.. Enum.GetValues<Measure>()]) { Step = step, By = by.Length == 0 ? [] : [new Dimension(by)] });
            }
            queries.Add(new TelemetryQuery(Samples.Project, window, [.. Enum.GetValues<Measure>()]) { Step = step, Where = [new Filter("endpoint", FilterOp.NotIn, ["chat"])] });
        }
        var before = new List<QueryResult>();
        foreach (var query in queries)
        {
            before.Add(await subject.Store.QueryAsync(query, Token));
        }
        await subject.SettleAsync();
        for (var i = 0; i < queries.Count; i++)
        {
            AssertSameRows(queries[i], before[i].Rows, (await subject.Store.QueryAsync(queries[i], Token)).Rows);
        }
        var whole = queries[0] with { Window = new TimeRange(s_noon.AddDays(-3), s_noon), Measures = [Measure.Count, Measure.LatencyP95, Measure.Users] };
        foreach (var query in new[] { whole, whole with { Step = TimeSpan.FromHours(1) }, whole with { By = [new Dimension("model")], Measures = [Measure.Count] } })
        {
            Assert.True((await subject.Store.QueryAsync(query, Token)).FromRollups);
        }
    }

    [Fact]
    public async Task Percentiles_are_within_two_percent_of_the_exact_ones()
    {
        await using var subject = await CreateAsync();
        var records = Samples.Spread(seed: 10, 5_000, s_noon.AddHours(-5), TimeSpan.FromHours(4));
        await subject.Store.AppendAsync(records, Token);
        await subject.SettleAsync();
        var sorted = records.Select(record => record.Record.Observation!.Timings.TotalMs).Order().ToList();
        foreach (var (measure, quantile) in new[] { (Measure.LatencyP50, 0.5), (Measure.LatencyP95, 0.95), (Measure.LatencyP99, 0.99) })
        {
            var exact = sorted[(int)Math.Ceiling(quantile * sorted.Count) - 1];
            Assert.InRange((await Total(subject.Store, measure, s_day))!.Value, exact * 0.98, exact * 1.02);
        }
    }

    [Fact]
    public async Task Queries_and_pages_agree_with_the_reference_whatever_is_asked()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var records = Samples.Spread(seed: 11, 3_000, s_noon.AddDays(-2), TimeSpan.FromDays(2.2));
        await subject.Store.AppendAsync(records[..1_500], Token);
        await subject.SettleAsync();
        await subject.Store.AppendAsync(records[1_500..], Token);
        reference.Append(records);

        await Gen.Select(Gen.Int[-3_000, 200], Gen.Int[1, 4_000], GenWhere, GenQuery, GenText, Gen.Int[1, 60])
            .SampleAsync(async (startMinute, lengthMinutes, where, shape, text, limit) =>
            {
                var window = new TimeRange(s_noon.AddMinutes(startMinute).AddMilliseconds(startMinute), s_noon.AddMinutes(startMinute + lengthMinutes));
                var query = new TelemetryQuery(Samples.Project, window, shape.Measures) { Where = where, By = shape.By, Step = shape.Step, Limit = shape.Limit, Text = text };
                AssertSameRows(query, [.. reference.Query(query)], (await subject.Store.QueryAsync(query, Token)).Rows);

                var newest = reference.Newest(Samples.Project, window, where, text);
                var page = await Page(subject.Store, window, limit, text: text, where: where);
                Assert.Equal(newest.Take(limit).Select(observation => observation.Id), page.Items.Select(observation => observation.Id));
                if (page.Next is not null)
                {
                    var next = await Page(subject.Store, window, limit, page.Next, text, where);
                    Assert.Equal(newest.Skip(limit).Take(limit).Select(observation => observation.Id), next.Items.Select(observation => observation.Id));
                }
                Assert.Equal(newest.Count > limit, page.Next is not null);
            }, iter: 150, threads: 1);
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
            for (var i = 0; i < 60; i++)
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
        Assert.Equal(6_000, await Total(subject.Store, Measure.Count, s_day));
    }

    [Fact]
    public async Task A_cancelled_query_stops()
    {
        await using var subject = await CreateAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_day, [Measure.Count]), cancelled.Token).AsTask());
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static readonly Gen<ImmutableArray<Filter>> GenWhere = OneOf<Filter>(
            Filter.Eq("model", "gpt-4o"), new("model", FilterOp.Ne, ["gpt-4o"]), new("model", FilterOp.In, ["gpt-4o", "claude-sonnet-4"]), new("model", FilterOp.Contains, ["GPT"]),
            new("error_type", FilterOp.Exists, []), new("error_type", FilterOp.Missing, []), Filter.Eq("state", "timeout"), Filter.Eq("error", "true"), Filter.Eq("priced", "false"),
            Filter.Eq("user", "user-3"), new("user", FilterOp.NotIn, ["user-3", ""]), new("latency_ms", FilterOp.Gt, ["2500.5"]), new("ttft_ms", FilterOp.Missing, []),
            new("ttft_ms", FilterOp.Ne, ["1"]), new("cost_usd", FilterOp.Lte, ["0.25"]), new("total_tokens", FilterOp.Gte, ["2000"]), Filter.Eq("http_status", "429"),
            Filter.Eq("property.tier", "gold"), Filter.Eq("property.tier", "o'neill \"x\""), new("property.a/b~c", FilterOp.Exists, []), Filter.Eq("stream", "true"),
            Filter.Eq("kind", "llm"), Filter.Eq("key", "key-1"), new("endpoint", FilterOp.Ne, ["chat"]))
        .Array[0, 2].Select(filters => filters.ToImmutableArray());

    private static readonly Gen<string?> GenText = Gen.Frequency((5, Gen.Const((string?)null)), (1, OneOf<string?>("REFUND", "order refund", "straße", "zebra")));

    private static readonly Gen<(ImmutableArray<Measure> Measures, ImmutableArray<Dimension> By, TimeSpan? Step, int? Limit)> GenQuery = Gen.Select(
        Gen.Enum<Measure>().Array[1, 4].Select(measures => measures.Distinct().ToImmutableArray()),
        OneOf("", "model", "provider", "endpoint", "surface", "state", "error_type", "key", "user", "session", "http_status", "stream", "property.tier", "model,state")
            .Select(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new Dimension(name)).ToImmutableArray()),
        OneOf<TimeSpan?>(null, null, TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(90)),
        OneOf<int?>(null, null, 1, 3));

    private static async Task<List<Observation>> All(ITelemetryStore store, TimeRange window, int limit, string? text = null)
    {
        var all = new List<Observation>();
        string? cursor = null;
        do
        {
            var page = await Page(store, window, limit, cursor, text);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }

    private static void AssertSameRows(TelemetryQuery query, ImmutableArray<QueryRow> expected, ImmutableArray<QueryRow> actual)
    {
        string Show(QueryRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Bucket:O} [{string.Join(", ", row.Group)}] {string.Join(", ", row.Values.Select(Rounded))}");
        // Sums of doubles depend on their order in the last digits.
        string Rounded(double? value) => value is null or 0 ? Samples.Number(value) : value.Value.ToString("E9", CultureInfo.InvariantCulture);
        var by = expected.Select(Show).Order(StringComparer.Ordinal).ToList();
        Assert.True(by.SequenceEqual(actual.Select(Show).Order(StringComparer.Ordinal)),
            $"{query}\nWhere {string.Join("; ", query.Where.Select(filter => $"{filter.Field} {filter.Op} {string.Join('|', filter.Values)}"))} By {string.Join(',', query.By)} Measures {string.Join(',', query.Measures)}\nexpected ({expected.Length})\n{string.Join('\n', by.Take(8))}\nactual ({actual.Length})\n{string.Join('\n', actual.Select(Show).Order(StringComparer.Ordinal).Take(8))}");
        // Groups with the same first value may stand in either order only if rounding made them the same.
        Assert.Equal(expected.Select(row => (row.Bucket, Rounded(row.Values[0]))), actual.Select(row => (row.Bucket, Rounded(row.Values[0]))));
    }

    private static void AssertSame(Observation expected, Observation actual)
    {
        Assert.Equal(expected.Properties, actual.Properties);
        Assert.Equal(expected with { Properties = [] }, actual with { Properties = [] });
    }

    private static Observation Full(DateTimeOffset start) => new()
    {
        Id = Guid.CreateVersion7(start), Project = Samples.Project, StartTime = start, Kind = ObservationKind.Retrieval, State = ObservationState.ClientDisconnect,
        TraceId = "0af7651916cd43dd8448eb211c80319c", ParentId = "b7ad6b7169203331", Name = "POST /v1/x", Operation = "chat", Surface = "openai", Provider = "p", PriceProvider = "pp",
        RequestModel = "rm", Model = "m", Endpoint = "e", User = "u", Session = "s", KeyId = "k", RequestId = "r", ProviderRequestId = "pr", ResponseId = "resp", Stream = true,
        ServiceTier = "flex", FinishReason = "stop", SystemFingerprint = "abc", Parameters = "{\"temperature\":0.5}", RetryCount = 2, HttpStatus = 499,
        ErrorType = ErrorTypes.ClientDisconnect, ErrorCode = "c", ErrorMessage = "gone",
        Timings = new Timings { TotalMs = 1.5, QueueMs = 0.25, UpstreamMs = 1, PostMs = 0.25, TtftMs = 0.75, GapP50Ms = 0.1, GapP95Ms = 0.2, TokensPerSecond = 33.3 },
        Usage = new Usage
        {
            InputTokens = 1, OutputTokens = 2, CacheReadTokens = 3, CacheWriteTokens = 4, CacheWrite1hTokens = 5, ReasoningTokens = 6, InputAudioTokens = 7,
            OutputAudioTokens = 8, CacheAudioReadTokens = 9, InputImageTokens = 10, OutputImageTokens = 11, ToolRequests = 12, Estimated = true,
        },
        Cost = new Cost(0.000000000001m, 12.345678901234m, "v@1"), RequestBytes = 13, ResponseBytes = 14, MessageCount = 15, ToolCallCount = 16,
        Properties = [new("tier", "gold"), new("naïve \"key\"", "päy\nload")],
    };
}
