using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>Recipe R3: the disk that holds journal, telemetry and state is full, really full, while calls go through.</summary>
public sealed class FullDiskTests
{
    private const int Callers = 4;
    // Generous against a slow machine; it bounds the waiting, nothing is measured.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, bool> _answered = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private int _calls;
    private int _refused;

    [Fact]
    public Task Somebody_else_fills_the_disk_and_calls_are_refused_until_there_is_space_again() => RunAsync(static _ => Task.CompletedTask);

    [Fact]
    public Task Filling_it_again_and_again_as_soon_as_there_is_space_loses_nothing() => RunAsync(FillAgainAndAgainAsync);

    /// <summary>The store merges its log all the time, so that some of the merges run into the full disk.</summary>
    [Fact]
    public Task A_disk_that_is_full_while_the_store_merges_its_log_loses_nothing() =>
        RunAsync(FillAgainAndAgainAsync, ("Bellwether__Telemetry__Store__CheckpointMb", "1"), ("Bellwether__Telemetry__BatchAge", "00:00:00.010"));

    private static async Task FillAgainAndAgainAsync(SmallDisk disk)
    {
        for (var i = 0; i < 10; i++)
        {
            disk.Fill();
            await Task.Delay(200);
            disk.Clear();
            await Task.Delay(400);
        }
    }

    private async Task RunAsync(Func<SmallDisk, Task> before, params (string Name, string Value)[] settings)
    {
        using var disk = new SmallDisk(64);
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string>(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
        {
            ["Bellwether__DataDirectory"] = disk.Folder,
        });
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", BellwetherProcess.ApiKey);
        using var stop = new CancellationTokenSource();
        var calling = Enumerable.Range(0, Callers).Select(_ => CallAsync(client, stop.Token)).ToArray();
        try
        {
            await UntilAsync(() => _answered.Count >= 200, "calls are answered");
            // What is read on the full disk has to be stored before it is full.
            await StoredAsync(server, 100);

            await before(disk);
            disk.Fill();
            var refusedBefore = Volatile.Read(ref _refused);
            await UntilAsync(() => Volatile.Read(ref _refused) >= refusedBefore + 20, "calls are refused");
            var answeredWhenFull = _answered.Count;
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            Assert.True(_answered.Count - answeredWhenFull <= Callers, "Calls are still taken on a full disk.");

            // Reads work, and what they read is whole.
            Assert.Equal(100, (await server.GetAsync("/api/v1/observations?limit=100&from=now-1h")).GetProperty("items").GetArrayLength());
            Assert.True((await server.GetAsync("/api/v1/observations/count?from=now-1h")).GetProperty("total").GetInt64() > 0);
            Assert.Equal("disk_full", (await server.GetAsync("/api/v1/system")).GetProperty("refusing").GetString());

            disk.Clear();
            var beforeSpace = _answered.Count;
            await UntilAsync(() => _answered.Count >= beforeSpace + 200, "calls are answered again");
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(calling);
        }
        Assert.Empty(_wrong);
        await AllAreStoredAsync(server);
        Assert.Equal(0, (await server.GetAsync("/api/v1/system")).GetProperty("dropped").GetInt64());

        await server.KillAsync();
        await server.StartAgainAsync();
        await AllAreStoredAsync(server);
        Assert.Empty((await server.GetAsync("/api/v1/dead-letters")).GetProperty("items").EnumerateArray());
        TestContext.Current.SendDiagnosticMessage($"{_calls} calls, {_answered.Count} answered, {_refused} refused");
        Assert.DoesNotContain("damage", server.Log, StringComparison.OrdinalIgnoreCase);
    }

    private async Task CallAsync(HttpClient client, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var id = $"disk-{Interlocked.Increment(ref _calls)}";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent("""{"model":"sim-fast","max_tokens":20,"messages":[{"role":"user","content":"Say something."}]}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("x-bellwether-request-id", id);
            using var response = await client.SendAsync(request, CancellationToken.None);
            var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                _answered[id] = true;
            }
            else if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter?.Delta > TimeSpan.Zero)
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(20, CancellationToken.None);
            }
            else
            {
                _wrong.Enqueue($"{(int)response.StatusCode} {response.Headers.RetryAfter} {body}");
            }
        }
    }

    private async Task AllAreStoredAsync(BellwetherProcess server)
    {
        var clock = Stopwatch.StartNew();
        while ((await server.GetAsync("/api/v1/observations/count?from=now-1h&state=ok")).GetProperty("total").GetInt64() < _answered.Count && clock.Elapsed < s_limit)
        {
            await Task.Delay(100);
        }
        var stored = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await server.GetAsync($"/api/v1/observations?limit=1000&from=now-1h&state=ok{(cursor.Length == 0 ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}");
            stored.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("request_id").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        Assert.Empty(_answered.Keys.Except(stored));
        Assert.Equal(stored.Count, stored.Distinct().Count());
        // None is torn: each has its texts, and they are JSON.
        foreach (var item in (await server.GetAsync("/api/v1/observations?limit=50&from=now-1h&state=ok")).GetProperty("items").EnumerateArray())
        {
            var one = await server.GetAsync($"/api/v1/observations/{item.GetProperty("id").GetString()}");
            Assert.Contains("Say something.", one.GetProperty("input").GetRawText(), StringComparison.Ordinal);
            Assert.True(one.GetProperty("output").GetRawText().Length > 10);
        }
    }

    private static async Task StoredAsync(BellwetherProcess server, int count)
    {
        var clock = Stopwatch.StartNew();
        while ((await server.GetAsync("/api/v1/observations/count?from=now-1h")).GetProperty("total").GetInt64() < count)
        {
            Assert.True(clock.Elapsed < s_limit, $"{count} calls were not stored.");
            await Task.Delay(20);
        }
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < s_limit, $"It did not come to pass that {what}: {_calls} calls, {_answered.Count} answered, {_refused} refused.");
            Assert.Empty(_wrong);
            await Task.Delay(20);
        }
    }
}
