using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <content>Steps of chains beside calls, whole traces, and what is said of them.</content>
public abstract partial class TelemetryStoreConformance
{
    [Fact]
    public async Task Steps_of_chains_are_in_lists_and_not_in_metrics_unless_asked_for()
    {
        await using var subject = await CreateAsync();
        var at = s_noon.AddHours(-5);
        Observation Step(ObservationKind kind, string user) => Samples.Observation(at) with
        {
            Kind = kind, Model = "m-" + user, User = user, TraceId = "t", Cost = new Cost(1, 0, "v1"), Usage = new Usage { InputTokens = 10, OutputTokens = 1 },
        };
        await subject.Store.AppendAsync(Samples.Sequence(1, new[]
        {
            Step(ObservationKind.Llm, "ann"), Step(ObservationKind.Embedding, "ann"), Step(ObservationKind.Chain, "ben"), Step(ObservationKind.Agent, "ben"),
            Step(ObservationKind.Tool, "ben"), Step(ObservationKind.Retrieval, "ben"),
        }.Select(observation => TelemetryRecord.Of(observation, ObservationPayload.Empty))), Token);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(2, await Total(subject.Store, Measure.Count, s_day));
            Assert.Equal(2, await Total(subject.Store, Measure.CostUsd, s_day));
            Assert.Equal(1, await Total(subject.Store, Measure.Users, s_day));
            Assert.Equal(0, await Total(subject.Store, Measure.Count, s_day, Filter.Eq("user", "ben")));
            Assert.Equal(1, await Total(subject.Store, Measure.Count, s_day, Filter.Eq("kind", "chain")));
            var byKind = await subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_day, [Measure.Count]) { By = [new Dimension("kind")] }, Token);
            Assert.Equal(6, byKind.Rows.Length);
            var all = await subject.Store.QueryAsync(new TelemetryQuery(Samples.Project, s_day, [Measure.Count, Measure.Users]) { EveryKind = true }, Token);
            Assert.Equal([6, 2], all.Rows.Single().Values);
            // A window of weeks is where the rollups say which hours can be passed over.
            Assert.Equal(4, (await Page(subject.Store, s_month, where: Filter.Eq("user", "ben"))).Items.Length);
            Assert.Equal(4, (await Page(subject.Store, s_month, where: Filter.Eq("model", "m-ben"))).Items.Length);
            await subject.SettleAsync();
        }
    }

    [Fact]
    public async Task A_trace_is_read_in_the_order_in_which_its_steps_started_and_says_when_it_is_cut()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var midnight = s_noon.AddHours(12);
        var records = Samples.WithSteps(Samples.Spread(seed: 31, 200, midnight.AddMinutes(-40), TimeSpan.FromHours(1)))
            .Select((record, i) => record with { Record = record.Record.With(record.Record.Observation! with { TraceId = i % 2 == 0 ? "even" : "odd" }, record.Record.Payload) }).ToImmutableArray();
        // Not as they started: parents come last.
        await subject.Store.AppendAsync([.. records.Reverse().Select((record, i) => record with { Sequence = i + 1 })], Token);
        reference.Append(records);
        for (var round = 0; round < 2; round++)
        {
            foreach (var (limit, cut) in new[] { (20_000, false), (100, false), (99, true), (1, true) })
            {
                var request = new TraceRequest(Samples.Project, "even", s_month, limit);
                var trace = await subject.Store.ReadTraceAsync(request, Token);
                Assert.Equal(reference.Trace(request).Take(limit).Select(step => step.Id), trace.Items.Select(step => step.Id));
                Assert.Equal(cut, trace.IsCut);
            }
            await subject.SettleAsync();
        }
        Assert.Empty((await subject.Store.ReadTraceAsync(new TraceRequest(new ProjectId("other"), "even", s_month, 10), Token)).Items);
        Assert.Equal("limit", (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.ReadTraceAsync(new TraceRequest(Samples.Project, "even", s_month, 20_001), Token).AsTask())).Field);
        Assert.Equal("trace_id", (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.ReadTraceAsync(new TraceRequest(Samples.Project, "", s_month, 1), Token).AsTask())).Field);
    }

    [Fact]
    public async Task Payloads_of_a_list_are_those_of_each_observation()
    {
        await using var subject = await CreateAsync();
        // Two in every instant, over three days; every third without texts, and one of another project that has the same id.
        var calls = Enumerable.Range(0, 60).Select(i => Samples.Observation(s_noon.AddHours(i / 2)) with { Id = Guid.CreateVersion7(s_noon.AddMinutes(i)) }).ToList();
        var records = calls.Select((call, i) => TelemetryRecord.Of(call, i % 3 == 0 ? ObservationPayload.Empty : new ObservationPayload { Input = System.Text.Encoding.UTF8.GetBytes($"\"text {i}\""), OutputTruncated = i % 2 == 0 }))
            .Append(TelemetryRecord.Of(calls[1] with { Project = new ProjectId("other") }, new ObservationPayload { Input = "\"not mine\""u8.ToArray() }));
        await subject.Store.AppendAsync(Samples.Sequence(1, records), Token);
        var unknown = Samples.Observation(s_noon);
        var payloads = await subject.Store.ReadPayloadsAsync(Samples.Project, [.. calls.Append(unknown)], Token);
        Assert.Equal(61, payloads.Length);
        for (var i = 0; i < calls.Count; i++)
        {
            var expected = (await subject.Store.ReadAsync(Samples.Project, calls[i].Id, Token))!.Payload;
            Assert.Equal((Convert.ToHexString(expected.Input.Span), expected.OutputTruncated), (Convert.ToHexString(payloads[i].Input.Span), payloads[i].OutputTruncated));
        }
        Assert.Equal(0, payloads[60].Input.Length);
        Assert.Equal("\"text 1\"", System.Text.Encoding.UTF8.GetString(payloads[1].Input.Span));
    }

    [Fact]
    public async Task Annotations_are_paged_and_counted_as_the_reference_does()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var random = new Random(32);
        string[] names = ["user_feedback", "report", "edited"], sources = ["user", "implicit", "human"], categories = ["", "incorrect", "harmful"], texts = ["", "Wrong Answer", "très bien"];
        var observations = Enumerable.Range(0, 20).Select(i => Guid.CreateVersion7(s_noon.AddMinutes(i))).ToList();
        var annotations = Enumerable.Range(0, 400).Select(i => new Annotation
        {
            Id = Guid.CreateVersion7(s_noon.AddMinutes(-i)), Project = new ProjectId(i % 10 == 0 ? "other" : Samples.Project.Value), Time = s_noon.AddMinutes(-(i / 2)),
            ObservationId = observations[random.Next(20)], Name = names[random.Next(3)], Source = sources[random.Next(3)], Category = categories[random.Next(3)], Text = texts[random.Next(3)],
            Number = random.Next(4) switch { 0 => null, 1 => 0, 2 => 0.5, _ => 1 }, Author = $"user-{random.Next(4)}", TraceId = $"t{random.Next(3)}", Session = $"s{random.Next(3)}",
        }).ToList();
        // The last fifty are voted again.
        var batch = Samples.Sequence(1, annotations.Concat(annotations.TakeLast(50).Select(vote => vote with { Number = 1, Text = "changed my mind" }))
            // Some are taken back; one of these is said anew.
            .Concat(annotations.Take(30).Select(vote => vote with { Retracted = true })).Append(annotations[7]).Select(TelemetryRecord.Of));
        await subject.Store.AppendAsync(batch[..410], Token);
        await subject.Store.AppendAsync(batch[410..], Token);
        reference.Append(batch);
        var all = new AnnotationQuery(Samples.Project, s_day);
        AnnotationQuery[] queries =
        [
            all, all with { Names = ["user_feedback"] }, all with { Sources = ["user", "human"], Categories = ["incorrect", ""] }, all with { Authors = ["user-2"], Up = true }, all with { Up = false },
            all with { Text = "wrong" }, all with { Text = "TRÈS" }, all with { Observations = [observations[3], observations[4]] }, all with { Traces = ["t1"], Sessions = ["s2"] },
            all with { Window = new TimeRange(s_noon.AddMinutes(-60), s_noon.AddMinutes(-10)) }, all with { Names = ["none"] },
            all with { Ids = [annotations[7].Id, annotations[8].Id, annotations[200].Id, annotations[201].Id] },
        ];
        foreach (var query in queries)
        {
            var expected = reference.Annotations(query);
            var read = new List<Annotation>();
            string? cursor = null;
            do
            {
                var page = await subject.Store.ReadAnnotationsAsync(new AnnotationPageRequest(query, 37) { Cursor = cursor }, Token);
                read.AddRange(page.Items);
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(expected, read);
            foreach (var step in new TimeSpan?[] { null, TimeSpan.FromMinutes(7), TimeSpan.FromHours(1) })
            {
                Assert.Equal(reference.AnnotationCounts(query, step), await subject.Store.CountAnnotationsAsync(query, step, Token));
            }
        }
        Assert.Equal("limit", (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.ReadAnnotationsAsync(new AnnotationPageRequest(all, 0), Token).AsTask())).Field);
        Assert.Equal("cursor", (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.ReadAnnotationsAsync(new AnnotationPageRequest(all, 1) { Cursor = "x" }, Token).AsTask())).Field);
        Assert.Equal("step", (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.CountAnnotationsAsync(all, TimeSpan.FromMilliseconds(1), Token).AsTask())).Field);
    }

    [Fact]
    public async Task What_is_said_can_be_asked_for_by_the_calls_that_it_is_said_of()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var random = new Random(29);
        var calls = Samples.Spread(31, 80, s_noon.AddDays(-2), TimeSpan.FromDays(2)).Select((record, i) => record with
        {
            Record = record.Record.With(record.Record.Observation! with { RequestId = i % 2 == 0 ? $"req-{i}" : "" }, record.Record.Payload),
        }).ToImmutableArray();
        var said = Samples.Sequence(81, calls.Select((record, i) =>
        {
            var call = record.Record.Observation!;
            var early = i % 4 == 0;
            return TelemetryRecord.Of(new Annotation
            {
                Id = Guid.CreateVersion7(call.StartTime), Project = Samples.Project, Time = call.StartTime.AddMinutes(random.Next(600)), Name = "user_feedback", Source = "user", Number = i % 3 == 0 ? 0 : 1,
                ObservationId = early ? ObservationIds.OfRequest(Samples.Project, call.RequestId) : i % 7 == 0 ? Guid.Empty : call.Id, RequestId = early ? call.RequestId : "", Session = i % 7 == 0 ? "s" : "",
            });
        }));
        await subject.Store.AppendAsync([.. calls, .. said], Token);
        reference.Append([.. calls, .. said]);
        var all = new AnnotationQuery(Samples.Project, new TimeRange(s_noon.AddDays(-3), s_noon.AddDays(1)));
        var model = calls[5].Record.Observation!.Model;
        foreach (var query in (AnnotationQuery[])
        [
            all with { Where = [Filter.Eq("model", model)] }, all with { Where = [Filter.Eq("model", model), Filter.Eq("endpoint", "chat")], Up = true }, all with { Where = [Filter.Eq("check.groundedness", "fail")] },
            all with { Where = [new Filter("latency_ms", FilterOp.Gt, ["900"])], Window = new TimeRange(s_noon.AddHours(-20), s_noon.AddHours(-2)) }, all with { Where = [Filter.Eq("model", "none")] },
        ])
        {
            Assert.Equal(reference.Annotations(query), (await subject.Store.ReadAnnotationsAsync(new AnnotationPageRequest(query, 1_000), Token)).Items);
            Assert.Equal(reference.AnnotationCounts(query, TimeSpan.FromHours(3)), await subject.Store.CountAnnotationsAsync(query, TimeSpan.FromHours(3), Token));
        }
        Assert.NotEmpty(reference.Annotations(all with { Where = [Filter.Eq("model", model)] }));
        Assert.Equal("modell", (await Assert.ThrowsAsync<TelemetryQueryException>(() => subject.Store.CountAnnotationsAsync(all with { Where = [Filter.Eq("modell", "x")] }, null, Token).AsTask())).Field);
        // Before there is any call of the time there is nothing said of one.
        Assert.Empty(await subject.Store.CountAnnotationsAsync(all with { Window = new TimeRange(s_noon.AddDays(-60), s_noon.AddDays(-50)), Where = [Filter.Eq("model", model)] }, null, Token));
    }

    [Fact]
    public async Task Verdicts_of_validators_can_be_counted_and_filtered_by()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var batch = Samples.Spread(37, 400, s_noon.AddHours(-30), TimeSpan.FromHours(30));
        await subject.Store.AppendAsync(batch, Token);
        reference.Append(batch);
        var all = new TelemetryQuery(Samples.Project, new TimeRange(s_noon.AddDays(-3), s_noon.AddDays(1)), [Measure.Count]);
        for (var round = 0; round < 2; round++)
        {
            foreach (var query in (TelemetryQuery[])
            [
                all with { By = [new Dimension("checks")] }, all with { By = [new Dimension("checks")], Step = TimeSpan.FromHours(2) }, all with { By = [new Dimension("check.groundedness")] },
                all with { Where = [Filter.Eq("checked", "false")] }, all with { Where = [Filter.Eq("check.citations", "fail"), Filter.Eq("check.off_topic", "warn")] }, all with { Where = [new Filter("check.groundedness", FilterOp.Missing, [])] },
            ])
            {
                static string Show(QueryRow row) => $"{row.Bucket:O} {row.Group.FirstOrDefault()} {Samples.Number(row.Values[0])}";
                Assert.Equal(reference.Query(query).Select(Show).Order(StringComparer.Ordinal), (await subject.Store.QueryAsync(query, Token)).Rows.Select(Show).Order(StringComparer.Ordinal));
            }
            var failed = Filter.Eq("check.groundedness", "fail");
            Assert.Equal(reference.Newest(Samples.Project, all.Window, [failed], null).Select(call => (call.Id, call.Checks)), (await Page(subject.Store, all.Window, limit: 1_000, where: failed)).Items.Select(call => (call.Id, call.Checks)));
            await subject.SettleAsync();
        }
    }

    [Fact]
    public async Task What_was_said_of_a_request_before_it_was_stored_is_found_with_it_and_erased_with_it()
    {
        await using var subject = await CreateAsync();
        var call = Samples.Observation(s_noon) with { RequestId = "req-1", User = "ann" };
        var vote = new Annotation
        {
            Id = Guid.CreateVersion7(s_noon), Project = Samples.Project, Time = s_noon, ObservationId = ObservationIds.OfRequest(Samples.Project, "req-1"), Name = "user_feedback", Source = "user", Number = 1,
        };
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(vote)), Token);
        await subject.Store.AppendAsync(Samples.Sequence(2, TelemetryRecord.Of(call, ObservationPayload.Empty), TelemetryRecord.Of(Samples.Observation(s_noon) with { RequestId = "req-2" }, ObservationPayload.Empty)), Token);
        Assert.Equal(vote, Assert.Single((await subject.Store.ReadAsync(Samples.Project, call.Id, Token))!.Annotations));
        await subject.Store.EraseAsync(new EraseRequest(Samples.Project, s_day, [Filter.Eq("user", "ann")]), Token);
        Assert.Empty((await subject.Store.ReadAnnotationsAsync(new AnnotationPageRequest(new AnnotationQuery(Samples.Project, AnnotationQuery.AllTime), 10), Token)).Items);
    }
}
