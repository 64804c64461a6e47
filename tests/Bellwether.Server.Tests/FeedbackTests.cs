using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Server.Tests;

/// <summary>Feedback through the whole server: the API, links without a key, and what is kept of it.</summary>
public sealed class FeedbackTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_vote_of_a_person_counts_and_joins_the_request_whenever_it_is_stored()
    {
        using var client = server.CreateClient();
        await GiveAsync(client, """{"request_id":"vote-1","value":"down","category":"incorrect","text":"Wrong <b>number</b>","user":"ann"}""");
        await GiveAsync(client, """{"request_id":"vote-1","value":"up","user":"ben"}""");
        var call = await StoreAsync("vote-1");
        await GiveAsync(client, """{"request_id":"vote-1","value":"up","user":"ann"}""");
        await GiveAsync(client, """{"request_id":"vote-1","kind":"edited","original":"kitten","edited":"sitting","user":"ann"}""");

        var annotations = await UntilAsync(client, $"/api/v1/observations/{call}", json => json.GetProperty("annotations").GetArrayLength() == 4
            && json.GetProperty("annotations").EnumerateArray().Count(item => item.GetProperty("name").GetString() == "user_feedback" && item.GetProperty("number").GetDouble() == 1) == 2, "annotations");
        Assert.Equal(3, annotations.EnumerateArray().Single(item => item.GetProperty("name").GetString() == "edit_distance").GetProperty("number").GetDouble());
        Assert.Equal("implicit", annotations.EnumerateArray().Single(item => item.GetProperty("name").GetString() == "edited").GetProperty("source").GetString());

        var listed = await GetAsync(client, "/api/v1/feedback?name=user_feedback&user=ann&up=true");
        Assert.Contains(listed.GetProperty("items").EnumerateArray(), item => item.GetProperty("request_id").GetString() == "vote-1");
        // Ben spoke before the call was stored, so that his vote names its request only.
        var ofCall = await GetAsync(client, $"/api/v1/feedback?observation_id={call}");
        Assert.Equal(4, ofCall.GetProperty("items").GetArrayLength());
        Assert.All(ofCall.GetProperty("items").EnumerateArray(), item => Assert.Equal(call.ToString(), item.GetProperty("observation_id").GetString()));
    }

    [Theory]
    [InlineData("""{"value":"up"}""", "observation_id")]
    [InlineData("""{"observation_id":"x","value":"up"}""", "observation_id")]
    [InlineData("""{"observation_id":"01890a5d-ac96-774b-bcce-b302099a8057","trace_id":"t","value":"up"}""", "observation_id")]
    [InlineData("""{"trace_id":"t"}""", "value")]
    [InlineData("""{"trace_id":"t","value":"great"}""", "value")]
    [InlineData("""{"trace_id":"t","value":"up","category":"rude"}""", "category")]
    [InlineData("""{"trace_id":"t","score":"good"}""", "score")]
    [InlineData("""{"trace_id":"t","score":5}""", "score")]
    [InlineData("""{"trace_id":"t","score":1e999}""", "score")]
    [InlineData("""{"trace_id":"t","kind":"stared_at"}""", "kind")]
    [InlineData("""{"trace_id":"t","kind":"edited","edited":"x"}""", "edited")]
    [InlineData("""{"trace_id":"t","kind":"copied","value":"up"}""", "value")]
    [InlineData("""{"trace_id":"t","value":"up","colour":"red"}""", "colour")]
    [InlineData("""{"trace_id":["t"],"value":"up"}""", "trace_id")]
    [InlineData("""{"trace_id":"t","value":"up","value":"down"}""", "value")]
    [InlineData("""{"trace_id":"t","text":"\ud800"}""", "text")]
    [InlineData("""[]""", "")]
    [InlineData("""null""", "")]
    public async Task A_mistake_is_answered_with_its_field(string body, string field)
    {
        using var client = server.CreateClient();
        using var response = await SendAsync(client, "/api/v1/feedback", body, ServerFactory.AdministratorKey);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.True(json.RootElement.GetProperty("errors").TryGetProperty(field, out _), json.RootElement.GetRawText());
    }

    [Fact]
    public async Task Words_without_a_vote_stand_beside_the_vote_of_the_same_person_whatever_they_are()
    {
        const string Hostile = "a\0b\u202e<script>alert(1)</script>'; DROP TABLE annotation; --\r\n\ud83d\ude00";
        using var client = server.CreateClient();
        var call = await StoreAsync("vote-4");
        await GiveAsync(client, """{"request_id":"vote-4","value":"down","user":"ann"}""");
        await GiveAsync(client, $$"""{"request_id":"vote-4","text":{{JsonSerializer.Serialize(Hostile)}},"user":"ann"}""");
        await GiveAsync(client, """{"request_id":"vote-4","value":"report","category":"harmful","user":"ann"}""");
        var annotations = await UntilAsync(client, $"/api/v1/observations/{call}", json => json.GetProperty("annotations").GetArrayLength() == 3, "annotations");
        Assert.Equal(["comment", "report", "user_feedback"], annotations.EnumerateArray().Select(item => item.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(Hostile.Replace('\0', '\ufffd'), annotations.EnumerateArray().Single(item => item.GetProperty("name").GetString() == "comment").GetProperty("text").GetString());
        var listed = await GetAsync(client, "/api/v1/feedback?category=harmful&q=" + Uri.EscapeDataString("%' OR 1=1 --"));
        Assert.Empty(listed.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_a_person_sends_through_a_link_is_bounded_and_answered_with_a_page()
    {
        using var client = server.CreateClient();
        // As long as both may be, and of characters that take the most room.
        var longest = new string('語', 200);
        using var made = await SendAsync(client, "/api/v1/feedback/links", JsonSerializer.Serialize(new { request_id = longest, user = longest }), ServerFactory.AdministratorKey);
        using var link = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Token));
        var path = new Uri(link.RootElement.GetProperty("url").GetString()!).PathAndQuery;
        foreach (var (text, status) in new[] { ("<b>fine</b>", HttpStatusCode.OK), (new string('x', 10_001), HttpStatusCode.BadRequest), (new string('x', 70_000), HttpStatusCode.RequestEntityTooLarge) })
        {
            using var answer = await client.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string> { ["value"] = "up", ["text"] = text }), Token);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
            Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.DoesNotContain("fine", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        using var parts = new MultipartContent("form-data", "x") { new StringContent("no name") };
        using var broken = await client.PostAsync(path, parts, Token);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        using var named = await SendAsync(client, path, """{"score":1,"name":"groundedness"}""", null);
        Assert.Equal(HttpStatusCode.BadRequest, named.StatusCode);
        Assert.Contains("\"name\"", await named.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vote_by_the_id_of_a_call_and_one_by_its_request_id_are_one_persons_vote()
    {
        using var client = server.CreateClient();
        await GiveAsync(client, """{"request_id":"vote-5","value":"down","user":"ann"}""");
        var call = await StoreAsync("vote-5");
        await GiveAsync(client, $$"""{"observation_id":"{{call}}","value":"up","user":"ann"}""");
        var annotations = await UntilAsync(client, $"/api/v1/observations/{call}", json => json.GetProperty("annotations").EnumerateArray().Any(item => item.GetProperty("number").GetDouble() == 1), "annotations");
        Assert.Equal(("ann", 1), (Assert.Single(annotations.EnumerateArray()).GetProperty("author").GetString(), annotations[0].GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task A_link_lets_a_person_vote_on_its_one_thing_without_a_key()
    {
        using var client = server.CreateClient();
        var call = await StoreAsync("vote-2");
        using var made = await SendAsync(client, "/api/v1/feedback/links", $$"""{"observation_id":"{{call}}","user":"eve"}""", ServerFactory.AdministratorKey);
        using var link = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Token));
        var path = new Uri(link.RootElement.GetProperty("url").GetString()!).PathAndQuery;

        using var page = await client.GetAsync(path, Token);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.StartsWith("default-src 'none'", string.Join("", page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("<form method=\"post\">", await page.Content.ReadAsStringAsync(Token));

        // A person's form, then the script's JSON, which tries to be somebody else.
        using var voted = await client.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string> { ["value"] = "down", ["text"] = "Too long" }), Token);
        Assert.Contains("Thank you", await voted.Content.ReadAsStringAsync(Token));
        using var scripted = await SendAsync(client, path, """{"value":"up","user":"mallory","trace_id":"other"}""", null);
        Assert.Equal(HttpStatusCode.OK, scripted.StatusCode);
        Assert.Equal("*", scripted.Headers.GetValues("Access-Control-Allow-Origin").Single());

        var annotations = await UntilAsync(client, $"/api/v1/observations/{call}", json => json.GetProperty("annotations").EnumerateArray().Any(item => item.GetProperty("number").GetDouble() == 1), "annotations");
        Assert.Equal("eve", Assert.Single(annotations.EnumerateArray()).GetProperty("author").GetString());
        using var invalid = await SendAsync(client, path, """{"value":"sideways"}""", null);
        Assert.Equal(HttpStatusCode.BadRequest, invalid.StatusCode);
        // What navigator.sendBeacon makes of a text.
        using var beacon = await client.PostAsync(path, new StringContent("""{"value":"down"}""", System.Text.Encoding.UTF8, "text/plain"), Token);
        Assert.Equal((HttpStatusCode.OK, "*"), (beacon.StatusCode, beacon.Headers.GetValues("Access-Control-Allow-Origin").Single()));
        await UntilAsync(client, $"/api/v1/observations/{call}", json => json.GetProperty("annotations").EnumerateArray().Single().GetProperty("number").GetDouble() == 0, "annotations");
    }

    [Fact]
    public async Task A_token_that_was_changed_or_has_expired_lets_nobody_vote_and_a_link_cannot_be_used_without_end()
    {
        using var client = server.CreateClient();
        using var made = await SendAsync(client, "/api/v1/feedback/links", """{"request_id":"vote-3"}""", ServerFactory.AdministratorKey);
        using var link = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Token));
        var token = link.RootElement.GetProperty("token").GetString()!;
        foreach (var wrong in new[] { "x", token[..^2] + (token[^2] == 'A' ? "BB" : "AA"), new string('A', 3_000), "..%2f" })
        {
            using var refused = await SendAsync(client, "/f/" + wrong, """{"value":"up"}""", null);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 25; i++)
        {
            using var vote = await SendAsync(client, "/f/" + token, """{"value":"up"}""", null);
            statuses.Add(vote.StatusCode);
        }
        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task The_script_is_small_and_a_page_of_another_site_may_send_with_it()
    {
        using var client = server.CreateClient();
        using var script = await client.GetAsync("/feedback.js", Token);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);
        Assert.InRange((await script.Content.ReadAsByteArrayAsync(Token)).Length, 1, 3 * 1024);
        using var preflight = await client.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/f/anything"), Token);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("POST", preflight.Headers.GetValues("Access-Control-Allow-Methods").Single());
    }

    private async Task<Guid> StoreAsync(string requestId)
    {
        var clock = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var call = new Observation
        {
            Id = Guid.CreateVersion7(clock), Project = ProjectId.Default, StartTime = clock, Kind = ObservationKind.Llm, State = ObservationState.Ok, RequestId = requestId,
        };
        var result = await server.Services.GetRequiredService<ITelemetryIntake>().AppendAsync(new[] { TelemetryRecord.Of(call, ObservationPayload.Empty) }, Token);
        Assert.True(result.Accepted, result.Refusal.Message);
        return call.Id;
    }

    private static async Task GiveAsync(HttpClient client, string body)
    {
        using var response = await SendAsync(client, "/api/v1/feedback", body, ServerFactory.AdministratorKey);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Token));
    }

    private static async Task<JsonElement> UntilAsync(HttpClient client, string path, Func<JsonElement, bool> holds, string property)
    {
        for (var i = 0; i < 600; i++)
        {
            var json = await GetAsync(client, path);
            if (holds(json))
            {
                return json.GetProperty(property);
            }
            await Task.Delay(50, Token);
        }
        throw new TimeoutException(path + ": " + (await GetAsync(client, path)).GetRawText());
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        using var response = await client.SendAsync(request, Token);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return json.RootElement.Clone();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string body, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        return client.SendAsync(request, Token);
    }
}
