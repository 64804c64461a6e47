using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <summary>A folder of the first release is opened by this one: nothing is lost, and sums are right at once.</summary>
public sealed class Layout1Tests
{
    private static readonly DateTimeOffset s_start = Samples.Noon.AddHours(-3);
    private static readonly TimeRange s_window = new(Samples.Noon.AddDays(-1), Samples.Noon.AddDays(1));
    // Its rows of this hour are made steps of chains after the rollups were built; the hour before has none.
    private static readonly DateTimeOffset s_hourWithSteps = Samples.Noon.AddHours(-2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_of_layout_1_is_opened_with_all_of_its_rows_and_with_sums_of_calls_only()
    {
        var (folder, records, vote) = await WriteAsync();
        await using var subject = await DuckDbUnderTest.CreateAsync(folder);
        var reference = new ReferenceStore();
        reference.Append(records);

        Assert.Equal(301, subject.Complete);
        for (var round = 0; round < 3; round++)
        {
            var page = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, s_window, 1_000), Token);
            var expected = reference.Newest(Samples.Project, s_window, [], null);
            Assert.Equal(expected.Select(Plain), page.Items.Select(Plain));
            await AssertSumsAsync(subject.Store, reference);
            var detail = (await subject.Store.ReadAsync(Samples.Project, vote.ObservationId, Token))!;
            Assert.Equal(vote, Assert.Single(detail.Annotations));
            Assert.True(detail.Payload.Attributes.IsEmpty);
            Assert.Equal(records.Single(record => record.Record.Observation!.Id == vote.ObservationId).Record.Payload.Input.ToArray(), detail.Payload.Input.ToArray());
            // First as it was opened, then with every rollup built, then after a kill before the upgrade's last statement.
            await subject.SettleAsync();
            if (round == 1)
            {
                await subject.Duck.DisposeAsync();
                Layout1Folder.Rewind(subject.TelemetryFolder);
                Assert.Equal(301, await subject.OpenAsync());
            }
        }
    }

    [Fact]
    public async Task Only_hours_with_steps_lose_their_rollups_until_they_are_built_again()
    {
        var (folder, _, _) = await WriteAsync();
        await using var subject = await DuckDbUnderTest.CreateAsync(folder);
        TelemetryQuery Hour(DateTimeOffset start) => new(Samples.Project, new TimeRange(start, start.AddHours(1)), [Measure.Count]);
        Assert.True((await subject.Store.QueryAsync(Hour(s_hourWithSteps.AddHours(-1)), Token)).FromRollups);
        var before = await subject.Store.QueryAsync(Hour(s_hourWithSteps), Token);
        await subject.SettleAsync();
        var after = await subject.Store.QueryAsync(Hour(s_hourWithSteps), Token);
        Assert.Equal((false, true), (before.FromRollups, after.FromRollups));
        Assert.Equal(before.Rows.Single().Values, after.Rows.Single().Values);
    }

    [Fact]
    public async Task What_layout_1_had_no_column_for_is_kept_beside_its_rows_from_then_on()
    {
        var (folder, records, _) = await WriteAsync();
        await using var subject = await DuckDbUnderTest.CreateAsync(folder);
        var step = Samples.Observation(s_start.AddMinutes(7)) with { SpanId = "b7ad6b7169203331", TraceId = "t", PromptName = "greeting", PromptVersion = "3", Checks = CheckMarks.With(0, "groundedness", CheckMark.Fail) };
        var said = new Annotation
        {
            Id = Guid.CreateVersion7(s_start), Project = Samples.Project, Time = s_start, ObservationId = Guid.Empty, TraceId = "t", Session = "s", RequestId = "r", Name = "user_feedback", Source = "user", Number = 1,
        };
        await subject.Store.AppendAsync(Samples.Sequence(302, TelemetryRecord.Of(step, new ObservationPayload { Attributes = "{\"a\":1}"u8.ToArray() }), TelemetryRecord.Of(said)), Token);
        for (var round = 0; round < 2; round++)
        {
            var detail = (await subject.Store.ReadAsync(Samples.Project, step.Id, Token))!;
            Assert.Equal(Plain(step), Plain(detail.Observation));
            Assert.Equal("{\"a\":1}", System.Text.Encoding.UTF8.GetString(detail.Payload.Attributes.Span));
            var found = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, s_window, 1_000) { Where = [Filter.Eq("prompt_name", "greeting")] }, Token);
            Assert.Equal(step.Id, Assert.Single(found.Items).Id);
            var without = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, s_window, 1_000) { Where = [new Filter("span_id", FilterOp.Missing, [])] }, Token);
            Assert.Equal(records.Length, without.Items.Length);
            Assert.Equal(step.Id, Assert.Single((await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, s_window, 1_000) { Where = [Filter.Eq("checked", "true")] }, Token)).Items).Id);
            var annotations = await subject.Store.ReadAnnotationsAsync(new AnnotationPageRequest(new AnnotationQuery(Samples.Project, s_window) { Traces = ["t"] }, 10), Token);
            Assert.Equal(said, Assert.Single(annotations.Items));
            Assert.Equal(303, await subject.ReopenAsync());
        }
    }

    private static async Task AssertSumsAsync(ITelemetryStore store, ReferenceStore reference)
    {
        ImmutableArray<Measure> measures = [Measure.Count, Measure.CostUsd, Measure.TotalTokens, Measure.Errors, Measure.Users, Measure.LatencyP95, Measure.LastSeen, Measure.FirstSeen];
        var all = new TelemetryQuery(Samples.Project, s_window, measures);
        var sums = new TelemetryQuery(Samples.Project, s_window, measures[..4]);
        TelemetryQuery[] queries =
        [
            all, sums, all with { Step = TimeSpan.FromHours(1) }, sums with { Step = TimeSpan.FromMinutes(10) }, sums with { By = [new Dimension("model")] },
            sums with { Where = [Filter.Eq("endpoint", "chat")] }, sums with { EveryKind = true }, sums with { By = [new Dimension("kind")] },
        ];
        foreach (var query in queries)
        {
            static string Show(QueryRow row) => string.Create(CultureInfo.InvariantCulture,
                $"{row.Bucket:O} {string.Join(',', row.Group)} {string.Join(' ', row.Values.Select(value => value is null or 0 ? Samples.Number(value) : value.Value.ToString("E9", CultureInfo.InvariantCulture)))}");
            Assert.Equal(reference.Query(query).Select(Show).Order(StringComparer.Ordinal), (await store.QueryAsync(query, Token)).Rows.Select(Show).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Two hours and a bit in two days' worth of files, and the same rows as the reference should know them.</summary>
    private static async Task<(DataFolder Folder, ImmutableArray<SequencedRecord> Records, Annotation Vote)> WriteAsync()
    {
        static bool IsStep(Observation observation) => observation.StartTime >= s_hourWithSteps && observation.StartTime < s_hourWithSteps.AddHours(1) && observation.Endpoint == "chat";
        await using var today = await DuckDbUnderTest.CreateAsync();
        var records = Samples.Spread(71, 150, s_start, TimeSpan.FromHours(3)).AddRange(Samples.Spread(72, 150, s_start.AddDays(-1).AddHours(9), TimeSpan.FromHours(6), 151));
        var vote = new Annotation
        {
            Id = Guid.CreateVersion7(s_start), Project = Samples.Project, Time = s_start, ObservationId = records[3].Record.Observation!.Id, Name = "user_feedback", Source = "user", Number = 1, Text = "good",
        };
        await today.Store.AppendAsync([.. records, .. Samples.Sequence(301, TelemetryRecord.Of(vote))], Token);
        await today.SettleAsync();
        await today.Duck.DisposeAsync();
        var folder = new DataFolder(Directory.CreateTempSubdirectory("bellwether-store-").FullName);
        var from = s_hourWithSteps.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        Layout1Folder.Write(today.TelemetryFolder, folder.Sub("telemetry"),
            string.Create(CultureInfo.InvariantCulture, $"start_ticks >= {from} AND start_ticks < {from + TimeSpan.TicksPerHour} AND endpoint = 'chat'"));
        var changed = records.Select(record => record with
        {
            // Layout 1 had no column for what the validators said.
            Record = record.Record.With(record.Record.Observation! with { Kind = IsStep(record.Record.Observation!) ? ObservationKind.Chain : record.Record.Observation!.Kind, Checks = 0 }, record.Record.Payload),
        });
        return (folder, [.. changed], vote);
    }

    // Lists compare by reference.
    private static (Observation, string) Plain(Observation observation) =>
        (observation with { Properties = [] }, string.Join(';', observation.Properties.Select(property => $"{property.Key}={property.Value}")));
}
