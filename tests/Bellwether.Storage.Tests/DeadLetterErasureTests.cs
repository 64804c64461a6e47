using System.Text;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <summary>Erasing reaches what could not be stored and waits in files of its own.</summary>
public sealed class DeadLetterErasureTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly ProjectId s_other = new("other");
    private static readonly InvalidOperationException s_error = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("bw-letters").FullName;
    private ServiceProvider _services = null!;

    public async ValueTask InitializeAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new DataFolder(_folder));
        services.AddTelemetry();
        services.AddDuckDbTelemetry();
        _services = services.BuildServiceProvider();
        await _services.GetRequiredService<TelemetryPipeline>().StartAsync(CancellationToken.None);
        var intake = _services.GetRequiredService<ITelemetryIntake>();
        while (!intake.CanAccept(out _))
        {
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<TelemetryPipeline>().StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private DeadLetters Letters => _services.GetRequiredService<DeadLetters>();

    [Fact]
    public async Task What_matches_goes_with_what_was_said_of_it_and_no_file_keeps_a_word()
    {
        var stored = Call(1, "forget-me", "stored secret");
        var waiting = Call(2, "forget-me", "waiting secret");
        var result = await _services.GetRequiredService<ITelemetryIntake>().AppendAsync(new[] { stored, Call(3, "kept", "a stored word") }, CancellationToken.None);
        Assert.True(result.Accepted);
        await _services.GetRequiredService<TelemetryPipeline>().WhenStoredAsync(CancellationToken.None);
        Inject(101, waiting);
        Inject(102, Call(4, "kept", "a waiting word"));
        Inject(103, Call(5, "forget-me", "another projects word", s_other));
        Inject(104, Call(6, "forget-me", "of another year", time: s_time.AddYears(-3)));
        Inject(105, Said(stored.Observation!.Id, "of the stored secret"));
        Inject(106, Said(Call(3, "kept", "").Observation!.Id, "of a stored word"));
        Inject(107, Said(Guid.Empty, "by the same person", author: "forget-me"));
        Assert.Equal(7, Letters.Count);
        Assert.NotEmpty(Files("waiting secret"));

        var erased = await EraseAsync(Filter.Eq("user", "forget-me"));

        Assert.Equal(1, erased.Observations);
        Assert.Equal(("dead_letters", 3L), Assert.Single(erased.Copies));
        Assert.Equal([102, 103, 104, 106], Letters.List(null, 100).Select(letter => letter.Sequence));
        foreach (var word in new[] { "waiting secret", "of the stored secret", "by the same person" })
        {
            Assert.Empty(Files(word));
        }
        foreach (var word in new[] { "a waiting word", "another projects word", "of another year", "of a stored word" })
        {
            Assert.NotEmpty(Files(word));
        }
        // Nothing was written since, and the journal has let go of it all the same.
        Assert.DoesNotContain(Files("stored secret"), path => path.Contains("journal", StringComparison.Ordinal));
        Assert.Equal(("dead_letters", 0L), Assert.Single((await EraseAsync(Filter.Eq("user", "forget-me"))).Copies));
    }

    [Theory]
    [InlineData("id", "00000002-0000-7000-8000-000000000000", true)]
    [InlineData("request_id", "req-2", true)]
    [InlineData("property.team", "search", true)]
    [InlineData("property.team", "sales", false)]
    [InlineData("model", "gpt-4o", true)]
    [InlineData("session", "", true)]
    [InlineData("user", "Forget-Me", false)]
    public async Task A_letter_is_asked_as_the_store_asks_its_rows(string field, string value, bool goes)
    {
        Inject(101, Call(2, "forget-me", "waiting secret"));
        await EraseAsync(Filter.Eq(field, value));
        Assert.Equal(goes ? 0 : 1, Letters.Count);
    }

    [Fact]
    public async Task Every_condition_must_hold_and_numbers_are_compared_as_numbers()
    {
        Inject(101, Call(2, "forget-me", "waiting secret"));
        await EraseAsync(Filter.Eq("user", "forget-me"), new Filter("latency_ms", FilterOp.Gt, ["1000"]));
        Assert.Equal(1, Letters.Count);
        await EraseAsync(Filter.Eq("user", "forget-me"), new Filter("latency_ms", FilterOp.Gte, ["250.0"]), new Filter("error_code", FilterOp.Missing, []));
        Assert.Equal(0, Letters.Count);
    }

    [Fact]
    public async Task Damaged_bytes_go_when_a_name_that_was_asked_for_stands_in_them()
    {
        Assert.True(Letters.Add(new JournalDamage("a.bwj", 64, 30, 7, TornTail: false, Encoding.UTF8.GetBytes("\u0001\u0002 user forget-me and his words"))));
        Assert.True(Letters.Add(new JournalDamage("b.bwj", 64, 30, 8, TornTail: true, Encoding.UTF8.GetBytes("\u0001\u0002 somebody else"))));

        await EraseAsync(Filter.Eq("user", "forget-me"));

        Assert.Equal(8, Assert.Single(Letters.List(null, 10)).Sequence);
        Assert.Empty(Files("his words"));
    }

    private Task<ErasureResult> EraseAsync(params Filter[] where) =>
        _services.GetRequiredService<TelemetryEraser>().EraseAsync(new EraseRequest(Samples.Project, new TimeRange(s_time.AddDays(-30), s_time.AddDays(30)), [.. where]), CancellationToken.None);

    private void Inject(long sequence, TelemetryRecord record) => Assert.True(Letters.Add(new QueuedRecord(sequence, record, 0), "store_rejected", s_error));

    private static TelemetryRecord Call(int number, string user, string text, ProjectId? project = null, DateTimeOffset? time = null) => TelemetryRecord.Of(
        new Observation
        {
            Id = new Guid(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0),
            Project = project ?? Samples.Project,
            StartTime = time ?? s_time.AddSeconds(number),
            Kind = ObservationKind.Llm,
            State = ObservationState.Ok,
            Model = "gpt-4o",
            User = user,
            RequestId = $"req-{number}",
            Timings = new Timings { TotalMs = 250 },
            Properties = [new("team", "search")],
        },
        new ObservationPayload { Input = Encoding.UTF8.GetBytes(text) });

    private static TelemetryRecord Said(Guid observation, string text, string author = "somebody") => TelemetryRecord.Of(new Annotation
    {
        Id = Guid.CreateVersion7(s_time), Project = Samples.Project, Time = s_time, ObservationId = observation, TraceId = observation == Guid.Empty ? "a-trace" : "",
        Name = "user_feedback", Source = "user", Number = 1, Text = text, Author = author,
    });

    /// <summary>Files of the whole data folder that have a text in them; those that are held as locks have none.</summary>
    private string[] Files(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) is not ("lock" or "store.lock")).Where(path =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content.AsSpan().IndexOf(bytes) >= 0;
        })];
    }
}
