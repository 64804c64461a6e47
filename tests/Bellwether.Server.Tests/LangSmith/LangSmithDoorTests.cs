using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Bellwether.Server.Tests;

/// <summary>What LangSmith's API answers to requests that no SDK makes, and how its paths are told from our own.</summary>
public sealed class LangSmithDoorTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private const string Nobody = "01a20991-96d4-7000-8000-0000000000a1";

    [Theory]
    [InlineData("POST", "/runs/query", """{"colour":1}""", 422, "colour: ")]
    [InlineData("POST", "/runs/query", "[]", 422, "one JSON object")]
    [InlineData("POST", "/runs/query", """{"limit":1""", 422, "one JSON object")]
    [InlineData("POST", "/runs/query", """{"session":["x"]}""", 422, "session[0]: ")]
    [InlineData("POST", "/runs/query", """{"session":["01a20991-96d4-7000-8000-0000000000a1"]}""", 404, "not found")]
    [InlineData("POST", "/runs/query", """{"cursor":"abc"}""", 422, "cursor: ")]
    [InlineData("POST", "/runs/query", """{"limit":0}""", 422, "limit: ")]
    [InlineData("POST", "/runs/query", """{"order":"up"}""", 422, "order: ")]
    [InlineData("POST", "/runs/query", """{"query":"a\u0000"}""", 422, "query: ")]
    [InlineData("POST", "/runs/query", """{"run_type":5}""", 422, "run_type: ")]
    [InlineData("POST", "/runs/query", """{"start_time":"soon"}""", 422, "start_time: ")]
    [InlineData("POST", "/runs/query", """{"is_root":"yes"}""", 422, "is_root: ")]
    [InlineData("POST", "/runs/query", """{"tree_filter":"eq(name)"}""", 422, "tree_filter: at character 8: ")]
    [InlineData("POST", "/runs/query", """{"trace_filter":"search(\"x\")"}""", 422, "trace_filter: at character 1: ")]
    [InlineData("POST", "/runs/query", """{"filter":"or(search(\"x\"), eq(name, \"y\"))"}""", 422, "filter: at character 4: ")]
    [InlineData("POST", "/runs/query", """{"query":"x","filter":"search(\"y\")"}""", 422, "filter: at character 1: ")]
    [InlineData("POST", "/api/v2/runs/query", "{}", 422, "project_ids: ")]
    [InlineData("POST", "/api/v2/traces/query", """{"project_id":"x"}""", 422, "project_id: ")]
    [InlineData("GET", "/runs/x", null, 422, "id: ")]
    [InlineData("GET", "/public/" + Nobody + "/run", null, 404, "is not served here")]
    [InlineData("POST", "/v2/sql/query", "{}", 404, "is not served here")]
    [InlineData("GET", "/sessions?limit=x", null, 422, "limit: ")]
    [InlineData("GET", "/sessions?metadata=x", null, 422, "metadata: ")]
    [InlineData("POST", "/sessions", """{"name":""}""", 422, "name: ")]
    [InlineData("POST", "/sessions", """{"name":"a","reference_dataset_id":"x"}""", 422, "reference_dataset_id: ")]
    [InlineData("GET", "/feedback?source=odd", null, 422, "source: ")]
    [InlineData("GET", "/feedback?run=x", null, 422, "run: ")]
    [InlineData("PATCH", "/feedback/" + Nobody, """{"score":1}""", 404, "not found")]
    [InlineData("GET", "/datasets/1", null, 422, "id: ")]
    [InlineData("POST", "/datasets", "{}", 422, "name: ")]
    [InlineData("GET", "/examples", null, 422, "dataset: ")]
    [InlineData("POST", "/examples/bulk", "[1]", 422, "[0]: ")]
    [InlineData("POST", "/examples", """{"dataset_id":"01a20991-96d4-7000-8000-0000000000a1","inputs":{}}""", 404, "not found")]
    [InlineData("POST", "/v1/platform/datasets/" + Nobody + "/examples", "{}", 422, "Content-Type: ")]
    [InlineData("POST", "/annotation-queues", """{"name":5}""", 422, "name: ")]
    [InlineData("POST", "/annotation-queues/" + Nobody + "/runs", "[]", 404, "not found")]
    [InlineData("POST", "/repos/", """{"repo_handle":"a b"}""", 422, "repo_handle: ")]
    [InlineData("GET", "/commits/somebody/something/latest", null, 404, "not found")]
    [InlineData("POST", "/feedback-configs", """{"feedback_key":"k"}""", 422, "feedback_config: ")]
    public async Task A_mistake_is_answered_with_its_place(string method, string path, string? body, int status, string detail)
    {
        using var response = await SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        Assert.Contains(detail, JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_of_any_depth_and_length_is_read_or_refused()
    {
        foreach (var filter in new[] { string.Concat(Enumerable.Repeat("not(", 3_000)), new string('(', 15_000), new string('a', 200_000), $"in(name,[{string.Join(',', Enumerable.Repeat("\"a\"", 2_000))}])" })
        {
            using var response = await SendAsync("POST", "/runs/query", JsonSerializer.Serialize(new { filter }));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Contains("filter: at character", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/sessions")]
    [InlineData("/api/sessions")]
    [InlineData("/api/v1/sessions")]
    [InlineData("/langsmith/sessions")]
    [InlineData("/langsmith/api/v1/sessions")]
    public async Task Every_base_leads_to_the_same_projects(string path)
    {
        using var response = await SendAsync("GET", path, null);
        Assert.Contains(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.EnumerateArray(), project => project.GetProperty("name").GetString() == "default");
    }

    [Theory]
    [InlineData("/sessions")]
    [InlineData("/feedback")]
    public async Task A_browser_gets_the_page_and_not_their_list(string path)
    {
        using var client = server.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.NotEqual("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Our_own_feedback_stays_where_it_is()
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/feedback");
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        using var ours = await client.SendAsync(request);
        using var theirs = await SendAsync("GET", "/api/v1/feedback", null);
        Assert.Equal(
            (JsonValueKind.Object, JsonValueKind.Array),
            (JsonDocument.Parse(await ours.Content.ReadAsStringAsync()).RootElement.ValueKind, JsonDocument.Parse(await theirs.Content.ReadAsStringAsync()).RootElement.ValueKind));
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? body)
    {
        var client = server.CreateClient();
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("x-api-key", ServerFactory.AdministratorKey);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        return await client.SendAsync(request);
    }
}
