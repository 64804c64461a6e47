using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using static Bellwether.Server.Tests.SinkWatch;

namespace Bellwether.Server.Tests;

/// <summary>Copies of telemetry on a disk that is really full: exports, files of sinks, outboxes.</summary>
public sealed class FullCopiesTests
{
    [Fact]
    public async Task An_export_stops_before_the_disk_is_full_says_so_and_can_be_made_when_there_is_room()
    {
        const int Runs = 600;
        using var disk = new SmallDisk(128);
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string> { ["Bellwether__DataDirectory"] = disk.Folder });
        using var http = Client(server);
        foreach (var some in Enumerable.Range(0, Runs).Chunk(100))
        {
            using var content = Json(JsonSerializer.Serialize(new { post = some.Select(i => Run(i, new string('x', 20_000))) }));
            using var response = await http.PostAsync("/runs/batch", content);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }
        await UntilAsync(async () => (await server.GetAsync("/api/v1/observations/count?from=now-30d")).GetProperty("total").GetInt64() == Runs);

        // Its rows are 12 MB and more, and what it must leave is twice 2 % of the disk.
        disk.Fill(leave: 9 << 20);
        var (_, failed) = await ExportAsync(server, http);
        Assert.Equal("failed", failed.GetProperty("state").GetString());
        Assert.Contains("nearly full", failed.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.True(disk.Free > 3 << 20, $"{disk.Free} bytes are left.");
        Assert.Equal([failed.GetProperty("id").GetGuid().ToString("N") + ".json"], Directory.EnumerateFiles(Path.Combine(disk.Folder, "exports")).Select(Path.GetFileName));

        disk.Fill();
        var (status, problem) = await ExportAsync(server, http);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The disk does not take the export. Make room, then ask again."), (status, problem.GetProperty("detail").GetString()));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(disk.Folder, "exports")));

        disk.Clear();
        var (_, done) = await ExportAsync(server, http);
        Assert.Equal(("done", Runs), (done.GetProperty("state").GetString(), done.GetProperty("rows").GetInt32()));
        await EachOnceAsync(http, done, Runs);

        // What a disk that was too full to say that it failed leaves behind: the word says that there are rows, and there are none.
        await server.KillAsync();
        var word = Path.Combine(disk.Folder, "exports", done.GetProperty("id").GetGuid().ToString("N") + ".json");
        await File.WriteAllTextAsync(word, (await File.ReadAllTextAsync(word)).Replace("\"done\"", "\"running\"", StringComparison.Ordinal).Replace("\"is_read\":true", "\"is_read\":false", StringComparison.Ordinal));
        File.Delete(Path.ChangeExtension(word, ".jsonl"));
        await server.StartAgainAsync();
        await EachOnceAsync(http, await FinishedAsync(server, done.GetProperty("id").GetString()!), Runs);
    }

    [Fact]
    public async Task A_Parquet_file_for_which_there_is_no_room_beside_its_rows_is_not_begun()
    {
        const int Runs = 600;
        using var disk = new SmallDisk(128);
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string> { ["Bellwether__DataDirectory"] = disk.Folder });
        using var http = Client(server);
        var random = new Random(7);
        foreach (var some in Enumerable.Range(0, Runs).Chunk(100))
        {
            using var content = Json(JsonSerializer.Serialize(new { post = some.Select(i => Run(i, Text())) }));
            using var response = await http.PostAsync("/runs/batch", content);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }
        await UntilAsync(async () => (await server.GetAsync("/api/v1/observations/count?from=now-30d")).GetProperty("total").GetInt64() == Runs);

        // Room for its rows of 12 MB and for what must be left, and for half of the file that is to be made of them.
        disk.Fill(leave: 24 << 20);
        var (_, failed) = await ExportAsync(server, http, "parquet");
        Assert.Equal(("failed", Runs), (failed.GetProperty("state").GetString(), failed.GetProperty("rows").GetInt32()));
        Assert.Contains("nearly full", failed.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal([failed.GetProperty("id").GetGuid().ToString("N") + ".json"], Directory.EnumerateFiles(Path.Combine(disk.Folder, "exports")).Select(Path.GetFileName));

        disk.Clear();
        var (_, done) = await ExportAsync(server, http, "parquet");
        Assert.Equal(("done", Runs), (done.GetProperty("state").GetString(), done.GetProperty("rows").GetInt32()));
        var file = await http.GetByteArrayAsync($"/api/v1/exports/{done.GetProperty("id").GetString()}/file");
        Assert.Equal(("PAR1", "PAR1"), (Encoding.ASCII.GetString(file[..4]), Encoding.ASCII.GetString(file[^4..])));

        // No two alike, or a file of columns would be a tenth of its rows.
        string Text()
        {
            var bytes = new byte[15_000];
            random.NextBytes(bytes);
            return Convert.ToBase64String(bytes);
        }
    }

