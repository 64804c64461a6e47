using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Server.Tests;

/// <summary>Helicone's API through the whole server: votes, scores, properties, logs, and what is wrong with them.</summary>
public sealed class HeliconeReceiverTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_vote_joins_its_call_by_either_id_before_and_after_it_is_stored_and_the_last_one_counts()
    {
        using var client = server.CreateClient();
        await GiveAsync(client, "/v1/request/early-1/feedback", """{"rating":false}""");
        await GiveAsync(client, "/v1/request/early-1/score", """{"scores":{"helpfulness":0.5,"grounded":true}}""");
        var call = await StoreAsync("early-1");
        await GiveAsync(client, "/v1/feedback", """{"helicone-id":"early-1","rating":true}""");
        await GiveAsync(client, $"/v1/request/{call}/score", """{"scores":{"tone":0.25}}""");
        var annotations = await UntilAsync(client, call, json => json.GetProperty("annotations").GetArrayLength() == 4
            && json.GetProperty("annotations").EnumerateArray().Any(item => Named(item, "user_feedback") && item.GetProperty("number").GetDouble() == 1));
        var said = annotations.GetProperty("annotations").EnumerateArray().ToDictionary(item => item.GetProperty("name").GetString()!, item => (item.GetProperty("source").GetString(), item.GetProperty("number").GetDouble()));
        Assert.Equal(("user", 1.0), said["user_feedback"]);
        Assert.Equal(("evaluator", 0.5), said["helpfulness"]);
        Assert.Equal(("evaluator", 1.0), said["grounded"]);
        Assert.Equal(("evaluator", 0.25), said["tone"]);
    }

    [Fact]
    public async Task Properties_are_added_and_replaced_and_two_at_once_do_not_forget_each_other()
    {
        using var client = server.CreateClient();
        var call = await StoreAsync("property-1");
        await GiveAsync(client, $"/v1/request/{call}/property", """{"key":"Team","value":"blue"}""", HttpMethod.Put);
        await Task.WhenAll(
            GiveAsync(client, $"/v1/request/{call}/property", """{"key":"team","value":"red"}""", HttpMethod.Put),
            GiveAsync(client, $"/v1/request/{call}/property", """{"key":"tries","value":3}"""));
        var seen = await UntilAsync(client, call, json => json.GetProperty("properties").TryGetProperty("tries", out _));
        Assert.Equal(("red", "3"), (seen.GetProperty("properties").GetProperty("team").GetString(), seen.GetProperty("properties").GetProperty("tries").GetString()));
        Assert.Equal("a stored question", seen.GetProperty("input").GetProperty("q").GetString());
    }

    [Theory]
    [InlineData("POST /v1/request/x/feedback", """{"rating":"good"}""", "rating")]
    [InlineData("POST /v1/request/x/feedback", "[]", "JSON object")]
    [InlineData("POST /v1/request/x/feedback", "{", "line 1")]
    [InlineData("POST /v1/feedback", "{}", "helicone-id")]
    [InlineData("POST /v1/feedback", """{"trace_id":"t","value":"up"}""", "value")]
    [InlineData("POST /v1/request/x/score", """{"scores":{}}""", "scores")]
    [InlineData("POST /v1/request/x/score", """{"scores":{"a":"high"}}""", "scores.a")]
    [InlineData("POST /v1/request/x/score", """{"scores":{"\ud83d":"high"}}""", "scores")]
    [InlineData("PUT /v1/request/x/property", """{"key":"","value":"v"}""", "key")]
    [InlineData("PUT /v1/request/x/property", """{"key":"k","value":{}}""", "value")]
    [InlineData("POST /v1/log", "{}", "providerRequest")]
    [InlineData("POST /anthropic/v1/log", """{"providerRequest":{},"providerResponse":[]}""", "providerResponse")]
    public async Task A_mistake_is_named_in_a_form_that_both_kinds_of_client_read(string call, string body, string named)
    {
        using var client = server.CreateClient();
        var (method, path) = (call[..call.IndexOf(' ')], call[(call.IndexOf(' ') + 1)..]);
        using var response = await SendAsync(client, new HttpMethod(method), path, body, ServerFactory.AdministratorKey);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.False(json.RootElement.GetProperty("success").GetBoolean());
        Assert.Contains(named, json.RootElement.GetProperty("error").GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(json.RootElement.GetProperty("message").GetString(), json.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("POST /v1/log")]
    [InlineData("POST /custom/v1/log")]
    [InlineData("POST /oai/v1/log")]
    [InlineData("POST /anthropic/v1/log")]
    [InlineData("POST /googleapis/v1/log")]
    [InlineData("POST /v1/feedback")]
    [InlineData("POST /v1/request/x/feedback")]
    [InlineData("POST /v1/request/x/score")]
    [InlineData("PUT /v1/request/x/property")]
    [InlineData("POST /v1/request/x/property")]
    public async Task Nobody_says_anything_without_a_key(string call)
    {
        using var client = server.CreateClient();
        var (method, path) = (call[..call.IndexOf(' ')], call[(call.IndexOf(' ') + 1)..]);
        foreach (var key in (string?[])[null, "bw-unknown-key-0123456789"])
        {
            using var response = await SendAsync(client, new HttpMethod(method), path, "{}", key);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_property_of_a_call_that_does_not_come_is_not_found_after_a_while()
    {
        using var client = server.CreateClient();
        using var response = await SendAsync(client, HttpMethod.Put, "/v1/request/nobody/property", """{"key":"k","value":"v"}""", ServerFactory.AdministratorKey);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_log_that_comes_again_replaces_itself_and_halves_of_characters_do_not_lose_it()
    {
        using var client = server.CreateClient();
        var id = Guid.CreateVersion7(server.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        for (var i = 1; i <= 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/oai/v1/log")
            {
                Content = new StringContent("""{"providerRequest":{"json":{"model":"gpt-4o-mini","messages":[{"role":"user","content":"cut \ud83d"}]}},"providerResponse":{"status":200,"json":{"model":"gpt-4o-mini","choices":[{"message":{"content":"hi"}}],"usage":{"prompt_tokens":TOKENS,"completion_tokens":1}}}}""".Replace("TOKENS", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)),
            };
            request.Headers.Add("Helicone-Auth", "Bearer " + ServerFactory.AdministratorKey);
            request.Headers.Add("Helicone-Request-Id", id.ToString());
            using var response = await client.SendAsync(request, Token);
            Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Token));
        }
        var seen = await UntilAsync(client, id, json => json.GetProperty("usage").GetProperty("input_tokens").GetInt64() == 2);
        Assert.Contains("cut \ufffd", seen.GetProperty("input").GetProperty("messages")[0].GetProperty("content").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_address_says_hello()
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/helicone/test");
        request.Headers.Add("Helicone-Property-Team", "blue");
        using var response = await client.SendAsync(request, Token);
        Assert.Equal("""{"test":"Hello World!","properties":{"team":"blue"}}""", await response.Content.ReadAsStringAsync(Token));
    }

    private static bool Named(JsonElement item, string name) => item.GetProperty("name").GetString() == name;

    private async Task<Guid> StoreAsync(string requestId)
    {
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var call = new Observation
        {
            Id = Guid.CreateVersion7(now), Project = ProjectId.Default, StartTime = now, Kind = ObservationKind.Llm, State = ObservationState.Ok, RequestId = requestId,
        };
        var payload = new ObservationPayload { Input = Encoding.UTF8.GetBytes("""{"q":"a stored question"}""") };
        var result = await server.Services.GetRequiredService<ITelemetryIntake>().AppendAsync(new[] { TelemetryRecord.Of(call, payload) }, Token);
        Assert.True(result.Accepted, result.Refusal.Message);
        return call.Id;
    }

    private static async Task GiveAsync(HttpClient client, string path, string body, HttpMethod? method = null)
    {
        using var response = await SendAsync(client, method ?? HttpMethod.Post, path, body, ServerFactory.AdministratorKey);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Token));
    }

    private static async Task<JsonElement> UntilAsync(HttpClient client, Guid call, Func<JsonElement, bool> holds)
    {
        for (var i = 0; ; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/observations/{call}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
            using var response = await client.SendAsync(request, Token);
            var text = await response.Content.ReadAsStringAsync(Token);
            using var json = JsonDocument.Parse(text);
            if (response.IsSuccessStatusCode && holds(json.RootElement))
            {
                return json.RootElement.Clone();
            }
            Assert.True(i < 600, text);
            await Task.Delay(50, Token);
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string body, string? key)
    {
        var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        return client.SendAsync(request, Token);
    }
}
