using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>The npm package langfuse traces into a real server with nothing but address and keys changed; the API then has its steps and scores.</summary>
public sealed class LangfuseClientsTests(LangfuseClients clients) : IClassFixture<LangfuseClients>
{
    [Theory]
    [InlineData("chain", 1)]
    [InlineData("one_by_one", 8)]
    public async Task A_chain_arrives_whole_in_one_batch_and_in_many(string name, int requests)
    {
        var result = Result(name);
        var sent = result.GetProperty("requests").EnumerateArray().Select(item => item.GetString()!).ToList();
        Assert.All(sent, request => Assert.Equal("POST /api/public/ingestion identity", request));
        Assert.True(sent.Count >= requests, string.Join('\n', sent));
        var steps = await TraceAsync(result, 5);
        Assert.Equal(5, steps.Count);
        Assert.All(steps, step => Assert.Equal(
            ("langfuse", $"chain of {name}", $"user of {name}", $"session of {name}"), (Text(step, "surface"), Text(step, "endpoint"), Text(step, "user"), Text(step, "session"))));

        var root = await DetailAsync(Step(steps, $"chain of {name}"));
        Assert.Equal(("chain", "ok", ""), (Text(root, "kind"), Text(root, "state"), Text(root, "parent_id") ?? ""));
        Assert.Equal(1800, root.GetProperty("timings").GetProperty("total_ms").GetDouble(), 1d);
        Assert.Equal(("nightly,eu", "r7", "search"), (Property(root, "tags"), Property(root, "release"), Property(root, "team")));
        Assert.Equal("Weather in Malmö?", root.GetProperty("input").GetProperty("question").GetString());
        Assert.Equal("Cold in Malmö", root.GetProperty("output").GetProperty("answer").GetString());

        var span = Step(steps, "answer");
        Assert.Equal((Text(root, "span_id"), Text(result, "span"), "chain"), (Text(span, "parent_id"), Text(span, "span_id"), Text(span, "kind")));
        Assert.Equal(Text(root, "span_id"), Text(Step(steps, "shown"), "parent_id"));
        var lookup = await DetailAsync(Step(steps, "lookup"));
        Assert.Equal((Text(span, "span_id"), "provider_error", "rate_limited"), (Text(lookup, "parent_id"), Text(lookup, "state"), Text(lookup.GetProperty("error"), "type")));
        Assert.Equal("RateLimitError: too many look-ups", Text(lookup.GetProperty("error"), "message"));

        var call = await DetailAsync(Step(steps, "ask"));
        Assert.Equal((Text(result, "generation"), Text(span, "span_id"), "llm", "ok", "openai", "gpt-4o-mini"), (Text(call, "id"), Text(call, "parent_id"), Text(call, "kind"), Text(call, "state"), Text(call, "provider"), Text(call, "model")));
        var usage = call.GetProperty("usage");
        Assert.Equal((1000, 500, 200, 100), (Number(usage, "input_tokens"), Number(usage, "output_tokens"), Number(usage, "cache_read_tokens"), Number(usage, "reasoning_tokens")));
        // gpt-4o-mini for a million tokens: 0.15 USD, 0.075 USD of it cached, 0.60 USD out.
        Assert.Equal(0.000435m, call.GetProperty("cost").GetProperty("total_usd").GetDecimal());
        Assert.Equal(250, call.GetProperty("timings").GetProperty("ttft_ms").GetDouble(), 1d);
        Assert.Equal(1000, call.GetProperty("timings").GetProperty("total_ms").GetDouble(), 1d);
        Assert.Equal(("weather", "3"), (Text(call, "prompt_name"), Text(call, "prompt_version")));
        Assert.Equal("nightly,eu", Property(call, "tags"));
        Assert.Equal(["system", "user"], call.GetProperty("input").GetProperty("messages").EnumerateArray().Select(message => Text(message, "role")));
        Assert.Equal("Cold in Malmö", call.GetProperty("output").GetProperty("text").GetString());

        var said = await FeedbackAsync($"observation_id={Text(call, "id")}", 2);
        Assert.Equal((0.75, "dry"), (said["accuracy"].GetProperty("number").GetDouble(), Text(said["tone"], "category")));
        var helpful = (await FeedbackAsync($"trace_id={TraceId(result)}", 1))["helpful"];
        Assert.Equal((1d, "good answer"), (helpful.GetProperty("number").GetDouble(), Text(helpful, "text")));
    }

