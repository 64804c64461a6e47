using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Telemetry;
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
public abstract partial class TelemetryStoreConformance
{
    private static readonly DateTimeOffset s_noon = Samples.Noon;
    private static readonly TimeRange s_day = new(s_noon.AddHours(-12), s_noon.AddHours(12));
    private static readonly TimeRange s_month = new(s_noon.AddDays(-20), s_noon.AddDays(10));

    // A query that asks for the first time as well is answered from the rows alone.
    private static readonly ImmutableArray<Measure> s_inRollups = [.. Enum.GetValues<Measure>().Except([Measure.FirstSeen])];

    protected abstract Task<IStoreUnderTest> CreateAsync();

    private static CancellationToken Token => Xunit.TestContext.Current.CancellationToken;

    private static Task<ObservationPage> Page(ITelemetryStore store, TimeRange window, int limit = 1_000, string? cursor = null, string? text = null, params ImmutableArray<Filter> where) =>
        store.ReadPageAsync(new ObservationPageRequest(Samples.Project, window, limit) { Cursor = cursor, Text = text, Where = where }, Token).AsTask();

    private static async Task<double?> Total(ITelemetryStore store, Measure measure, TimeRange window, params ImmutableArray<Filter> where) =>
        (await store.QueryAsync(new TelemetryQuery(Samples.Project, window, [measure]) { Where = where }, Token)).Rows.Single().Values[0];

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
