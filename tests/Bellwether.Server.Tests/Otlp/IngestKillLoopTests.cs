using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>
/// Writers export spans while the server is killed with SIGKILL again and again, and send again what was not acknowledged, as
/// exporters do. What was acknowledged must be there afterwards, and everything once. <c>BELLWETHER_INGEST_KILL_CYCLES</c> sets the number of kills.
/// </summary>
public sealed class IngestKillLoopTests
{
    private const int Writers = 4;
    private const int BatchSpans = 5;
    // One of the writers sends requests that the journal takes in several pieces.
    private const int LargeBatchSpans = 60;
    private const int LargeTextBytes = 5_000;

    private readonly ConcurrentDictionary<string, bool> _acknowledged = new();

    private static int Cycles =>
        int.TryParse(Environment.GetEnvironmentVariable("BELLWETHER_INGEST_KILL_CYCLES"), NumberStyles.None, CultureInfo.InvariantCulture, out var cycles) ? cycles : 10;

    [Fact]
    public async Task Acknowledged_spans_are_stored_once_however_often_the_server_is_killed()
    {
        await using var server = await BellwetherProcess.StartAsync();
        var random = new Random(20261126);
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            using var stop = new CancellationTokenSource();
            var writers = Enumerable.Range(1, Writers).Select(writer => WriteAsync(server.Address, (cycle * 100) + writer, stop.Token)).ToArray();
            await Task.Delay(TimeSpan.FromSeconds(0.2 + (random.NextDouble() * 1.5)));
            await server.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(writers);
            await server.StartAgainAsync();
        }

        var acknowledged = _acknowledged.Where(entry => entry.Value).Select(entry => entry.Key).ToHashSet();
        var stored = await StoredAsync(server, acknowledged.Count);
        TestContext.Current.SendDiagnosticMessage($"{Cycles} kills, {_acknowledged.Count} spans sent, {acknowledged.Count} acknowledged, {stored.Count} stored");
        Assert.True(acknowledged.Count > Cycles * 25, $"Only {acknowledged.Count} spans were acknowledged.");
        Assert.Empty(acknowledged.Except(stored));
        Assert.Empty(stored.Except(_acknowledged.Keys));
        Assert.Equal(stored.Count, stored.Distinct().Count());
    }

    private async Task WriteAsync(Uri address, int writer, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        for (var batch = 0; !cancellationToken.IsCancellationRequested; batch++)
        {
            var isLarge = writer % 100 == Writers;
            var ids = Enumerable.Range(0, isLarge ? LargeBatchSpans : BatchSpans).Select(n => $"{writer:x6}{batch:x6}{n + 1:x4}").ToArray();
            foreach (var id in ids)
            {
                _acknowledged.TryAdd(id, false);
            }
            var body = Body(ids, isLarge ? LargeTextBytes : 10);
            try
            {
                // Twice, as after an answer that was lost.
                for (var attempt = 0; attempt < (batch % 3 == 0 ? 2 : 1); attempt++)
                {
                    using var content = new StringContent(body, Encoding.UTF8, "application/json");
                    using var response = await client.PostAsync("/v1/traces", content, cancellationToken);
                    Assert.Equal("{}", await response.Content.ReadAsStringAsync(cancellationToken));
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    foreach (var id in ids)
                    {
                        _acknowledged[id] = true;
                    }
                }
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
            {
                // Killed under way: whether they are stored is not known, and either is right.
                return;
            }
        }
    }

    private static string Body(string[] ids, int textBytes)
    {
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var spans = ids.Select(id =>
            $$$"""{"traceId":"{{{ids[0]}}}{{{ids[0]}}}","spanId":"{{{id}}}","name":"{{{id}}}","startTimeUnixNano":"{{{start}}}000000","endTimeUnixNano":"{{{start + 5}}}000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"3"}},{"key":"input.value","value":{"stringValue":"{{{new string('x', textBytes)}}}"}}]}""");
        return $$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{string.Join(',', spans)}}]}]}]}""";
    }

    private static async Task<List<string>> StoredAsync(BellwetherProcess server, int least)
    {
        // Ready means that the journal is replayed; the count is of what is committed.
        for (var i = 0; i < 300 && (await server.GetAsync("/api/v1/observations/count?from=now-1d")).GetProperty("total").GetInt64() < least; i++)
        {
            await Task.Delay(100);
        }
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await server.GetAsync($"/api/v1/observations?limit=1000&from=now-1d{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("span_id").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        return ids;
    }
}