    [Fact]
    public async Task A_generation_in_three_batches_is_one_and_gets_the_user_that_its_trace_got_later()
    {
        var result = Result("late");
        for (var attempt = 0; ; attempt++)
        {
            var steps = await TraceAsync(result, 2);
            var call = await DetailAsync(Step(steps, "ask"));
            if (attempt < 100 && Text(call, "user") != "late user")
            {
                await Task.Delay(100);
                continue;
            }
            Assert.Equal(2, steps.Count);
            Assert.Equal(
                (Text(result, "generation"), "ok", "my-own-model", "late user", "late session", "late"),
                (Text(call, "id"), Text(call, "state"), Text(call, "model"), Text(call, "user"), Text(call, "session"), Text(call, "endpoint")));
            Assert.Equal((7, 3, 0.003m), (Number(call.GetProperty("usage"), "input_tokens"), Number(call.GetProperty("usage"), "output_tokens"), call.GetProperty("cost").GetProperty("total_usd").GetDecimal()));
            Assert.Equal("Hi", call.GetProperty("input").GetProperty("messages")[0].GetProperty("content").GetString());
            Assert.Equal("Hello", call.GetProperty("output").GetProperty("text").GetString());
            return;
        }
    }

    [Fact]
    public async Task The_wrapper_around_an_OpenAI_client_counts_cached_tokens_once()
    {
        Result("wrapped");
        var call = await DetailAsync((await clients.Server.ObservationsAsync("user=ada&kind=llm", 1))[0]);
        Assert.Equal(("greet", "gpt-4o-mini-2024-07-18", "s-1"), (Text(call, "name"), Text(call, "model"), Text(call, "session")));
        Assert.Equal((12, 4, 8), (Number(call.GetProperty("usage"), "input_tokens"), Number(call.GetProperty("usage"), "output_tokens"), Number(call.GetProperty("usage"), "cache_read_tokens")));
        Assert.Equal("Hello Ada", call.GetProperty("output").GetProperty("text").GetString());
        Assert.True(call.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
    }

    [Fact]
    public async Task One_event_that_cannot_be_kept_is_told_and_its_neighbours_are_kept()
    {
        var result = Result("broken");
        Assert.Contains("body.value: must be a number", Assert.Single(result.GetProperty("errors").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(["broken", "whole"], (await TraceAsync(result, 2)).Select(step => Text(step, "name")).Order());
    }

    [Fact]
    public void A_wrong_key_is_told_so()
    {
        Assert.Contains("The Bellwether key is missing, unknown, revoked or expired.", Assert.Single(Result("unauthorised").GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    private JsonElement Result(string name)
    {
        var result = clients[name];
        Assert.True(result.GetProperty("threw").ValueKind == JsonValueKind.Null, result.GetRawText());
        return result;
    }

    private static string TraceId(JsonElement result) => Text(result, "trace")!.Replace("-", "", StringComparison.Ordinal);

    // The end of a step may be stored a commit after its beginning.
    private async Task<IReadOnlyList<JsonElement>> TraceAsync(JsonElement result, int count)
    {
        for (var attempt = 0; ; attempt++)
        {
            var steps = await clients.Server.ObservationsAsync($"trace_id={TraceId(result)}", count);
            if (attempt == 100 || (steps.Count >= count && steps.All(step => Text(step, "state") != "running")))
            {
                return steps;
            }
            await Task.Delay(100);
        }
    }

    private async Task<Dictionary<string, JsonElement>> FeedbackAsync(string query, int count)
    {
        for (var attempt = 0; ; attempt++)
        {
            var items = (await clients.Server.GetAsync($"/api/v1/feedback?{query}")).GetProperty("items").EnumerateArray().ToDictionary(item => Text(item, "name")!);
            if (attempt == 100 || items.Count >= count)
            {
                return items;
            }
            await Task.Delay(100);
        }
    }

    private Task<JsonElement> DetailAsync(JsonElement step) => clients.Server.GetAsync($"/api/v1/observations/{Text(step, "id")}");

    private static JsonElement Step(IReadOnlyList<JsonElement> steps, string name) => Assert.Single(steps, step => Text(step, "name") == name);

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    private static string? Property(JsonElement step, string name) => step.GetProperty("properties").GetProperty(name).GetString();

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString() : null;
}
