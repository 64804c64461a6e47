using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Bellwether.Server.Tests;

/// <summary>What Langfuse's reads answer to requests that no SDK makes, who may ask, and the members of each answer.</summary>
public sealed class LangfuseDoorTests(ServerFactory server) : IClassFixture<ServerFactory>, IAsyncLifetime
{
    private const string Trace = "01a20991-96d4-4000-8000-0000000000b1";

    public async ValueTask InitializeAsync()
    {
        var events = $$$$"""
            {"batch":[
              {"id":"e1","type":"trace-create","timestamp":"2026-11-01T12:00:00Z","body":{"id":"{{{{Trace}}}}","name":"golden <b>","userId":"u1","sessionId":"a/b c","tags":["x"],"timestamp":"2026-11-01T12:00:00Z","input":"in","output":{"o":1},"metadata":{"k":"v"}}},
              {"id":"e2","type":"generation-create","timestamp":"2026-11-01T12:00:01Z","body":{"id":"gen one","traceId":"{{{{Trace}}}}","name":"g","model":"gpt-4o-mini","startTime":"2026-11-01T12:00:00Z","endTime":"2026-11-01T12:00:02Z","completionStartTime":"2026-11-01T12:00:01Z","input":"hi","output":"ho","usage":{"input":10,"output":5}}},
              {"id":"e3","type":"score-create","timestamp":"2026-11-01T12:00:03Z","body":{"id":"s-1","traceId":"{{{{Trace}}}}","observationId":"gen one","name":"n","value":0.5,"comment":"c"}}
            ]}
            """;
        using var response = await SendAsync(HttpMethod.Post, "/api/public/ingestion", ServerFactory.AdministratorKey, events);
        Assert.Equal(HttpStatusCode.MultiStatus, response.StatusCode);
        Assert.DoesNotContain("\"status\":400", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("/traces?colour=red", 400, "colour: is not answered here")]
    [InlineData("/traces?page=0", 400, "page: must be")]
    [InlineData("/traces?page=x", 400, "page: must be")]
    [InlineData("/traces?page=999999999", 400, "page: may begin")]
    [InlineData("/traces?limit=101", 400, "limit: may be at most 100")]
    [InlineData("/traces?limit=-1", 400, "limit: must be")]
    [InlineData("/traces?userId=a&userId=b", 400, "userId: may be there once")]
    [InlineData("/traces?userId=%00", 400, "userId: cannot hold")]
    [InlineData("/traces?fromTimestamp=yesterday", 400, "fromTimestamp: must be")]
    [InlineData("/traces?fromTimestamp=2026-11-02&toTimestamp=2026-11-01", 400, "toTimestamp: must be behind")]
    [InlineData("/traces?orderBy=name", 400, "orderBy: must be one of id, timestamp, name")]
    [InlineData("/traces?orderBy=colour.asc", 400, "orderBy: must be one of")]
    [InlineData("/traces?fields=core,colour", 400, "fields: knows")]
    [InlineData("/traces?filter={}", 400, "filter: must be a JSON array")]
    [InlineData("/traces?filter=[", 400, "filter: must be a JSON array")]
    [InlineData("/traces?filter=[]&filter=[]", 400, "filter: may be there once")]
    [InlineData("/traces?filter=[7]", 400, "filter: [0] must be an object")]
    [InlineData("/traces?filter=[{}]", 400, "filter: [0].column '' is none here")]
    [InlineData("/traces?filter=[{\"column\":\"name\",\"type\":\"number\",\"operator\":\"=\",\"value\":1}]", 400, "filter: [0].type of a condition on name must be string or stringOptions or null")]
    [InlineData("/traces?filter=[{\"column\":\"name\",\"type\":\"string\",\"operator\":\"~\",\"value\":\"a\"}]", 400, "filter: [0].operator '~' is none of the type string")]
    [InlineData("/traces?filter=[{\"column\":\"name\",\"type\":\"string\",\"operator\":\"=\",\"value\":[]}]", 400, "filter: [0].value must be a text")]
    [InlineData("/traces?filter=[{\"column\":\"name\",\"type\":\"stringOptions\",\"operator\":\"any of\",\"value\":[1]}]", 400, "filter: [0].value must be a list of at most 100 texts")]
    [InlineData("/traces?filter=[{\"column\":\"totalCost\",\"type\":\"number\",\"operator\":\"=\",\"value\":\"1\"}]", 400, "filter: [0].value must be a number")]
    [InlineData("/traces?filter=[{\"column\":\"timestamp\",\"type\":\"datetime\",\"operator\":\"%3E\",\"value\":\"soon\"}]", 400, "filter: [0].value must be an instant")]
    [InlineData("/traces?filter=[{\"column\":\"metadata\",\"type\":\"stringObject\",\"operator\":\"=\",\"value\":\"v\"}]", 400, "filter: [0].key is needed")]
    [InlineData("/v2/observations?filter=[{\"column\":\"bookmarked\",\"type\":\"boolean\",\"operator\":\"=\",\"value\":true}]", 400, "filter: [0].column 'bookmarked' is none here; known are id, type")]
    [InlineData("/v2/prompts/nothing", 404, "Prompt nothing with label production")]
    [InlineData("/v2/prompts/nothing?version=0", 400, "version: must be")]
    [InlineData("/v2/prompts/nothing?version=1&label=a", 400, "label: and version")]
    [InlineData("/v2/prompts?colour=red", 400, "colour: is not answered here")]
    [InlineData("/traces/nothing", 404, "Trace nothing")]
    [InlineData("/observations?type=COLOUR", 400, "type: is no type")]
    [InlineData("/observations?level=LOUD", 400, "level: must be")]
    [InlineData("/observations?parentObservationId=", 400, "parentObservationId: first steps")]
    [InlineData("/observations/nothing", 404, "Observation nothing")]
    [InlineData("/v2/observations?fields=colour", 400, "fields: knows")]
    [InlineData("/v2/observations?parseIoAsJson=true", 400, "parseIoAsJson:")]
    [InlineData("/v2/observations?isRootObservation=true", 400, "isRootObservation: first steps")]
    [InlineData("/v2/observations?cursor=abc", 400, "cursor")]
    [InlineData("/sessions?name=x", 400, "name: is not answered here")]
    [InlineData("/sessions/nothing", 404, "Session nothing")]
    [InlineData("/scores?source=odd", 400, "source: must be")]
    [InlineData("/scores?dataType=COLOUR", 400, "dataType: must be NUMERIC, BOOLEAN")]
    [InlineData("/v2/scores?operator=~&value=1", 400, "operator: must be")]
    [InlineData("/v2/scores?value=1", 400, "operator: is needed")]
    [InlineData("/v2/scores?userId=u", 400, "userId: is not answered here")]
    [InlineData("/v2/scores/nothing", 404, "Score nothing")]
    [InlineData("/v3/scores?limit=101", 400, "limit: may be at most 100")]
    public async Task A_mistake_is_answered_with_its_name(string path, int status, string message)
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/public" + path, ServerFactory.AdministratorKey);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        Assert.StartsWith(message, JsonDocument.Parse(text).RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/traces", "bookmarked createdAt environment htmlPath id input latency metadata name observations output projectId public release scores sessionId tags timestamp totalCost updatedAt userId version")]
    [InlineData("/observations", "bookmarked calculatedInputCost calculatedOutputCost calculatedTotalCost completionStartTime costDetails createdAt endTime environment id input inputPrice internalModelId isRootObservation latency level metadata model modelId modelParameters name output outputPrice parentObservationId projectId promptId promptName promptVersion public release sessionId startTime statusMessage tags timeToFirstToken totalCost totalPrice traceId traceName type updatedAt usage usageDetails usagePricingTierName userId version")]
    [InlineData("/sessions", "createdAt environment id projectId")]
    [InlineData("/scores", "authorUserId comment configId createdAt dataType datasetRunId environment id metadata name observationId queueId sessionId source timestamp trace traceId updatedAt value")]
    [InlineData("/v2/scores?fields=score", "authorUserId comment configId createdAt dataType datasetRunId environment id metadata name observationId queueId sessionId source timestamp traceId updatedAt value")]
    [InlineData("/v3/scores", "createdAt dataType environment id name projectId source timestamp updatedAt value")]
    [InlineData("/v2/observations?fields=usage", "costDetails endTime id isRootObservation parentObservationId projectId startTime totalCost traceId type usageDetails usagePricingTierName")]
    public async Task The_members_of_an_answer_are_Langfuses(string path, string members)
    {
        var item = (await ReadAsync(path)).GetProperty("data")[0];
        Assert.Equal(members, string.Join(' ', item.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("/traces?filter=", 1)]
    [InlineData("/traces?filter=[]", 1)]
    [InlineData("/v2/observations?filter=[]", 1)]
    [InlineData("/traces?filter=[{\"column\":\"timestamp\",\"type\":\"datetime\",\"operator\":\"%3E\",\"value\":\"2026-11-02\"},{\"column\":\"timestamp\",\"type\":\"datetime\",\"operator\":\"%3C\",\"value\":\"2026-11-01\"}]", 0)]
    [InlineData("/observations?filter=[{\"column\":\"startTime\",\"type\":\"null\",\"operator\":\"is null\"}]", 0)]
    [InlineData("/v2/observations?filter=[{\"column\":\"startTime\",\"type\":\"null\",\"operator\":\"is null\"}]", 0)]
    [InlineData("/traces?filter=[{\"column\":\"id\",\"type\":\"string\",\"operator\":\"=\",\"value\":\"01A20991-96D4-4000-8000-0000000000B1\"}]", 1)]
    public async Task A_filter_that_says_nothing_and_one_that_nothing_fits_are_both_answered(string path, int count) =>
        Assert.Equal(count, (await ReadAsync(path)).GetProperty("data").GetArrayLength());

    [Fact]
    public async Task Ids_come_back_in_the_spelling_in_which_they_were_sent_and_any_spelling_finds_them()
    {
        foreach (var spelling in new[] { Trace, Trace.Replace("-", "", StringComparison.Ordinal), Trace.ToUpperInvariant() })
        {
            var trace = await ReadAsync("/traces/" + spelling);
            Assert.Equal((Trace, "golden <b>"), (trace.GetProperty("id").GetString(), trace.GetProperty("name").GetString()));
            Assert.Equal(("gen one", Trace), (trace.GetProperty("observations")[0].GetProperty("id").GetString(), trace.GetProperty("observations")[0].GetProperty("traceId").GetString()));
            Assert.Equal("gen one", trace.GetProperty("scores")[0].GetProperty("observationId").GetString());
        }
        Assert.Equal("g", (await ReadAsync("/observations/gen%20one")).GetProperty("name").GetString());
        Assert.Equal(("s-1", 0.5), ((await ReadAsync("/v2/scores/s-1")).GetProperty("id").GetString(), (await ReadAsync("/scores/s-1")).GetProperty("value").GetDouble()));
        Assert.Equal("a/b c", (await ReadAsync("/sessions/a%2Fb%20c")).GetProperty("traces")[0].GetProperty("sessionId").GetString());
        Assert.Equal(1, (await ReadAsync("/v2/scores?observationId=gen%20one")).GetProperty("meta").GetProperty("totalItems").GetInt32());
    }

    [Fact]
    public async Task An_unknown_key_is_refused_in_Langfuses_words_and_health_needs_none()
    {
        using var nobody = await SendAsync(HttpMethod.Get, "/api/public/traces", "bw-not-a-key-0123456789");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal("UnauthorizedError", JsonDocument.Parse(await nobody.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString());
        using var health = await SendAsync(HttpMethod.Get, "/api/public/health", null);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    private async Task<JsonElement> ReadAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/public" + path, ServerFactory.AdministratorKey);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, string? body = null)
    {
        using var client = server.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("pk-any:" + key)));
        }
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        return await client.SendAsync(request);
    }
}
