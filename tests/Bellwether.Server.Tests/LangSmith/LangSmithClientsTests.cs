using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>LangSmith's SDK traces into a real server with nothing but the address changed; the API then has its runs and feedback.</summary>
public sealed class LangSmithClientsTests(LangSmithClients clients) : IClassFixture<LangSmithClients>
{
    [Theory]
    [InlineData("new_zstd", "POST /runs/multipart zstd")]
    [InlineData("new_identity", "POST /runs/multipart identity")]
    [InlineData("new_api_v1", "POST /api/v1/runs/multipart zstd")]
    [InlineData("new_single", "POST /runs identity")]
    [InlineData("old", "POST /runs/multipart gzip")]
    [InlineData("old_api", "POST /api/runs/multipart gzip")]
    public async Task A_trace_arrives_whole_by_each_way(string name, string request)
    {
        var result = Result(name);
        Assert.Contains(request, result.GetProperty("requests").EnumerateArray().Select(item => item.GetString()));
        var steps = await TraceAsync(result, 4);
        Assert.Equal(4, steps.Count);
        Assert.All(steps, step => Assert.Equal(("langsmith", name), (Text(step, "surface"), Text(step, "endpoint"))));
        var root = await DetailAsync(Step(steps, "agent"));
        Assert.Equal(
            (Text(result, "root"), "chain", "ok", "", $"user of {name}", $"thread of {name}", JsonValueKind.Null),
            (Text(root, "span_id"), Text(root, "kind"), Text(root, "state"), Text(root, "parent_id") ?? "", Text(root, "user"), Text(root, "session"), Usage(root).ValueKind));
        Assert.Equal("true", root.GetProperty("properties").GetProperty("tag.nightly").GetString());
        Assert.All(steps.Where(step => Text(step, "name") != "agent"), step => Assert.Equal(Text(root, "span_id"), Text(step, "parent_id")));

        var call = await DetailAsync(Step(steps, "ask"));
        Assert.Equal(("llm", "ok", "openai", "gpt-4o-mini", "stop"), (Text(call, "kind"), Text(call, "state"), Text(call, "provider"), Text(call, "model"), Text(call, "finish_reason")));
        Assert.Equal((1000, 500), (Usage(call).GetProperty("input_tokens").GetInt64(), Usage(call).GetProperty("output_tokens").GetInt64()));
        // gpt-4o-mini: 0.15 and 0.60 USD for a million tokens.
        Assert.Equal(0.00045m, call.GetProperty("cost").GetProperty("total_usd").GetDecimal());
        Assert.Equal("Weather in Malmö?", call.GetProperty("input").GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("Cold in Malmö", call.GetProperty("output").GetProperty("text").GetString());

        var tool = await DetailAsync(Step(steps, "weather"));
        Assert.Equal(("tool", "provider_error"), (Text(tool, "kind"), Text(tool, "state")));
        Assert.Contains("no thermometer", Text(tool.GetProperty("error"), "message"), StringComparison.Ordinal);
        Assert.Equal("retrieval", Text(Step(steps, "lookup"), "kind"));
    }

    [Theory]
    [InlineData("new_pieces")]
    [InlineData("old_pieces")]
    public async Task A_run_in_two_bodies_is_one_and_has_the_feedback_that_came_before_between_and_after(string name)
    {
        var result = Result(name);
        var call = await DetailAsync(Assert.Single(await TraceAsync(result, 1)));
        Assert.Equal((Text(result, "id"), "llm", "ok", "gpt-4o-mini"), (Text(call, "id"), Text(call, "kind"), Text(call, "state"), Text(call, "model")));
        Assert.Equal((7, 3), (Usage(call).GetProperty("input_tokens").GetInt64(), Usage(call).GetProperty("output_tokens").GetInt64()));
        Assert.Equal("Think", call.GetProperty("input").GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("Thought", call.GetProperty("output").GetProperty("text").GetString());

        var said = await FeedbackAsync(Text(result, "id")!, 3);
        Assert.Equal((1d, "before the run", "user"), (said["correctness"].GetProperty("number").GetDouble(), Text(said["correctness"], "text"), Text(said["correctness"], "source")));
        Assert.Equal(("dry", 4d), (Text(said["style"], "category"), said["stars"].GetProperty("number").GetDouble()));
    }

    [Theory]
    [InlineData("new_pieces")]
    [InlineData("old_pieces")]
    public async Task A_run_without_an_end_is_seen_as_running(string name)
    {
        var id = Text(Result(name), "running")!;
        var run = await DetailAsync(Assert.Single(await clients.Server.ObservationsAsync($"trace_id={id.Replace("-", "", StringComparison.Ordinal)}", 1)));
        Assert.Equal((id, "running", "endless"), (Text(run, "id"), Text(run, "state"), Text(run, "name")));
    }

    private JsonElement Result(string name)
    {
        var result = clients[name];
        Assert.True(result.GetProperty("threw").ValueKind == JsonValueKind.Null, result.GetRawText());
        return result;
    }

    private static string TraceId(JsonElement result) => Text(result, "trace")!.Replace("-", "", StringComparison.Ordinal);

    // The end of a run may be stored a commit after its beginning.
    private async Task<IReadOnlyList<JsonElement>> TraceAsync(JsonElement result, int count)
    {
        for (var attempt = 0; ; attempt++)
        {
            var steps = await clients.Server.ObservationsAsync($"trace_id={TraceId(result)}", count);
            if (attempt == 100 || steps.Count < count || steps.All(step => Text(step, "state") != "running"))
            {
                return steps;
            }
            await Task.Delay(100);
        }
    }

    private async Task<Dictionary<string, JsonElement>> FeedbackAsync(string id, int count)
    {
        for (var attempt = 0; ; attempt++)
        {
            var items = (await clients.Server.GetAsync($"/api/v1/feedback?observation_id={id}")).GetProperty("items").EnumerateArray().ToDictionary(item => Text(item, "name")!);
            if (attempt == 100 || items.Count >= count)
            {
                return items;
            }
            await Task.Delay(100);
        }
    }

    private Task<JsonElement> DetailAsync(JsonElement step) => clients.Server.GetAsync($"/api/v1/observations/{Text(step, "id")}");

    private static JsonElement Step(IReadOnlyList<JsonElement> steps, string name) => Assert.Single(steps, step => Text(step, "name") == name);

    private static JsonElement Usage(JsonElement step) => step.TryGetProperty("usage", out var usage) ? usage : JsonDocument.Parse("null").RootElement;

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString() : null;
}
