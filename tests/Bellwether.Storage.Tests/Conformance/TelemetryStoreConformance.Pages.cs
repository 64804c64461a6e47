using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <content>Lists and search.</content>
public abstract partial class TelemetryStoreConformance
{
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
    public async Task An_observation_is_found_without_its_texts_by_its_id_in_its_project()
    {
        await using var subject = await CreateAsync();
        var records = Samples.Spread(seed: 6, 30, s_noon.AddDays(-2), TimeSpan.FromDays(2));
        await subject.Store.AppendAsync(records, Token);
        foreach (var record in records)
        {
            var expected = record.Record.Observation!;
            Assert.Equal((await subject.Store.ReadAsync(expected.Project, expected.Id, Token))!.Observation.RequestId, (await subject.Store.FindAsync(expected.Project, expected.Id, Token))!.RequestId);
        }
        Assert.Null(await subject.Store.FindAsync(new ProjectId("elsewhere"), records[0].Record.Observation!.Id, Token));
        Assert.Null(await subject.Store.FindAsync(records[0].Record.Observation!.Project, Guid.CreateVersion7(s_noon), Token));
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
}
