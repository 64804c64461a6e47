using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Server.Tests;

/// <summary>Who may call which of Phoenix's routes, and what bad input gets.</summary>
public sealed class PhoenixApiTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private const string Context = """{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331"}""";
    private const string Times = "\"start_time\":\"2026-11-26T11:59:00Z\",\"end_time\":\"2026-11-26T11:59:01Z\"";

    // Null: whatever every key may send. The doors of Phoenix are under /v1, where the matrix of our own API does not look.
    private static readonly Dictionary<string, string?> s_doors = new()
    {
        ["GET /v1/projects"] = "viewer",
        ["POST /v1/projects"] = "editor",
        ["GET /v1/projects/{project}"] = "viewer",
        ["GET /v1/projects/{project}/spans"] = "viewer",
        ["POST /v1/projects/{project}/spans"] = null,
        ["GET /v1/projects/{project}/span_annotations"] = "viewer",
        ["GET /v1/projects/{project}/trace_annotations"] = "viewer",
        ["GET /v1/projects/{project}/session_annotations"] = "viewer",
        ["POST /v1/span_annotations"] = null,
        ["POST /v1/trace_annotations"] = null,
        ["POST /v1/session_annotations"] = null,
        ["POST /v1/document_annotations"] = null,
        ["GET /v1/datasets"] = "viewer",
        ["POST /v1/datasets/upload"] = "editor",
        ["GET /v1/datasets/{id}"] = "viewer",
        ["DELETE /v1/datasets/{id}"] = "editor",
        ["GET /v1/datasets/{id}/versions"] = "viewer",
        ["GET /v1/datasets/{id}/examples"] = "viewer",
        ["GET /v1/datasets/{id}/experiments"] = "viewer",
        ["POST /v1/datasets/{id}/experiments"] = "editor",
        ["GET /v1/experiments/{id}"] = "viewer",
        ["DELETE /v1/experiments/{id}"] = "editor",
        ["GET /v1/experiments/{id}/json"] = "viewer",
        ["GET /v1/experiments/{id}/runs"] = "viewer",
        ["POST /v1/experiments/{id}/runs"] = "editor",
        ["POST /v1/experiment_evaluations"] = "editor",
    };

    private static readonly string[] s_others = ["/v1/traces", "/v1/logs", "/v1/metrics"];

    [Fact]
    public async Task Each_door_lets_exactly_its_roles_through_and_no_door_is_forgotten()
    {
        using var client = server.CreateClient();
        var doors = server.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal) && !s_others.Contains(endpoint.RoutePattern.RawText))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"));
        Assert.Empty(doors.Where(door => door.Contains("project", StringComparison.Ordinal) || door.Contains("dataset", StringComparison.Ordinal) || door.Contains("experiment", StringComparison.Ordinal) || door.Contains("annotations", StringComparison.Ordinal)).Except(s_doors.Keys));

        var viewer = await MakeKeyAsync(client, "viewer");
        var editor = await MakeKeyAsync(client, "editor");
        var modelsOnly = await MakeKeyAsync(client, null);
        var wrong = new List<string>();
        foreach (var (door, least) in s_doors)
        {
            await ExpectAsync(null, HttpStatusCode.Unauthorized);
            await ExpectAsync("bw-unknown-key-0123456789", HttpStatusCode.Unauthorized);
            await ExpectAsync(modelsOnly, least is null ? null : HttpStatusCode.Forbidden);
            await ExpectAsync(viewer, least == "editor" ? HttpStatusCode.Forbidden : null);
            await ExpectAsync(editor, null);

            async Task ExpectAsync(string? key, HttpStatusCode? expected)
            {
                var parts = door.Split(' ');
                using var response = await SendAsync(client, parts[0], System.Text.RegularExpressions.Regex.Replace(parts[1], @"\{[^}]*\}", "nothing"), key, parts[0] == "POST" ? "{}" : null);
                if (expected is { } status ? response.StatusCode != status : response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.InternalServerError)
                {
                    wrong.Add($"{door} with {key}: {response.StatusCode}");
                }
                if (!response.Headers.TryGetValues("x-phoenix-server-version", out var version) || version.Single() != "20.3.0")
                {
                    wrong.Add($"{door}: no version");
                }
            }
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("/v1/projects", "{}", "name:")]
    [InlineData("/v1/projects", "[]", "The body must be one JSON object")]
    [InlineData("/v1/projects", "not json", "The body must be one JSON object")]
    [InlineData("/v1/projects/p/spans", "{}", "data: must be an array of spans")]
    [InlineData("/v1/span_annotations", "{}", "data: must be an array of annotations")]
    [InlineData("/v1/span_annotations", """{"data":[{}]}""", "data[0].span_id:")]
    [InlineData("/v1/span_annotations", """{"data":[{"span_id":"a"}]}""", "data[0].name:")]
    [InlineData("/v1/span_annotations", """{"data":[{"span_id":"a","name":"n","annotator_kind":"GHOST"}]}""", "data[0].annotator_kind:")]
    [InlineData("/v1/span_annotations", """{"data":[{"span_id":"a","name":"n","annotator_kind":"LLM","result":{}}]}""", "data[0].result:")]
    [InlineData("/v1/trace_annotations", """{"data":[{"span_id":"a","name":"n"}]}""", "data[0].trace_id:")]
    [InlineData("/v1/session_annotations", """{"data":[{"trace_id":"a","name":"n"}]}""", "data[0].session_id:")]
    [InlineData("/v1/document_annotations", """{"data":[{"span_id":"a","name":"n","annotator_kind":"LLM","result":{"score":1}}]}""", "data[0].document_position:")]
    [InlineData("/v1/datasets/upload", "{}", "inputs:")]
    [InlineData("/v1/datasets/upload", """{"inputs":[{}]}""", "name:")]
    [InlineData("/v1/datasets/upload", """{"name":"x","action":"explode","inputs":[{}]}""", "action:")]
    [InlineData("/v1/datasets/upload", """{"name":"x","inputs":["text"]}""", "inputs[0]:")]
    [InlineData("/v1/datasets/upload", """{"name":"x","inputs":[{}],"outputs":[{},{}]}""", "outputs: must have as many")]
    [InlineData("/v1/datasets/upload", """{"name":"x","inputs":[{}],"splits":[7]}""", "splits[0]:")]
    [InlineData("/v1/datasets/upload", """{"name":"x","inputs":[{},{}],"example_ids":["a","a"]}""", "example_ids:")]
    [InlineData("/v1/experiments/RXhwZXJpbWVudDox/runs", "{}", "The experiment was not found")]
    [InlineData("/v1/experiment_evaluations", """{"name":"n","annotator_kind":"CODE","experiment_run_id":"x"}""", "experiment_run_id:")]
    public async Task Bad_input_is_named_by_its_field(string path, string body, string detail)
    {
        using var client = server.CreateClient();
        using var response = await SendAsync(client, "POST", path, ServerFactory.AdministratorKey, body);
        Assert.True(response.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotFound, response.StatusCode.ToString());
        Assert.StartsWith(detail, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/projects/nobody", HttpStatusCode.NotFound)]
    [InlineData("/v1/projects?limit=none", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/v1/projects/p/spans?start_time=never", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/v1/projects/p/spans?start_time=2026-11-26T00:00:00Z&end_time=2026-11-25T00:00:00Z", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/v1/projects/p/spans?span_kind=GHOST", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/v1/projects/p/spans?attribute=llm.secret:1", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/v1/projects/p/spans?cursor=nonsense", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/v1/projects/p/span_annotations", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/v1/datasets?cursor=nonsense", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/v1/datasets/RGF0YXNldDox", HttpStatusCode.NotFound)]
    [InlineData("/v1/datasets/%2F..%2F", HttpStatusCode.NotFound)]
    [InlineData("/v1/experiments/RXhwZXJpbWVudDox/json", HttpStatusCode.NotFound)]
    public async Task Bad_questions_are_told_and_never_a_500(string path, HttpStatusCode status)
    {
        using var client = server.CreateClient();
        using var response = await SendAsync(client, "GET", path, ServerFactory.AdministratorKey, null);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Of_a_batch_with_broken_and_double_spans_the_others_are_queued_and_each_loss_is_told()
    {
        using var client = server.CreateClient();
        var good = $$"""{"name":"a","context":{{Context}},"span_kind":"CHAIN",{{Times}},"status_code":"OK"}""";
        using var response = await SendAsync(client, "POST", "/v1/projects/p/spans", ServerFactory.AdministratorKey, $$"""{"data":[{{good}},{{good}},7,{"name":"b","context":{{Context}} },{"name":"c","name":"c"},{{good.Replace("b7ad6b7169203331", "0000000000000000", StringComparison.Ordinal)}}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var told = JsonDocument.Parse(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()!).RootElement;
        Assert.Equal((6, 1, 4, 1), (told.GetProperty("total_received").GetInt32(), told.GetProperty("total_queued").GetInt32(), told.GetProperty("total_invalid").GetInt32(), told.GetProperty("total_duplicates").GetInt32()));
        const string NoObject = "must be an object that holds no name twice and is not nested too deeply";
        Assert.Equal([NoObject, "start_time: must be an ISO time", NoObject, "context.span_id: must be 16 hex digits, not all of them 0"], told.GetProperty("invalid_spans").EnumerateArray().Select(span => span.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Of_annotations_with_a_broken_one_the_others_are_kept_and_it_is_named()
    {
        using var client = server.CreateClient();
        const string Good = """{"span_id":"b7ad6b7169203399","name":"tone","annotator_kind":"HUMAN","result":{"label":"dry"}}""";
        using var response = await SendAsync(client, "POST", "/v1/span_annotations", ServerFactory.AdministratorKey, $$"""{"data":[{{Good}},{"span_id":"b7ad6b7169203399","name":"tone","annotator_kind":"GHOST"},{"name":"x","name":"x"}]}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("data[1].annotator_kind: must be LLM, CODE or HUMAN; 1 of 3 annotations were kept", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString());
        JsonElement kept = default;
        for (var tries = 0; tries < 200 && (kept.ValueKind != JsonValueKind.Array || kept.GetArrayLength() == 0); tries++)
        {
            using var list = await SendAsync(client, "GET", "/v1/projects/p/span_annotations?span_ids=b7ad6b7169203399", ServerFactory.AdministratorKey, null);
            kept = JsonDocument.Parse(await list.Content.ReadAsStringAsync()).RootElement.GetProperty("data");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        Assert.Equal("dry", Assert.Single(kept.EnumerateArray()).GetProperty("result").GetProperty("label").GetString());
    }

    [Fact]
    public async Task A_dataset_that_exists_is_not_created_again()
    {
        using var client = server.CreateClient();
        using var first = await SendAsync(client, "POST", "/v1/datasets/upload?sync=true", ServerFactory.AdministratorKey, """{"name":"once","action":"create","inputs":[{"q":"\u0000"}]}""");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var second = await SendAsync(client, "POST", "/v1/datasets/upload?sync=true", ServerFactory.AdministratorKey, """{"name":"once","action":"create","inputs":[{}]}""");
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
    }

    [Theory]
    [InlineData("text/csv", false)]
    [InlineData("text/csv", true)]
    public async Task A_dataset_comes_as_a_csv_file_too(string type, bool gzip)
    {
        using var client = server.CreateClient();
        var name = $"csv {gzip}";
        var (status, answer) = await UploadAsync(client, type, gzip, "q,a,part\r\n\"one, two\",2,train\r\nthree,,\r\n", ("name", name), ("action", "create"), ("input_keys[]", "q"), ("output_keys[]", "a"), ("split_keys[]", "part"));
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        using var read = await SendAsync(client, "GET", $"/v1/datasets/{answer.GetProperty("data").GetProperty("dataset_id").GetString()}/examples", ServerFactory.AdministratorKey, null);
        var examples = JsonDocument.Parse(await read.Content.ReadAsStringAsync()).RootElement.GetProperty("data").GetProperty("examples");
        Assert.Equal(["""{"q":"one, two"} {"a":"2"}""", """{"q":"three"} {"a":""}"""], examples.EnumerateArray().Select(example => $"{example.GetProperty("input")} {example.GetProperty("output")}"));
    }

    [Theory]
    [InlineData("application/x-pandas-pyarrow", "a,b\n1,2", "a", HttpStatusCode.UnsupportedMediaType, "file: must be CSV")]
    [InlineData("text/csv", "a,b\n1,2", "c", HttpStatusCode.UnprocessableEntity, "input_keys: the file has no column \"c\"")]
    [InlineData("text/csv", "a,b\n1", "a", HttpStatusCode.UnprocessableEntity, "file: row 2 has 1 values")]
    [InlineData("text/csv", "", "a", HttpStatusCode.UnprocessableEntity, "file: is empty")]
    public async Task A_file_that_cannot_be_taken_is_told(string type, string file, string key, HttpStatusCode expected, string detail)
    {
        using var client = server.CreateClient();
        var (status, answer) = await UploadAsync(client, type, gzip: false, file, ("name", "never"), ("input_keys[]", key));
        Assert.Equal(expected, status);
        Assert.StartsWith(detail, answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> UploadAsync(HttpClient client, string type, bool gzip, string file, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }
        var bytes = Encoding.UTF8.GetBytes(file);
        if (gzip)
        {
            using var packed = new MemoryStream();
            using (var stream = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
            {
                stream.Write(bytes);
            }
            bytes = packed.ToArray();
        }
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (gzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }
        form.Add(content, "file", "data.csv");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/datasets/upload?sync=true") { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private static async Task<string> MakeKeyAsync(HttpClient client, string? role)
    {
        using var response = await SendAsync(client, "POST", "/api/v1/keys", ServerFactory.AdministratorKey, role is null ? """{"name":"gateway"}""" : $$"""{"name":"{{role}}","role":"{{role}}"}""");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("key").GetString()!;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string? key, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        return client.SendAsync(request);
    }
}
