using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>
/// Recipe R1: writers call models through the gateway while the server is killed with SIGKILL again and again. What a caller
/// got an answer for must be there afterwards, once. <c>BELLWETHER_KILL_CYCLES</c> sets the number of kills.
/// </summary>
public sealed class KillLoopTests : IDisposable
{
    private const int Writers = 4;
    private const string Key = "bw-kill-loop-administrator";

    private readonly string _folder = Directory.CreateTempSubdirectory("bellwether-kill").FullName;
    private readonly int _port = FreePort();
    private readonly ConcurrentDictionary<string, string> _outcomes = new();
    private Process? _server;

    private static int Cycles =>
        int.TryParse(Environment.GetEnvironmentVariable("BELLWETHER_KILL_CYCLES"), NumberStyles.None, CultureInfo.InvariantCulture, out var cycles) ? cycles : 10;

    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_answered_is_stored_once_however_often_the_server_is_killed()
    {
        var random = new Random(20261123);
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            await StartAsync();
            using var stop = new CancellationTokenSource();
            var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync($"c{cycle}-w{writer}", stop.Token)).ToArray();
            await Task.Delay(TimeSpan.FromSeconds(0.2 + (random.NextDouble() * 2.8)));
            Kill();
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }

        await StartAsync();
        var answered = _outcomes.Where(entry => entry.Value == "ok").Select(entry => entry.Key).ToHashSet();
        var stored = await StoredAsync(answered.Count);
        TestContext.Current.SendDiagnosticMessage(
            $"{Cycles} kills, {_outcomes.Count} attempts, {answered.Count} answered, {stored.Count} stored, {_outcomes.Count - answered.Count} unknown");
        Assert.True(answered.Count > Cycles * 5, $"Only {answered.Count} calls were answered.");
        Assert.Empty(answered.Except(stored));
        Assert.Empty(stored.Except(_outcomes.Keys));
        Assert.Equal(stored.Count, stored.Distinct().Count());
    }

    private async Task WriteAsync(string name, CancellationToken cancellationToken)
    {
        using var client = Client();
        for (var n = 0; !cancellationToken.IsCancellationRequested; n++)
        {
            var id = $"{name}-{n}";
            _outcomes[id] = "unknown";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent("""{"model":"sim-fast","max_tokens":20,"messages":[{"role":"user","content":"Say something."}]}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("x-bellwether-request-id", id);
            try
            {
                using var response = await client.SendAsync(request, cancellationToken);
                await response.Content.ReadAsByteArrayAsync(cancellationToken);
                _outcomes[id] = response.StatusCode == HttpStatusCode.OK ? "ok" : "refused";
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                // Killed under way: whether it was stored is not known, and either is right.
                return;
            }
        }
    }

    private async Task<List<string>> StoredAsync(int least)
    {
        using var client = Client();
        // Ready means that the journal is replayed; the count is of what is committed.
        for (var i = 0; i < 100; i++)
        {
            using var count = JsonDocument.Parse(await client.GetStringAsync("/api/v1/observations/count?from=now-1d"));
            if (count.RootElement.GetProperty("total").GetInt64() >= least)
            {
                break;
            }
            await Task.Delay(100);
        }
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetStringAsync($"/api/v1/observations?limit=200&from=now-1d{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}");
            using var json = JsonDocument.Parse(page);
            ids.AddRange(json.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("request_id").GetString()!));
            cursor = json.RootElement.GetProperty("next").GetString();
        }
        while (cursor is not null);
        return ids;
    }

    private async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "bellwether-server.dll"), "--urls", $"http://127.0.0.1:{_port}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Bellwether__DataDirectory"] = _folder;
        start.Environment["Bellwether__Bootstrap__ApiKey"] = Key;
        start.Environment["Bellwether__Otlp__GrpcPort"] = "0";
        start.Environment["Bellwether__Otlp__HttpPort"] = "0";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        var output = new StringBuilder();
        _server = Process.Start(start)!;
        _server.OutputDataReceived += (_, line) => { lock (output) { output.AppendLine(line.Data); } };
        _server.ErrorDataReceived += (_, line) => { lock (output) { output.AppendLine(line.Data); } };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        using var client = Client();
        for (var i = 0; i < 600; i++)
        {
            try
            {
                using var ready = await client.GetAsync("/readyz");
                if (ready.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            Assert.False(_server.HasExited, output.ToString());
            await Task.Delay(100);
        }
        Assert.Fail("Not ready within a minute: " + output);
    }

    private void Kill()
    {
        if (_server is { } server)
        {
            _server = null;
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }
    }

    private HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return client;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
