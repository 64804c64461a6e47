using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Server.Tests;

/// <summary>Requirement Q4 through the whole server: calls by the gateway, judged by the simulated provider.</summary>
public sealed class EvaluatorTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_judge_gives_a_verdict_within_its_budget_and_is_never_judged_itself()
    {
        await CreateAsync("""{"name":"helpful","kind":"judge","rubric":"helpfulness","model":"gpt-4o-mini","filter":"endpoint:judge-a","threshold":0.7}""");
        await CreateAsync("""{"name":"everything","kind":"regex","pattern":"."}""");
        // Of the grades, the simulated judge takes the one that it finds in what it reads.
        var good = await AskAsync("Say grade 4 please", "judge-a");
        var verdict = await SaidAsync(good, "helpful");
        Assert.Equal(("evaluator", "pass", 0.75), (verdict.Source, verdict.Category, verdict.Number));
        var bad = await SaidAsync(await AskAsync("Say grade 2 please", "judge-a"), "helpful");
        Assert.Equal(("fail", 0.25), (bad.Category, bad.Number));
        // The price book's sum over the judge's own calls is what the ledger says, to the last digit.
        var reader = server.Services.GetRequiredService<TelemetryReader>();
        var clock = server.Services.GetRequiredService<TimeProvider>();
        var window = new TimeRange(clock.GetUtcNow().AddHours(-1), clock.GetUtcNow().AddHours(1));
        IReadOnlyList<Observation> calls = [];
        for (var i = 0; i < 600 && calls.Count < 2; i++)
        {
            await Task.Delay(50, Token);
            var page = await reader.ReadPageAsync(new ObservationPageRequest(ProjectId.Default, window, 100) { Where = [Filter.Eq("property.evaluator", "helpful")] }, Token);
            calls = [.. page.Items.Where(call => call.Cost is not null)];
        }
        Assert.Equal(2, calls.Count);
        Assert.All(calls, call => Assert.Equal(("bellwether.evaluator", true, 0L), (call.Endpoint, call.IsOwn, call.Checks)));
        var spent = (await ListAsync()).Single(item => item.GetProperty("evaluator").GetProperty("name").GetString() == "helpful").GetProperty("spent_usd_today").GetDecimal();
        Assert.Equal(calls.Sum(call => call.Cost!.TotalUsd), spent);
        Assert.True(spent > 0);
        // The other evaluator takes every call, and took none of these.
        foreach (var call in calls)
        {
            Assert.DoesNotContain((await reader.ReadAsync(ProjectId.Default, call.Id, Token))!.Annotations, note => note.Source == "evaluator");
        }
        Assert.Equal("pass", (await SaidAsync(good, "everything")).Category);
    }

    [Fact]
    public async Task A_budget_that_is_used_up_stops_the_judge_before_it_asks()
    {
        await CreateAsync("""{"name":"poor","kind":"judge","rubric":"coherence","model":"gpt-4o-mini","filter":"endpoint:judge-poor","max_usd_per_day":0.000001}""");
        // Without a known price tokens are counted.
        await CreateAsync("""{"name":"unpriced","kind":"judge","rubric":"coherence","model":"sim-instant","filter":"endpoint:judge-poor","max_tokens_per_day":100}""");
        await AskAsync("Say grade 4 please", "judge-poor");
        foreach (var name in (string[])["poor", "unpriced"])
        {
            var item = await WaitAsync(name, found => found.GetProperty("over_budget_since_start").GetInt64() == 1);
            Assert.Equal((0, 0m), (item.GetProperty("spent_tokens_today").GetInt64(), item.GetProperty("spent_usd_today").GetDecimal()));
        }
    }

    [Fact]
    public async Task A_judge_without_a_price_counts_tokens_and_says_so()
    {
        await CreateAsync("""{"name":"tokens","kind":"judge","rubric":"custom","instructions":"Is it polite?","model":"sim-instant","filter":"endpoint:judge-tokens"}""");
        Assert.Equal(1, (await SaidAsync(await AskAsync("Say grade 5 please", "judge-tokens"), "tokens")).Number);
        var item = await WaitAsync("tokens", found => found.GetProperty("spent_tokens_today").GetInt64() > 0);
        Assert.Equal(0m, item.GetProperty("spent_usd_today").GetDecimal());
    }

    [Fact]
    public async Task A_judge_that_cannot_be_reached_is_asked_again_and_then_counted_as_failed()
    {
        await CreateAsync("""{"name":"busy","kind":"judge","rubric":"coherence","model":"sim-429","filter":"endpoint:judge-busy"}""");
        await AskAsync("Say grade 4 please", "judge-busy");
        var item = await WaitAsync("busy", found => found.GetProperty("failed_since_start").GetInt64() == 1);
        Assert.Equal(0, item.GetProperty("judged").GetInt64());
        var clock = server.Services.GetRequiredService<TimeProvider>();
        var tries = 0;
        for (var i = 0; i < 600 && tries < 3; i++)
        {
            await Task.Delay(50, Token);
            tries = (await server.Services.GetRequiredService<TelemetryReader>().ReadPageAsync(new ObservationPageRequest(ProjectId.Default, new TimeRange(clock.GetUtcNow().AddHours(-1), clock.GetUtcNow().AddHours(1)), 100) { Where = [Filter.Eq("property.evaluator", "busy")] }, Token)).Items.Length;
        }
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task An_evaluator_can_be_changed_and_removed_and_its_name_is_its_own()
    {
        var id = await CreateAsync("""{"name":"short","kind":"code","checks":[{"check":"max_length","value":"5"}],"filter":"endpoint:judge-code"}""");
        Assert.Equal("fail", (await SaidAsync(await AskAsync("Write a long text", "judge-code"), "short")).Category);
        using (var twice = await server.PostAsync("/api/v1/evaluators", """{"name":"short","kind":"regex","pattern":"x"}""", Token)) { Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode); }
        using (var changed = await SendAsync(HttpMethod.Put, $"/api/v1/evaluators/{id}", """{"name":"short","kind":"code","checks":[{"check":"max_length","value":"500000"}],"filter":"endpoint:judge-code"}""")) { Assert.Equal(HttpStatusCode.OK, changed.StatusCode); }
        Assert.Equal("pass", (await SaidAsync(await AskAsync("Write a long text", "judge-code"), "short")).Category);
        using (var agreement = await SendAsync(HttpMethod.Get, $"/api/v1/evaluators/{id}/agreement", null))
        {
            using var json = JsonDocument.Parse(await agreement.Content.ReadAsStringAsync(Token));
            Assert.Equal((0, JsonValueKind.Null), (json.RootElement.GetProperty("pairs").GetInt32(), json.RootElement.GetProperty("kappa").ValueKind));
        }
        using (var gone = await SendAsync(HttpMethod.Delete, $"/api/v1/evaluators/{id}", null)) { Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode); }
        using (var missing = await SendAsync(HttpMethod.Delete, $"/api/v1/evaluators/{id}", null)) { Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode); }
        Assert.DoesNotContain(await ListAsync(), item => item.GetProperty("evaluator").GetProperty("id").GetString() == id);
    }

    [Fact]
    public async Task Agreement_is_told_over_the_calls_that_people_labelled_too()
    {
        var id = await CreateAsync("""{"name":"ferry","kind":"regex","pattern":"Norvik","target":"question","filter":"endpoint:judge-agree"}""");
        for (var i = 0; i < 6; i++)
        {
            var call = await AskAsync(i < 4 ? "To Norvik?" : "To Elsness?", "judge-agree");
            await SaidAsync(call, "ferry");
            // People agree with all but the first.
            using var label = await server.PostAsync("/api/v1/feedback", $$"""{"observation_id":"{{call}}","name":"ferry","score":{{(i is > 0 and < 4 ? "true" : "false")}},"user":"ann"}""", Token);
            Assert.Equal(HttpStatusCode.OK, label.StatusCode);
        }
        JsonElement agreement = default;
        for (var i = 0; i < 600; i++)
        {
            using var response = await SendAsync(HttpMethod.Get, $"/api/v1/evaluators/{id}/agreement", null);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
            agreement = json.RootElement.Clone();
            if (agreement.GetProperty("pairs").GetInt32() == 6) { break; }
            await Task.Delay(50, Token);
        }
        Assert.Equal((6, 3, 2, 1, 0, true), (agreement.GetProperty("pairs").GetInt32(), agreement.GetProperty("both_pass").GetInt32(), agreement.GetProperty("both_fail").GetInt32(),
            agreement.GetProperty("only_evaluator_passes").GetInt32(), agreement.GetProperty("only_people_pass").GetInt32(), agreement.GetProperty("small_sample").GetBoolean()));
        Assert.Equal(2.0 / 3, agreement.GetProperty("kappa").GetDouble(), 9);
    }

    [Theory]
    [InlineData("""{"name":"x","kind":"regex","pattern":"(?=x)"}""", "pattern")]
    [InlineData("""{"name":"x","kind":"magic"}""", "kind")]
    [InlineData("""{"name":"x"}""", "kind")]
    [InlineData("""{"name":"x","kind":"judge","rubric":"coherence","model":"m","provider":"nobody"}""", "provider")]
    [InlineData("""{"name":"x","kind":"regex","pattern":"x","share":0}""", "share")]
    [InlineData("""{"name":"x","kind":"regex","pattern":"x","filter":"-"}""", "filter")]
    [InlineData("""{"name":"x","kind":"code","checks":[null]}""", "checks")]
    [InlineData("""{"name":"x","kind":"regex","pattern":"x","colour":"red"}""", "colour")]
    public async Task A_mistake_is_answered_with_its_field(string body, string field)
    {
        using var response = await server.PostAsync("/api/v1/evaluators", body, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        using var json = JsonDocument.Parse(text);
        Assert.True(json.RootElement.GetProperty("errors").TryGetProperty(field, out _), text);
    }

    private async Task<string> CreateAsync(string body)
    {
        using var response = await server.PostAsync("/api/v1/evaluators", body, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("id").GetString()!;
    }

    private async Task<Guid> AskAsync(string question, string endpoint)
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($$$"""{"model":"sim-instant","messages":[{"role":"user","content":"{{{question}}}"}],"metadata":{"sim_output_tokens":"6"}}""", Encoding.UTF8, "application/json"),
            Headers = { Authorization = new("Bearer", ServerFactory.AdministratorKey) },
        };
        request.Headers.Add("x-bellwether-endpoint", endpoint);
        using var response = await client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Guid.Parse(response.Headers.GetValues("x-bellwether-id").Single());
    }

    private async Task<Annotation> SaidAsync(Guid call, string evaluator)
    {
        var reader = server.Services.GetRequiredService<TelemetryReader>();
        for (var i = 0; i < 600; i++)
        {
            if ((await reader.ReadAsync(ProjectId.Default, call, Token))?.Annotations.FirstOrDefault(note => note.Name == evaluator && note.Source == "evaluator") is { } found) { return found; }
            await Task.Delay(50, Token);
        }
        throw new InvalidOperationException($"{evaluator} said nothing: " + string.Join('\n', (await ListAsync()).Select(item => item.GetRawText())));
    }

    private async Task<JsonElement> WaitAsync(string name, Func<JsonElement, bool> holds)
    {
        for (var i = 0; i < 600; i++)
        {
            var item = (await ListAsync()).Single(item => item.GetProperty("evaluator").GetProperty("name").GetString() == name);
            if (holds(item)) { return item; }
            await Task.Delay(50, Token);
        }
        throw new InvalidOperationException(string.Join('\n', (await ListAsync()).Select(item => item.GetRawText())));
    }

    private async Task<JsonElement[]> ListAsync()
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/v1/evaluators", null);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return [.. json.RootElement.Clone().GetProperty("items").EnumerateArray()];
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body)
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new("Bearer", ServerFactory.AdministratorKey) } };
        if (body is not null) { request.Content = new StringContent(body, Encoding.UTF8, "application/json"); }
        return await client.SendAsync(request, Token);
    }
}
