using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Datasets, their items and runs by Langfuse's API, in the order in which its SDKs call it.</summary>
public sealed class LangfuseDatasetTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    [Fact]
    public async Task A_dataset_is_made_filled_read_run_and_read_again()
    {
        var made = await DoneAsync("POST", "/v2/datasets", """{"name":"a/b","description":"d","metadata":{"owner":"ann"}}""");
        Assert.Equal(("a/b", "d", "ann", "default"), (Text(made, "name"), Text(made, "description"), Text(made.GetProperty("metadata"), "owner"), Text(made, "projectId")));
        // Made again it is changed, and what is not said stays.
        var again = await DoneAsync("POST", "/datasets", """{"name":"a/b","description":"e"}""");
        Assert.Equal((Text(made, "id"), "e", "ann"), (Text(again, "id"), Text(again, "description"), Text(again.GetProperty("metadata"), "owner")));
        Assert.Contains("a/b", (await DoneAsync("GET", "/v2/datasets?limit=100")).GetProperty("data").EnumerateArray().Select(dataset => Text(dataset, "name")));

        var first = await DoneAsync("POST", "/dataset-items", """{"datasetName":"a/b","id":"item one","input":{"q":1},"expectedOutput":"a text","metadata":[1],"sourceTraceId":"t-1"}""");
        Assert.Equal(("item one", "ACTIVE", "a/b", "t-1"), (Text(first, "id"), Text(first, "status"), Text(first, "datasetName"), Text(first, "sourceTraceId")));
        var second = await DoneAsync("POST", "/dataset-items", """{"datasetName":"a/b","input":"only words"}""");
        var changed = await DoneAsync("POST", "/dataset-items", """{"datasetName":"a/b","id":"item one","expectedOutput":{"a":2}}""");
        Assert.Equal("""{"q":1} {"a":2} [1] t-1""", $"{changed.GetProperty("input")} {changed.GetProperty("expectedOutput")} {changed.GetProperty("metadata")} {Text(changed, "sourceTraceId")}");

        var items = await DoneAsync("GET", "/dataset-items?datasetName=a%2Fb&limit=1&page=1");
        Assert.Equal((2, 2), (items.GetProperty("meta").GetProperty("totalItems").GetInt32(), items.GetProperty("meta").GetProperty("totalPages").GetInt32()));
        Assert.Equal("only words", Text(items.GetProperty("data")[0], "input"));
        Assert.Equal("item one", Text(Assert.Single((await DoneAsync("GET", "/dataset-items?datasetName=a%2Fb&sourceTraceId=t-1")).GetProperty("data").EnumerateArray()), "id"));
        Assert.Equal("item one", Text(await DoneAsync("GET", "/dataset-items/item%20one"), "id"));

        var linked = await DoneAsync("POST", "/dataset-run-items", """{"runName":"run/1","runDescription":"first","metadata":{"k":1},"datasetItemId":"item one","traceId":"t-9","observationId":"o-9"}""");
        Assert.Equal(("run/1", "item one", "t-9", "o-9"), (Text(linked, "datasetRunName"), Text(linked, "datasetItemId"), Text(linked, "traceId"), Text(linked, "observationId")));
        // Sent again it is the same.
        Assert.Equal(Text(linked, "id"), Text(await DoneAsync("POST", "/dataset-run-items", """{"runName":"run/1","datasetItemId":"item one","traceId":"t-9","observationId":"o-9"}"""), "id"));
        await DoneAsync("POST", "/dataset-run-items", $$"""{"runName":"run/1","datasetItemId":"{{Text(second, "id")}}","traceId":"t-10"}""");
        var run = await DoneAsync("GET", "/datasets/a%2Fb/runs/run%2F1");
        Assert.Equal(("first", 1, "a/b", 2), (Text(run, "description"), run.GetProperty("metadata").GetProperty("k").GetInt32(), Text(run, "datasetName"), run.GetProperty("datasetRunItems").GetArrayLength()));
        Assert.Equal("run/1", Text(Assert.Single((await DoneAsync("GET", "/datasets/a%2Fb/runs")).GetProperty("data").EnumerateArray()), "name"));
        Assert.Equal(2, (await DoneAsync("GET", $"/dataset-run-items?datasetId={Text(made, "id")}&runName=run%2F1")).GetProperty("meta").GetProperty("totalItems").GetInt32());

        await DoneAsync("DELETE", "/datasets/a%2Fb/runs/run%2F1");
        await DoneAsync("DELETE", "/dataset-items/item%20one");
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("GET", "/datasets/a%2Fb/runs/run%2F1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("GET", "/dataset-items/item%20one")).Status);
        // What one dialect makes the others read.
        var (_, theirs) = await SendAsync("GET", "/datasets?name=a/b", root: "/langsmith", header: "x-api-key");
        Assert.Equal(("a/b", "ann"), (Text(theirs[0], "name"), Text(theirs[0].GetProperty("metadata"), "owner")));
    }

    [Theory]
    [InlineData("POST", "/v2/datasets", """{}""", 400, "name:")]
    [InlineData("POST", "/v2/datasets", """{"name":7}""", 400, "name: must be a text")]
    [InlineData("POST", "/v2/datasets", """{"name":"x","inputSchema":{}}""", 400, "inputSchema:")]
    [InlineData("POST", "/dataset-items", """{"datasetName":"nobody"}""", 404, "Dataset nobody was not found")]
    [InlineData("POST", "/dataset-items", """{"datasetName":"nobody","status":"ARCHIVED"}""", 400, "status: must be ACTIVE")]
    [InlineData("POST", "/dataset-run-items", """{"datasetItemId":"x","traceId":"t"}""", 400, "runName:")]
    [InlineData("POST", "/dataset-run-items", """{"runName":"r","datasetItemId":"x","traceId":"t"}""", 404, "Dataset item x was not found")]
    [InlineData("GET", "/dataset-items", null, 400, "datasetName: is needed")]
    [InlineData("GET", "/dataset-items?colour=red", null, 400, "colour: is not answered here")]
    [InlineData("GET", "/v2/datasets/nobody", null, 404, "Dataset nobody was not found")]
    [InlineData("GET", "/datasets/nobody/runs", null, 404, "Dataset nobody was not found")]
    [InlineData("GET", "/dataset-run-items?datasetId=x&runName=y", null, 404, "Dataset run y was not found")]
    [InlineData("DELETE", "/dataset-items/nobody", null, 404, "Dataset item nobody was not found")]
    public async Task A_mistake_is_named(string method, string path, string? body, int status, string message)
    {
        var (found, answer) = await SendAsync(method, path, body);
        Assert.Equal(status, (int)found);
        Assert.StartsWith(message, Text(answer, "message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v2/datasets", "viewer", HttpStatusCode.OK)]
    [InlineData("GET", "/v2/datasets", null, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/v2/datasets", "viewer", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/v2/datasets", "editor", HttpStatusCode.OK)]
    [InlineData("POST", "/dataset-items", "viewer", HttpStatusCode.Forbidden)]
    [InlineData("DELETE", "/dataset-items/x", "viewer", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/dataset-items?datasetName=x", null, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/dataset-run-items", "viewer", HttpStatusCode.Forbidden)]
    [InlineData("DELETE", "/datasets/x/runs/y", "viewer", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/datasets/x/runs", null, HttpStatusCode.Forbidden)]
    public async Task Readers_need_a_viewers_key_and_writers_an_editors(string method, string path, string? role, HttpStatusCode expected)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        using var made = await client.PostAsync("/api/v1/keys", new StringContent(role is null ? """{"name":"sends"}""" : $$"""{"name":"{{role}}","role":"{{role}}"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        var key = Text(JsonDocument.Parse(await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement, "key");
        Assert.Equal(expected, (await SendAsync(method, path, method == "POST" ? """{"name":"of roles"}""" : null, key)).Status);
    }

    private async Task<JsonElement> DoneAsync(string method, string path, string? body = null)
    {
        var (status, answer) = await SendAsync(method, path, body);
        Assert.True(status == HttpStatusCode.OK, $"{status} {answer}");
        return answer;
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(string method, string path, string? body = null, string? key = null, string root = "/api/public", string header = "Authorization")
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), root + path);
        key ??= ServerFactory.AdministratorKey;
        request.Headers.TryAddWithoutValidation(header, header == "Authorization" ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("pk-lf-any:" + key)) : key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement);
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";
}
