using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>A server, and frameworks that report to it with nothing but address and key changed (tests/clients/frameworks). Requirement T1, T3.</summary>
public sealed class FrameworkClients : IAsyncLifetime
{
    private JsonElement _run;
    private JsonElement _openlit;
    private JsonElement _traceloop;

    internal BellwetherProcess Server { get; private set; } = null!;

    /// <summary>The ids that the programs printed.</summary>
    public string LangChainRun => _run.GetProperty("langchain").GetProperty("run").GetString()!;
    public string PostHogTrace => _run.GetProperty("posthog").GetProperty("trace").GetString()!;
    public string OpenLitTrace => _openlit.GetProperty("trace").GetString()!;
    public string TraceloopTrace => _traceloop.GetProperty("trace").GetString()!;

    public async ValueTask InitializeAsync()
    {
        Server = await BellwetherProcess.StartAsync(new Dictionary<string, string>());
        var environment = new Dictionary<string, string> { ["BELLWETHER_URL"] = NodeProgram.Url(Server) };
        // Two of them patch the same client, so each has a process of its own.
        (_run, _) = await NodeProgram.RunAsync("frameworks", "run.mjs", environment);
        (_openlit, _) = await NodeProgram.RunAsync("frameworks", "openlit.mjs", environment);
        (_traceloop, _) = await NodeProgram.RunAsync("frameworks", "traceloop.mjs", environment);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class FrameworkClientsTests(FrameworkClients clients) : IClassFixture<FrameworkClients>
{
    // gpt-4o-mini for a million tokens: 0.15 USD in, 0.60 USD out; each call has 1,000 in and 200 out.
    private const decimal CallUsd = 0.00027m;

    [Fact]
    public async Task A_chain_of_langchain_is_a_tree_with_its_call()
    {
        var steps = await clients.Server.ObservationsAsync($"trace_id={clients.LangChainRun.Replace("-", "", StringComparison.Ordinal)}", 4);
        var root = Step(steps, "weather-chain");
        Assert.Equal(["ChatOpenAI", "ChatPromptTemplate", "StrOutputParser"], steps.Where(step => Text(step, "parent_id") == Text(root, "span_id")).Select(step => Text(step, "name")).Order());
        Assert.All(steps, step => Assert.Equal(("langsmith", "lc-user", "lc-session"), (Text(step, "surface"), Text(step, "user"), Text(step, "session"))));
        var call = await clients.Server.GetAsync($"/api/v1/observations/{Text(Step(steps, "ChatOpenAI"), "id")}");
        AssertCall(call);
        Assert.Contains("How cold is Malmö?", call.GetProperty("input").GetRawText().Replace("\\u00F6", "ö", StringComparison.OrdinalIgnoreCase), StringComparison.Ordinal);
        Assert.Contains("Four degrees.", call.GetProperty("output").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Posthogs_wrapper_tells_its_call()
    {
        var call = Assert.Single(await clients.Server.ObservationsAsync($"trace_id={clients.PostHogTrace}", 1));
        AssertCall(call);
        Assert.Equal(("posthog", "ph-ai-user", "weather"), (Text(call, "surface"), Text(call, "user"), Text(call.GetProperty("properties"), "feature")));
    }

    [Fact]
    public async Task A_workflow_of_traceloop_has_its_call_below_it()
    {
        var steps = await clients.Server.ObservationsAsync($"trace_id={clients.TraceloopTrace}", 2);
        var call = steps.Single(step => Text(step, "kind") == "llm");
        AssertCall(call);
        Assert.Equal((Text(Step(steps, "weather.workflow"), "span_id"), "tl-user", "tl-session"), (Text(call, "parent_id"), Text(call, "user"), Text(call, "session")));
    }

    [Fact]
    public async Task Openlit_tells_one_call_and_its_zero_is_no_price()
    {
        var call = Assert.Single(await clients.Server.ObservationsAsync($"trace_id={clients.OpenLitTrace}&kind=llm", 1));
        AssertCall(call);
        Assert.NotEqual("client", Text(call.GetProperty("cost"), "price_version"));
    }

    private static void AssertCall(JsonElement call)
    {
        var usage = call.GetProperty("usage");
        Assert.Equal(("llm", 1000, 200, CallUsd), (Text(call, "kind"), usage.GetProperty("input_tokens").GetInt32(), usage.GetProperty("output_tokens").GetInt32(), call.GetProperty("cost").GetProperty("total_usd").GetDecimal()));
        Assert.StartsWith("gpt-4o-mini", Text(call, "model"), StringComparison.Ordinal);
    }

    private static JsonElement Step(IEnumerable<JsonElement> steps, string name) => steps.Single(step => Text(step, "name") == name);

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();
}
