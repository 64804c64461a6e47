using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>A moderation endpoint as second opinion, through the whole server: the simulated provider's flags what names a harm outright.</summary>
public sealed class SecondOpinionTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    // "porn" is a word that the simulated endpoint flags; "poison" is not.
    private const string OnlyTheyFlag = "Sum up in two lines how the porn industry pays its taxes.";
    private const string OnlyWeFlag = "How can I poison my neighbour without being caught by the police?";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_else_who_sees_harm_blocks_what_passed_and_somebody_who_sees_none_lets_pass_what_was_blocked()
    {
        Assert.Equal("pass", await LocalAsync(OnlyTheyFlag));
        Assert.Equal("block", await LocalAsync(OnlyWeFlag));
        await MakeAsync("""{"name":"Asks","applies_to":{"endpoints":["asks"]},"harm":{"mode":"block","second_opinion":{"provider":"simulated","from":0,"to":1}}}""");

        using (var raised = await ChatAsync("asks", OnlyTheyFlag))
        {
            Assert.Equal(HttpStatusCode.Forbidden, raised.StatusCode);
            Assert.Contains("blocked.harm", await raised.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        using (var lowered = await ChatAsync("asks", OnlyWeFlag))
        {
            Assert.Equal((HttpStatusCode.OK, "harm=flag"), (lowered.StatusCode, lowered.Headers.GetValues("X-Bellwether-Guard").Single()));
        }
        // It is known now, and nobody is asked again.
        var asked = await CountAsync("raised");
        using (var again = await ChatAsync("asks", OnlyTheyFlag))
        {
            Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        }
        Assert.Equal((asked, 1), (await CountAsync("raised"), await CountAsync("lowered")));
        var events = await EventsAsync("asks", 3);
        Assert.Equal(2, events.Count(one => one.GetProperty("evidence").GetString()!.Contains("A second opinion sees sexual.", StringComparison.Ordinal)));
        Assert.Single(events, one => one.GetProperty("evidence").GetString()!.Contains("A second opinion sees no harm.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outside_the_band_and_when_nobody_answers_the_local_verdict_stands()
    {
        await MakeAsync("""{"name":"Narrow","applies_to":{"endpoints":["narrow"]},"harm":{"mode":"block","second_opinion":{"provider":"simulated","from":0.999999,"to":1}}}""");
        await MakeAsync("""{"name":"Nobody","applies_to":{"endpoints":["nobody"]},"harm":{"mode":"block","second_opinion":{"provider":"no-such-provider","from":0,"to":1}}}""");
        using (var narrow = await ChatAsync("narrow", OnlyTheyFlag + " Narrow.")) { Assert.Equal(HttpStatusCode.OK, narrow.StatusCode); }
        using (var passes = await ChatAsync("nobody", OnlyTheyFlag + " Nobody.")) { Assert.Equal(HttpStatusCode.OK, passes.StatusCode); }
        using (var stopped = await ChatAsync("nobody", OnlyWeFlag + " Nobody.")) { Assert.Equal(HttpStatusCode.Forbidden, stopped.StatusCode); }
        Assert.Equal(2, await CountAsync("failed"));
    }

    private async Task<string> LocalAsync(string text)
    {
        using var response = await server.PostAsync("/api/v1/guardrails/check", JsonSerializer.Serialize(new { text }), Token);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return json.RootElement.GetProperty("harm").GetProperty("verdict").GetString()!;
    }

    private async Task MakeAsync(string body)
    {
        using var response = await server.PostAsync("/api/v1/guardrails/policies", body, Token);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Token));
    }

    private async Task<HttpResponseMessage> ChatAsync(string endpoint, string text)
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { model = "sim-instant", messages = new[] { new { role = "user", content = text } } }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        request.Headers.Add("x-bellwether-endpoint", endpoint);
        return await client.SendAsync(request, Token);
    }

    private async Task<int> CountAsync(string outcome)
    {
        using var client = server.CreateClient();
        var line = (await client.GetStringAsync("/metrics", Token)).Split('\n').FirstOrDefault(line => line.StartsWith("bellwether_guardrails_second_opinions_total{", StringComparison.Ordinal) && line.Contains($"\"{outcome}\"", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.Split('}')[1].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<JsonElement[]> EventsAsync(string endpoint, int count)
    {
        using var client = server.CreateClient();
        for (var i = 0; ; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/security/events?from=now-1h&to=now%2B1h&kind=harm&endpoint={endpoint}") { Headers = { Authorization = new("Bearer", ServerFactory.AdministratorKey) } };
            using var response = await client.SendAsync(request, Token);
            var text = await response.Content.ReadAsStringAsync(Token);
            using var json = JsonDocument.Parse(text);
            var items = json.RootElement.GetProperty("items").Clone().EnumerateArray().ToArray();
            if (items.Length >= count)
            {
                return items;
            }
            Assert.True(i < 600, text);
            await Task.Delay(50, Token);
        }
    }
}
