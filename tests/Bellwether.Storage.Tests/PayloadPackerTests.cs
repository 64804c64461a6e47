using System.Text;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <summary>The texts of today lie in their file as they came, those of a day that is over are compressed.</summary>
public sealed class PayloadPackerTests
{
    private static readonly string s_secret = "the quick brown fox of project Aurora";

    [Fact]
    public async Task Texts_of_a_day_are_compressed_when_it_is_over_and_stay_what_they_were()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        var today = subject.Clock.GetUtcNow();
        var run = Samples.Observation(today.AddMinutes(5)) with { State = ObservationState.Running };
        await subject.Store.AppendAsync(LongTexts(today, 300), CancellationToken.None);
        await subject.Store.AppendAsync(Samples.Sequence(301, TelemetryRecord.Of(run, Samples.Text("first words"), mayReplace: true)), CancellationToken.None);
        await subject.Duck.PackAllAsync(CancellationToken.None);
        await subject.ReopenAsync();
        Assert.True(Contains(subject, s_secret), "Today's texts were expected as they came.");
        var before = await EverythingAsync(subject);
        var loose = PayloadFile(subject).Length;

        subject.Clock.Advance(TimeSpan.FromHours(14));
        await subject.Duck.PackAllAsync(CancellationToken.None);

        Assert.InRange(PayloadFile(subject).Length, 1, loose * 3 / 4);
        Assert.Equal(before, await EverythingAsync(subject));
        Assert.Equal(["m20261121", "p20261121"], subject.DayFiles());
        Assert.DoesNotContain(Directory.GetFiles(subject.TelemetryFolder), path => path.Contains(".new", StringComparison.Ordinal));
        // The file goes on as before: a late version takes the place of the one that was packed, also after a start.
        await subject.Store.AppendAsync(Samples.Sequence(302, TelemetryRecord.Of(run with { State = ObservationState.Ok }, Samples.Text("last words"), mayReplace: true)), CancellationToken.None);
        Assert.Equal(302, await subject.ReopenAsync());
        await subject.Duck.PackAllAsync(CancellationToken.None);
        Assert.Equal(before.Count, (await EverythingAsync(subject)).Count);
        Assert.StartsWith("last words", (await subject.Store.ReadAsync(Samples.Project, run.Id, CancellationToken.None))!.Payload.SearchText, StringComparison.Ordinal);
    }

    /// <summary>A block that is free keeps its bytes; a file that was written anew has none of them.</summary>
    [Fact]
    public async Task Of_erased_texts_of_today_no_file_keeps_a_word()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        var today = subject.Clock.GetUtcNow();
        var theirs = Samples.Observation(today.AddMinutes(1)) with { User = "eve" };
        await subject.Store.AppendAsync(Samples.Spread(81, 50, today, TimeSpan.FromHours(1)), CancellationToken.None);
        await subject.Store.AppendAsync(Samples.Sequence(51, TelemetryRecord.Of(theirs, Samples.Text(s_secret))), CancellationToken.None);
        await subject.ReopenAsync();
        Assert.True(Contains(subject, s_secret), "The text was expected in a file before it is erased.");

        var erased = await subject.Store.EraseAsync(new EraseRequest(Samples.Project, Window(subject), [Filter.Eq("user", "eve")]), CancellationToken.None);

        Assert.Equal(1, erased);
        Assert.False(Contains(subject, s_secret), "A file still has the erased text.");
        Assert.Equal(50, (await EverythingAsync(subject)).Count);
        Assert.Equal(51, await subject.ReopenAsync());
    }

    /// <summary>In a file that is compressed already, and in the one that says who called and when.</summary>
    [Fact]
    public async Task Of_what_is_erased_from_a_day_that_is_over_no_file_keeps_a_word()
    {
        const string Eve = "eve-of-project-aurora", Header = "> x-request-tag: aurora-4711";
        await using var subject = await DuckDbUnderTest.CreateAsync();
        var today = subject.Clock.GetUtcNow();
        var theirs = Samples.Observation(today.AddMinutes(1)) with { User = Eve };
        await subject.Store.AppendAsync(Samples.Spread(82, 50, today, TimeSpan.FromHours(1)), CancellationToken.None);
        await subject.Store.AppendAsync(Samples.Sequence(51, TelemetryRecord.Of(theirs, Samples.Text(s_secret) with { Headers = Header })), CancellationToken.None);
        subject.Clock.Advance(TimeSpan.FromHours(14));
        await subject.Duck.PackAllAsync(CancellationToken.None);
        await subject.ReopenAsync();
        Assert.Contains(FilesWith(subject, Eve), path => Path.GetFileName(path) == "m20261121.duckdb");
        Assert.Contains(FilesWith(subject, Header), path => Path.GetFileName(path) == "p20261121.duckdb");

        var erased = await subject.Store.EraseAsync(new EraseRequest(Samples.Project, Window(subject), [Filter.Eq("user", Eve)]), CancellationToken.None);

        Assert.Equal(1, erased);
        // The main file has sums by user, whose free blocks are left to DuckDB: decision 2, "Known limits".
        Assert.DoesNotContain(FilesWith(subject, Eve), path => Path.GetFileName(path) is [not 's', ..]);
        Assert.Empty(FilesWith(subject, Header));
        Assert.Equal(51, await subject.ReopenAsync());
        Assert.Equal(50, (await EverythingAsync(subject)).Count);
    }

    /// <summary>Between the payloads of a batch and its metrics nothing tells of the payloads; the version that replaces them must not leave them behind.</summary>
    [Fact]
    public async Task A_payload_that_a_kill_left_without_its_metrics_goes_when_a_later_version_comes()
    {
        await using var subject = await DuckDbUnderTest.CreateAsync();
        var today = subject.Clock.GetUtcNow();
        var run = Samples.Observation(today.AddMinutes(5));
        await subject.Store.AppendAsync(Samples.Spread(91, 20, today, TimeSpan.FromHours(1)), CancellationToken.None);
        var older = await subject.CopyFilesAsync();
        var first = TelemetryRecord.Of(run with { Model = "first" }, Samples.Text("first words"), mayReplace: true);
        var second = TelemetryRecord.Of(run with { Model = "second" }, Samples.Text("second words"), mayReplace: true);
        await subject.Store.AppendAsync(Samples.Sequence(21, first), CancellationToken.None);
        await subject.RestoreAsync(older, keep: ["p20261121"]);
        Assert.Equal(20, await subject.OpenAsync());

        await subject.Store.AppendAsync(Samples.Sequence(21, first, second), CancellationToken.None);

        Assert.Equal("second", (await subject.Store.ReadAsync(Samples.Project, run.Id, CancellationToken.None))!.Observation.Model);
        var found = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, Window(subject), 100) { Text = "first words" }, CancellationToken.None);
        Assert.Empty(found.Items);
    }

    private static System.Collections.Immutable.ImmutableArray<SequencedRecord> LongTexts(DateTimeOffset from, int count)
    {
        var random = new Random(7);
        return Samples.Sequence(1, Enumerable.Range(0, count).Select(i =>
        {
            var text = string.Join(' ', Enumerable.Range(0, 400).Select(_ => $"{(char)('a' + random.Next(26))}word{random.Next(60)}"));
            return TelemetryRecord.Of(Samples.Random(random, from.AddSeconds(i)), Samples.Text($"{s_secret} {text}"));
        }));
    }

    private static TimeRange Window(DuckDbUnderTest subject) => new(subject.Clock.GetUtcNow().AddDays(-2), subject.Clock.GetUtcNow().AddDays(2));

    private static FileInfo PayloadFile(DuckDbUnderTest subject) => new(Path.Combine(subject.TelemetryFolder, "p20261121.duckdb"));

    private static async Task<List<string>> EverythingAsync(DuckDbUnderTest subject)
    {
        var page = await subject.Store.ReadPageAsync(new ObservationPageRequest(Samples.Project, Window(subject), 1_000), CancellationToken.None);
        var everything = new List<string>();
        foreach (var observation in page.Items)
        {
            var payload = (await subject.Store.ReadAsync(Samples.Project, observation.Id, CancellationToken.None))!.Payload;
            everything.Add($"{observation.Id} {Encoding.UTF8.GetString(payload.Input.Span)} {Encoding.UTF8.GetString(payload.Output.Span)} {payload.Headers} {payload.SearchText}");
        }
        return everything;
    }

    private static bool Contains(DuckDbUnderTest subject, string text) => FilesWith(subject, text).Length > 0;

    private static string[] FilesWith(DuckDbUnderTest subject, string text) =>
        Array.FindAll(Directory.GetFiles(subject.TelemetryFolder, "*.duckdb*"), path =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        });
}
