using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using CsCheck;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <content>Questions, their mistakes and their numbers.</content>
public abstract partial class TelemetryStoreConformance
{
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
        await Refused("after", query with { After = new GroupPosition(1, []) });
        await Refused("after", query with { By = [new Dimension("model")], After = new GroupPosition(1, ["a", "b"]) });
        await Refused("after", query with { By = [new Dimension("model")], Step = TimeSpan.FromHours(1), After = new GroupPosition(1, ["a"]) });
        await Refused("latency_ms", query with { By = [new Dimension("latency_ms")] });
        await Refused("colour", query with { By = [new Dimension("colour")] });
        await Refused("model", query with { Where = [new Filter("model", FilterOp.In, [])] });
        Assert.Equal("where", (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.EraseAsync(new EraseRequest(Samples.Project, s_day, []), Token).AsTask())).Field);
        Assert.Equal("limit", (await Assert.ThrowsAsync<TelemetryQueryException>(() => Page(subject.Store, s_day, limit: 0))).Field);
    }

    [Theory]
    [InlineData(Measure.LastSeen, 1)]
    [InlineData(Measure.Errors, 2)]
    [InlineData(Measure.CostMean, 3)]
    [InlineData(Measure.Users, 2)]
    public async Task A_list_of_groups_goes_on_behind_the_last_one_and_names_each_once(Measure ranked, int limit)
    {
        await using var subject = await CreateAsync();
        var records = Samples.Spread(seed: 12, 200, s_noon.AddHours(-5), TimeSpan.FromHours(4));
        await subject.Store.AppendAsync(records, Token);
        var whole = new TelemetryQuery(Samples.Project, s_day, [ranked]) { By = [new Dimension("user"), new Dimension("model")] };
        var expected = (await subject.Store.QueryAsync(whole, Token)).Rows;
        Assert.True(expected.Length > limit * 3);

        var listed = new List<QueryRow>();
        GroupPosition? after = null;
        while ((await subject.Store.QueryAsync(whole with { Limit = limit, After = after }, Token)).Rows is { IsEmpty: false } page)
        {
            listed.AddRange(page);
            after = new GroupPosition(page[^1].Values[0], page[^1].Group);
        }
        Assert.Equal(expected.Select(row => string.Join('|', row.Group)), listed.Select(row => string.Join('|', row.Group)));
        // Also in one page that has room for all.
        var rest = await subject.Store.QueryAsync(whole with { After = new GroupPosition(expected[1].Values[0], expected[1].Group) }, Token);
        Assert.Equal(expected.Skip(2).Select(row => string.Join('|', row.Group)), rest.Rows.Select(row => string.Join('|', row.Group)));
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
                queries.Add(new TelemetryQuery(Samples.Project, window, s_inRollups) { Step = step, By = by.Length == 0 ? [] : [new Dimension(by)] });
            }
            queries.Add(new TelemetryQuery(Samples.Project, window, s_inRollups) { Step = step, Where = [new Filter("endpoint", FilterOp.NotIn, ["chat"])] });
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
        var records = Samples.WithSteps(Samples.Spread(seed: 11, 3_000, s_noon.AddDays(-2), TimeSpan.FromDays(2.2)));
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

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static readonly Gen<ImmutableArray<Filter>> GenWhere = OneOf<Filter>(
            Filter.Eq("model", "gpt-4o"), new("model", FilterOp.Ne, ["gpt-4o"]), new("model", FilterOp.In, ["gpt-4o", "claude-sonnet-4"]), new("model", FilterOp.Contains, ["GPT"]),
            new("error_type", FilterOp.Exists, []), new("error_type", FilterOp.Missing, []), Filter.Eq("state", "timeout"), Filter.Eq("error", "true"), Filter.Eq("priced", "false"),
            Filter.Eq("user", "user-3"), new("user", FilterOp.NotIn, ["user-3", ""]), new("latency_ms", FilterOp.Gt, ["2500.5"]), new("ttft_ms", FilterOp.Missing, []),
            new("ttft_ms", FilterOp.Ne, ["1"]), new("cost_usd", FilterOp.Lte, ["0.25"]), new("total_tokens", FilterOp.Gte, ["2000"]), Filter.Eq("http_status", "429"),
            Filter.Eq("property.tier", "gold"), Filter.Eq("property.tier", "o'neill \"x\""), new("property.a/b~c", FilterOp.Exists, []), Filter.Eq("stream", "true"),
            Filter.Eq("kind", "llm"), new("kind", FilterOp.In, ["tool", "chain"]), Filter.Eq("key", "key-1"), new("endpoint", FilterOp.Ne, ["chat"]))
        .Array[0, 2].Select(filters => filters.ToImmutableArray());

    private static readonly Gen<string?> GenText = Gen.Frequency((5, Gen.Const((string?)null)), (1, OneOf<string?>("REFUND", "order refund", "straße", "zebra")));

    private static readonly Gen<(ImmutableArray<Measure> Measures, ImmutableArray<Dimension> By, TimeSpan? Step, int? Limit)> GenQuery = Gen.Select(
        Gen.Enum<Measure>().Array[1, 4].Select(measures => measures.Distinct().ToImmutableArray()),
        OneOf("", "model", "provider", "endpoint", "surface", "state", "error_type", "key", "user", "session", "http_status", "stream", "property.tier", "model,state", "kind")
            .Select(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new Dimension(name)).ToImmutableArray()),
        OneOf<TimeSpan?>(null, null, TimeSpan.FromHours(1), TimeSpan.FromHours(5), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(90)),
        OneOf<int?>(null, null, 1, 3));
}
