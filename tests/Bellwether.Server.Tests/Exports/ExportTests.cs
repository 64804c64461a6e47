using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Bellwether.Server.Tests;

/// <summary>Exports of a real server: the file has what matches and nothing else, in one piece or in many, also after a crash in the middle.</summary>
public sealed class ExportTests : IAsyncLifetime
{
    private const int Runs = 2_500;
    private BellwetherProcess _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await BellwetherProcess.StartAsync();
        _http = new HttpClient { BaseAddress = _server.Address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        foreach (var some in Enumerable.Range(0, Runs).Chunk(500))
        {
            var body = JsonSerializer.Serialize(new { post = some.Select(Run) });
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync("/runs/batch", content);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }
        for (var attempt = 0; attempt < 300 && (await _server.GetAsync("/api/v1/observations/count?from=now-30d")).GetProperty("total").GetInt64() < Runs; attempt++)
        {
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Lines_have_every_match_once_and_are_fetched_in_pieces()
    {
        var export = await MakeAsync("""{"format":"jsonl","from":"now-30d","q":"kind:llm"}""");
        Assert.Equal(("done", Runs / 2, Runs / 2), (Text(export, "state"), export.GetProperty("rows").GetInt32(), export.GetProperty("total").GetInt32()));
        using var whole = await _http.GetAsync(FileOf(export));
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.Equal(export.GetProperty("file_bytes").GetInt64(), bytes.Length);
        var lines = Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Runs / 2, lines.Select(line => Text(line, "id")).Distinct().Count());
        Assert.All(lines, line => Assert.Equal("llm", Text(line, "kind")));
        Assert.False(lines[0].TryGetProperty("input", out _));

        using var first = await RangeAsync(export, 0, 999);
        using var rest = await RangeAsync(export, 1_000, null);
        Assert.Equal((HttpStatusCode.PartialContent, HttpStatusCode.PartialContent), (first.StatusCode, rest.StatusCode));
        Assert.Equal(first.Headers.ETag, rest.Headers.ETag);
        byte[] joined = [.. await first.Content.ReadAsByteArrayAsync(), .. await rest.Content.ReadAsByteArrayAsync()];
        Assert.Equal(bytes, joined);
    }

    [Fact]
    public async Task Parquet_is_read_by_another_program_and_adds_up()
    {
        var export = await MakeAsync("""{"format":"parquet","from":"now-30d","texts":true}""");
        Assert.Equal("done", Text(export, "state"));
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, await _http.GetByteArrayAsync(FileOf(export)));
            await using var duck = new DuckDBConnection("DataSource=:memory:");
            await duck.OpenAsync();
            await using var command = duck.CreateCommand();
            command.CommandText = $"SELECT count(*), count(DISTINCT id), CAST(sum(input_tokens) AS BIGINT), count(*) FILTER (WHERE input LIKE '%question%'), min(start_time) > TIMESTAMP '2020-01-01', max(endpoint) FROM read_parquet('{file}')";
            await using var row = await command.ExecuteReaderAsync();
            Assert.True(await row.ReadAsync());
            Assert.Equal((Runs, Runs, 10L * Runs / 2, Runs, true, "exported"), (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetBoolean(4), row.GetString(5)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_crash_in_the_middle_loses_and_repeats_nothing()
    {
        var export = await AskAsync("""{"format":"jsonl","from":"now-30d","texts":true}""");
        for (var attempt = 0; attempt < 1_000 && export.GetProperty("rows").GetInt32() == 0; attempt++)
        {
            await Task.Delay(5);
            export = await _server.GetAsync(PathOf(export));
        }
        await _server.KillAsync();
        await _server.StartAgainAsync();
        export = await FinishedAsync(export);
        Assert.Equal(("done", Runs), (Text(export, "state"), export.GetProperty("rows").GetInt32()));
        var lines = (await _http.GetStringAsync(FileOf(export))).TrimEnd('\n').Split('\n');
        Assert.Equal(Runs, lines.Length);
        Assert.Equal(Runs, lines.Select(line => Text(JsonDocument.Parse(line).RootElement, "id")).Distinct().Count());
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_what_is_removed_is_gone()
    {
        using var wrong = await PostAsync("""{"format":"csv","from":"yesterday","q":"colour:red"}""");
        var problem = await wrong.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.All(new[] { "format", "from", "q" }, field => Assert.Contains($"\"{field}\"", problem, StringComparison.Ordinal));
        var export = await MakeAsync("""{"format":"parquet","q":"name:nothing"}""");
        Assert.Equal(("done", 0), (Text(export, "state"), export.GetProperty("rows").GetInt32()));
        using var removed = await _http.DeleteAsync(new Uri(PathOf(export), UriKind.Relative));
        using var gone = await _http.GetAsync(FileOf(export));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.StatusCode, gone.StatusCode));
        Assert.DoesNotContain((await _server.GetAsync("/api/v1/exports")).GetProperty("items").EnumerateArray(), item => Text(item, "id") == Text(export, "id"));
    }

    [Fact]
    public async Task What_is_erased_is_in_no_file_any_more_and_the_export_can_be_made_again()
    {
        var whole = await MakeAsync("""{"format":"jsonl","from":"now-30d","texts":true}""");
        var parquet = await MakeAsync("""{"format":"parquet","from":"now-30d","q":"kind:llm"}""");
        var elsewhere = await MakeAsync("""{"format":"jsonl","from":"now-60d","to":"now-40d"}""");
        var exports = Path.Combine(_server.DataFolder, "exports");
        Assert.Contains("run 7\"", await File.ReadAllTextAsync(Path.Combine(exports, Guid.Parse(Text(whole, "id")!).ToString("N") + ".jsonl")), StringComparison.Ordinal);

        using var content = new StringContent("""{"from":"now-35d","where":[{"field":"name","op":"eq","values":["run 7"]}]}""", Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync("/api/v1/observations/erase", content);
        var erased = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((1, 2), (erased.GetProperty("erased").GetInt32(), erased.GetProperty("copies").GetProperty("exports").GetInt32()));
        foreach (var gone in new[] { whole, parquet })
        {
            using var file = await _http.GetAsync(FileOf(gone));
            var now = await _server.GetAsync(PathOf(gone));
            Assert.Equal((HttpStatusCode.Gone, "erased", JsonValueKind.Null), (file.StatusCode, Text(now, "state"), now.GetProperty("file_bytes").ValueKind));
            Assert.Contains("Make it again", Text(now, "problem"), StringComparison.Ordinal);
        }
        Assert.Equal("done", Text(await _server.GetAsync(PathOf(elsewhere)), "state"));
        Assert.Equal([Guid.Parse(Text(elsewhere, "id")!).ToString("N") + ".jsonl"], Directory.EnumerateFiles(exports).Select(Path.GetFileName).Where(name => !name!.EndsWith(".json", StringComparison.Ordinal)));

        await _server.KillAsync();
        await _server.StartAgainAsync();
        Assert.Equal("erased", Text(await _server.GetAsync(PathOf(whole)), "state"));
        var again = await MakeAsync("""{"format":"jsonl","from":"now-30d","texts":true}""");
        Assert.Equal(Runs - 1, again.GetProperty("rows").GetInt32());
        Assert.DoesNotContain("\"run 7\"", await _http.GetStringAsync(FileOf(again)), StringComparison.Ordinal);
    }

    // Every second one is a call of a model with ten tokens in.
    private static object Run(int i)
    {
        var start = TimeProvider.System.GetUtcNow().AddDays(-(i % 20)).AddSeconds(-i);
        var id = Guid.CreateVersion7(start).ToString();
        return new
        {
            id, trace_id = id, name = $"run {i}", run_type = i % 2 == 0 ? "llm" : "tool", session_name = "exported", start_time = start, end_time = start.AddSeconds(1),
            inputs = new { question = $"the question {i}" }, outputs = new { usage_metadata = new { input_tokens = 10, output_tokens = 5 } },
        };
    }

    private async Task<JsonElement> MakeAsync(string body) => await FinishedAsync(await AskAsync(body));

    private async Task<JsonElement> AskAsync(string body)
    {
        using var response = await PostAsync(body);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.PostAsync("/api/v1/exports", content);
    }

    private async Task<JsonElement> FinishedAsync(JsonElement export)
    {
        for (var attempt = 0; attempt < 1_200 && Text(export, "state") is not ("done" or "failed"); attempt++)
        {
            await Task.Delay(50);
            export = await _server.GetAsync(PathOf(export));
        }
        return export;
    }

    private async Task<HttpResponseMessage> RangeAsync(JsonElement export, long from, long? to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, FileOf(export));
        request.Headers.Range = new RangeHeaderValue(from, to);
        return await _http.SendAsync(request);
    }

    private static string PathOf(JsonElement export) => $"/api/v1/exports/{Text(export, "id")}";

    private static string FileOf(JsonElement export) => PathOf(export) + "/file";

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();
}
