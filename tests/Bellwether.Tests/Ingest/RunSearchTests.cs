using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Bellwether.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Ingest;

/// <summary>Looking for runs that the store cannot tell from others: what is found is given, and what would take too long is refused.</summary>
public sealed class RunSearchTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Pages_follow_one_another_through_runs_of_one_instant()
    {
        var store = new ListedRuns(1_000, i => s_noon.AddSeconds(-(i / 400)));
        foreach (var order in new[] { "desc", "asc" })
        {
            var read = await AllAsync(store, new JsonObject { ["filter"] = """not(eq(name, "run 7"))""", ["order"] = order, ["limit"] = 90 });
            Assert.Equal(999, read.Count);
            var positions = read.ConvertAll(RunPosition.Of);
            Assert.Equal(order == "asc" ? positions.Order() : positions.OrderDescending(), positions);
        }
    }

    [Fact]
    public async Task A_page_that_would_take_long_to_fill_is_given_as_it_is_and_the_next_goes_on()
    {
        var store = new ListedRuns(60_000, i => s_noon.AddSeconds(-i));
        var query = new JsonObject { ["filter"] = """or(eq(name, "run 5"), eq(name, "run 30000"))""" };
        var first = await SearchAsync(store, query);
        Assert.Equal("run 5", Assert.Single(first.Items).Name);
        Assert.NotNull(first.Next);
        Assert.InRange(store.Read, 20_000, 22_000);
        Assert.Equal(["run 5", "run 30000"], (await AllAsync(store, query)).Select(run => run.Name));
    }

    [Fact]
    public async Task Nothing_among_a_hundred_thousand_is_refused_and_not_answered_with_nothing()
    {
        var store = new ListedRuns(120_000, i => s_noon.AddSeconds(-i));
        var refusal = await Assert.ThrowsAsync<LangSmithRefusal>(() => SearchAsync(store, new JsonObject { ["filter"] = """not(search(name, "run"))""" }));
        Assert.Equal((422, true), (refusal.Status, refusal.Message.StartsWith("start_time: 100", StringComparison.Ordinal)));
        var sorted = await Assert.ThrowsAsync<LangSmithRefusal>(() => SearchAsync(store, new JsonObject { ["order"] = "asc" }));
        Assert.StartsWith("order: more than 10000", sorted.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""eq(thread_id, "jane@example.com")""", 1)]
    [InlineData("""eq(thread_id, "hash of jane@example.com")""", 1)]
    [InlineData("""or(in(thread_id, ["jane@example.com", "nobody"]), eq(name, "run 7"))""", 2)]
    [InlineData("""and(not(neq(thread_id, "jane@example.com")), eq(is_root, true))""", 1)]
    [InlineData("""eq(thread_id, "john@example.com")""", 0)]
    public async Task A_thread_is_asked_for_as_its_sender_named_it_although_only_its_hash_is_stored(string filter, int found)
    {
        var store = new ListedRuns(10, i => s_noon.AddSeconds(-i), i => i == 3 ? "hash of jane@example.com" : "thread");
        foreach (var field in new[] { "filter", "trace_filter", "tree_filter" })
        {
            Assert.Equal(found, (await SearchAsync(store, new JsonObject { [field] = filter }, new CaptureFilters([new HashingFilter()]))).Items.Count);
        }
    }

    private static async Task<List<Observation>> AllAsync(ListedRuns store, JsonObject body)
    {
        var read = new List<Observation>();
        while (true)
        {
            var page = await SearchAsync(store, body);
            read.AddRange(page.Items);
            if (page.Next is not { } next)
            {
                return read;
            }
            body["cursor"] = next.ToString();
        }
    }

    private static Task<RunPage> SearchAsync(ListedRuns store, JsonObject body, CaptureFilters? names = null)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = new LangSmithMeters(services.GetRequiredService<IMeterFactory>());
        var projects = new LangSmithProjects(new ClientDocuments(new BrokenState()), meters, new FakeTimeProvider(s_noon), NullLogger<LangSmithProjects>.Instance);
        return new RunSearch(new TelemetryReader(store, new KeepingIntake(), names ?? CaptureFilters.None, [])).SearchAsync(ProjectId.Default, RunQuery.Of(body, projects, ProjectId.Default, names ?? CaptureFilters.None), CancellationToken.None);
    }

    /// <summary>Runs by number, handed over newest first, whatever the conditions: as a store may that decides nothing.</summary>
    private sealed class ListedRuns : ITelemetryStore
    {
        private readonly List<Observation> _runs;

        public ListedRuns(int count, Func<int, DateTimeOffset> start, Func<int, string>? session = null) => _runs = [.. Enumerable.Range(0, count).Select(i => new Observation
        {
            Id = ObservationIds.Of("run", start(i), i.ToString(CultureInfo.InvariantCulture)), Project = ProjectId.Default, StartTime = start(i), Kind = ObservationKind.Chain, State = ObservationState.Ok,
            Name = string.Create(CultureInfo.InvariantCulture, $"run {i}"), Session = session?.Invoke(i) ?? "",
        }).OrderByDescending(RunPosition.Of)];

        /// <summary>How many were handed over.</summary>
        public int Read { get; private set; }

        public ValueTask<ObservationPage> ReadPageAsync(ObservationPageRequest request, CancellationToken cancellationToken)
        {
            var at = request.Cursor is { } cursor ? int.Parse(cursor, CultureInfo.InvariantCulture) : _runs.FindIndex(run => run.StartTime < request.Window.To);
            ImmutableArray<Observation> items = at < 0 ? [] : [.. _runs.Skip(at).Take(request.Limit).TakeWhile(run => run.StartTime >= request.Window.From)];
            Read += items.Length;
            var next = at + items.Length;
            return new(new ObservationPage(items, items.Length == request.Limit && next < _runs.Count ? next.ToString(CultureInfo.InvariantCulture) : null));
        }

        public ValueTask<long> OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask AppendAsync(ImmutableArray<SequencedRecord> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<QueryResult> QueryAsync(TelemetryQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<ObservationDetail?> ReadAsync(ProjectId project, Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<Observation?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<ImmutableArray<ObservationPayload>> ReadPayloadsAsync(ProjectId project, ImmutableArray<Observation> observations, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<TraceSteps> ReadTraceAsync(TraceRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<AnnotationPage> ReadAnnotationsAsync(AnnotationPageRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<ImmutableArray<AnnotationCount>> CountAnnotationsAsync(AnnotationQuery query, TimeSpan? step, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> EraseAsync(EraseRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<RepriceResult> RepriceAsync(RepriceRequest request, Func<PricedCall, Cost?> price, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DropBeforeAsync(DateTimeOffset metricsBefore, DateTimeOffset payloadsBefore, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