    [Fact]
    public async Task Files_of_a_sink_have_whole_lines_whatever_the_disk_took_and_a_kill_left()
    {
        using var disk = new SmallDisk(4);
        var today = Path.Combine(disk.Folder, string.Create(CultureInfo.InvariantCulture, $"observations-{TimeProvider.System.GetUtcNow():yyyy-MM-dd}.jsonl"));
        await File.WriteAllTextAsync(today, "{\"id\":\"before\"}\n{\"id\":\"killed in the mid");
        disk.Fill(leave: 12 << 10);
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
        {
            ["Bellwether__Sinks__files__Kind"] = "Jsonl",
            ["Bellwether__Sinks__files__Folder"] = disk.Folder,
        });
        using var http = Client(server);
        var made = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            made.Add(await CallAsync(http));
        }
        await UntilAsync(async () => (await TheSinkAsync(server)).GetProperty("last_problem").GetString() == "cannot be written");
        Assert.All(await LinesAsync(disk.Folder), line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));

        disk.Clear();
        await UntilAsync(async () => (await TheSinkAsync(server)).GetProperty("waiting").GetInt64() == 0);
        Assert.Equal(["before", .. made], (await LinesAsync(disk.Folder)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task What_waits_for_a_receiver_is_delivered_also_while_the_disk_takes_nothing()
    {
        using var disk = new SmallDisk(64);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (503, "");
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
        {
            ["Bellwether__DataDirectory"] = disk.Folder,
            ["Bellwether__Sinks__hog__Kind"] = "PostHog",
            ["Bellwether__Sinks__hog__Url"] = receiver.Address.ToString(),
            ["Bellwether__Sinks__hog__ApiKey"] = "phc",
            ["Bellwether__Sinks__hog__BatchRecords"] = "5",
        });
        using var http = Client(server);
        for (var i = 0; i < 20; i++)
        {
            await CallAsync(http);
        }
        await UntilAsync(async () => (await TheSinkAsync(server)).GetProperty("waiting").GetInt64() == 20);
        disk.Fill();
        receiver.Answer = (200, """{"status":1}""");
        await UntilAsync(async () => (await TheSinkAsync(server)).GetProperty("waiting").GetInt64() == 0);
        var status = await TheSinkAsync(server);
        Assert.Equal((20, "ok", true), (status.GetProperty("delivered").GetInt64(), status.GetProperty("state").GetString(), status.GetProperty("last_problem").GetString()!.StartsWith("is delivered, but the disk", StringComparison.Ordinal)));

        disk.Clear();
        await UntilAsync(async () => !(await server.GetAsync("/api/v1/system")).TryGetProperty("refusing", out _));
        await CallAsync(http);
        await UntilAsync(async () => (await TheSinkAsync(server)).GetProperty("delivered").GetInt64() == 21);
        Assert.Equal("", (await TheSinkAsync(server)).GetProperty("last_problem").GetString());
        Assert.DoesNotContain(server.Errors, line => line.Contains("Bellwether.Sinks", StringComparison.Ordinal));
    }

    private static object Run(int i, string text)
    {
        var start = TimeProvider.System.GetUtcNow().AddSeconds(-i);
        var id = Guid.CreateVersion7(start).ToString();
        return new { id, trace_id = id, name = $"run {i}", run_type = "tool", start_time = start, end_time = start.AddSeconds(1), inputs = new { text = text + i }, outputs = new { } };
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> ExportAsync(BellwetherProcess server, HttpClient http, string format = "jsonl")
    {
        using var content = Json($$"""{"format":"{{format}}","from":"now-30d","texts":true}""");
        using var response = await http.PostAsync("/api/v1/exports", content);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return (response.StatusCode, response.StatusCode == HttpStatusCode.Accepted ? await FinishedAsync(server, answer.GetProperty("id").GetString()!) : answer);
    }

    private static async Task<JsonElement> FinishedAsync(BellwetherProcess server, string id)
    {
        JsonElement export = default;
        await UntilAsync(async () => (export = await server.GetAsync("/api/v1/exports/" + id)).GetProperty("state").GetString() is "done" or "failed");
        return export;
    }

    private static async Task EachOnceAsync(HttpClient http, JsonElement export, int runs)
    {
        var lines = (await http.GetStringAsync($"/api/v1/exports/{export.GetProperty("id").GetString()}/file")).TrimEnd('\n').Split('\n');
        Assert.Equal((runs, runs), (lines.Length, lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()).Distinct().Count()));
    }

    private static async Task<string[]> LinesAsync(string folder)
    {
        var all = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            all.AddRange((await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        return [.. all];
    }

    private static HttpClient Client(BellwetherProcess server)
    {
        var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        return http;
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<string> CallAsync(HttpClient http)
    {
        using var content = Json("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Tell me about owls."}]}""");
        using var response = await http.PostAsync("/v1/chat/completions", content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.Headers.GetValues("x-bellwether-id").Single();
    }
}
