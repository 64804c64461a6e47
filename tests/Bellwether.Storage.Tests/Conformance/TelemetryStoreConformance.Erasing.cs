using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <content>Erasure and retention.</content>
public abstract partial class TelemetryStoreConformance
{
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
    public async Task What_was_said_of_a_span_by_its_own_id_goes_with_it()
    {
        await using var subject = await CreateAsync();
        var step = Samples.Observation(s_noon) with { User = "user-7", SpanId = "00f067aa0ba902b7" };
        Annotation Said(string span) => new()
        {
            Id = Guid.CreateVersion7(s_noon), Project = Samples.Project, Time = s_noon, ObservationId = ObservationIds.OfSpan(Samples.Project, span), Name = "tone", Source = "user", Category = span,
        };
        await subject.Store.AppendAsync(Samples.Sequence(1, TelemetryRecord.Of(step, Samples.Text("words")), TelemetryRecord.Of(Said(step.SpanId)), TelemetryRecord.Of(Said("another"))), Token);
        await subject.SettleAsync();

        Assert.Equal(1, await subject.Store.EraseAsync(new EraseRequest(Samples.Project, s_month, [Filter.Eq("user", "user-7")]), Token));

        var left = await subject.Store.ReadAnnotationsAsync(new AnnotationPageRequest(new AnnotationQuery(Samples.Project, AnnotationQuery.AllTime), 10), Token);
        Assert.Equal("another", Assert.Single(left.Items).Category);
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
}
