using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>The npm packages posthog-node and mixpanel send to a real server with nothing but address and key changed; the API then has their calls.</summary>
public sealed class AnalyticsClientsTests(AnalyticsClients clients) : IClassFixture<AnalyticsClients>
{
    [Fact]
    public async Task A_trace_of_posthog_node_arrives_as_a_tree_with_tokens_cost_user_and_session()
    {
        Assert.Empty(clients["batch"].GetProperty("errors").EnumerateArray());
        var steps = await clients.Server.ObservationsAsync("trace_id=ph-trace", 3);
        Assert.Equal(["ph-agent", "ph-call", "ph-root"], steps.Select(step => Text(step, "name")).Order());
        var root = Step(steps, "ph-root");
        var agent = Step(steps, "ph-agent");
        Assert.Equal(("chain", "agent"), (Text(root, "kind"), Text(agent, "kind")));
        Assert.Equal(Text(root, "span_id"), Text(agent, "parent_id"));

        var call = await clients.Server.GetAsync($"/api/v1/observations/{Text(Step(steps, "ph-call"), "id")}");
        Assert.Equal((Text(agent, "span_id"), "llm", "ok", "openai", "gpt-4o-mini"), (Text(call, "parent_id"), Text(call, "kind"), Text(call, "state"), Text(call, "provider"), Text(call, "model")));
        Assert.Equal(("posthog", "user-1", "session-1"), (Text(call, "surface"), Text(call, "user"), Text(call, "session")));
        Assert.Equal((1000, 200), (call.GetProperty("usage").GetProperty("input_tokens").GetInt32(), call.GetProperty("usage").GetProperty("output_tokens").GetInt32()));
        // gpt-4o-mini for a million tokens: 0.15 USD in, 0.60 USD out.
        Assert.Equal(0.00027m, call.GetProperty("cost").GetProperty("total_usd").GetDecimal());
        Assert.Equal(1250, call.GetProperty("timings").GetProperty("total_ms").GetDouble(), 1d);
        Assert.Equal("acme", Text(call.GetProperty("properties"), "group.company"));
        Assert.Equal("Why is the sky blue? 🌤", Text(call.GetProperty("input").GetProperty("messages")[0], "content"));
        Assert.Equal("Rayleigh scattering.", Text(call.GetProperty("output"), "text"));
    }

    [Fact]
    public async Task Feedback_and_metrics_of_posthog_node_are_said_of_the_trace()
    {
        var said = await FeedbackAsync("trace_id=ph-trace", 2);

        Assert.Equal(0.9, said["relevance"].GetProperty("number").GetDouble());
        Assert.Equal("clear", Text(said["comment"], "text"));
    }

    [Fact]
    public async Task A_batch_that_was_answered_503_comes_again_and_is_stored_once()
    {
        var result = clients["after503"];
        Assert.Empty(result.GetProperty("errors").EnumerateArray());
        Assert.Equal(1, result.GetProperty("refused").GetInt32());
        Assert.Equal(["gzip", "gzip"], result.GetProperty("encodings").EnumerateArray().Select(encoding => encoding.GetString()));
        Assert.Equal("ph-call-again", Text(Assert.Single(await clients.Server.ObservationsAsync("trace_id=ph-again", 1)), "name"));
    }

    [Fact]
    public async Task The_clients_own_route_for_ai_events_is_there_too()
    {
        Assert.Empty(clients["ai"].GetProperty("errors").EnumerateArray());
        Assert.Equal("ph-call-ai", Text(Assert.Single(await clients.Server.ObservationsAsync("trace_id=ph-ai", 1)), "name"));
    }

    [Fact]
    public void Feature_flags_are_answered_by_rules_and_shares()
    {
        var flags = clients["flags"];
        Assert.Equal((true, false, false), (flags.GetProperty("pro").GetBoolean(), flags.GetProperty("free").GetBoolean(), flags.GetProperty("disabled").GetBoolean()));
        // exp-a: user-1 is in bucket 9185, user-2 in 3673.
        Assert.Equal(("a", "b", 2), (Text(flags, "first"), Text(flags, "second"), flags.GetProperty("payload").GetProperty("size").GetInt32()));
        Assert.Equal((true, "b", false), (flags.GetProperty("all").GetProperty("ph-pro").GetBoolean(), Text(flags.GetProperty("all"), "ph-arms"), flags.GetProperty("all").GetProperty("ph-disabled").GetBoolean()));
    }

    [Fact]
    public async Task A_wrong_key_is_told_and_is_among_the_refusals_of_the_system()
    {
        Assert.NotEmpty(clients["wrongKey"].GetProperty("errors").EnumerateArray());
        var refused = (await clients.Server.GetAsync("/api/v1/system")).GetProperty("ingest_refused").EnumerateArray();
        Assert.Contains(refused, refusal => (Text(refusal, "source"), Text(refusal, "reason")) == ("posthog", "key") && refusal.GetProperty("whole_request").GetBoolean() && refusal.GetProperty("count").GetInt64() >= 1);
    }

    [Fact]
    public async Task Events_of_mixpanel_arrive_one_by_one_in_batches_and_as_an_import()
    {
        foreach (var name in new[] { "track", "trackBatch", "import", "people" })
        {
            Assert.Equal("", clients[name].GetString());
        }
        var calls = await clients.Server.ObservationsAsync("surface=mixpanel", 4);
        Assert.Equal(["mp-import", "mp-one", "mp-single", "mp-two"], calls.Select(call => Text(call, "name")).Order());
        Assert.All(calls, call => Assert.Equal(("llm", "gpt-4o-mini", "user-2"), (Text(call, "kind"), Text(call, "model"), Text(call, "user"))));
        Assert.All(calls, call => Assert.Equal(0.00027m, call.GetProperty("cost").GetProperty("total_usd").GetDecimal()));
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

    private static JsonElement Step(IReadOnlyList<JsonElement> steps, string name) => Assert.Single(steps, step => Text(step, "name") == name);

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString() : null;
}
