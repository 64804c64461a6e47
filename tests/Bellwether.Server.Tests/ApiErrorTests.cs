using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Bodies and questions that the API does not take, and the answer that each gets.</summary>
public sealed class ApiErrorTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private const string Usage = """{"usage":{"prompt_tokens":1000,"completion_tokens":200}}""";

    [Theory]
    [InlineData("", 400, "invalid_json", "The body is empty or null")]
    [InlineData("null", 400, "invalid_json", "The body is empty or null")]
    [InlineData("[]", 400, "invalid_json", "The body is not a JSON object")]
    [InlineData("{", 400, "invalid_json", "line 1, byte 2")]
    [InlineData("""{"model":tru}""", 400, "invalid_json", "line 1, byte ")]
    [InlineData("""{"model":5}""", 400, "invalid_json", "'model' has a value of the wrong kind")]
    [InlineData("""{"model":"gpt-4o","model":"gpt-4o-mini","response":{}}""", 400, "invalid_json", "'model' has a value of the wrong kind, or stands twice")]
    [InlineData("""{"model":"gpt-4o","response":{"usage":{"prompt_tokens":1,"prompt_tokens":2}}}""", 400, "invalid_json", "'response' has a value of the wrong kind, or stands twice")]
    public async Task A_body_that_cannot_be_read_is_told_by_its_place(string body, int status, string type, string detail)
    {
        using var answer = await QuoteAsync(new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(status, (int)answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("https://bellwether.dev/errors/" + type, problem.RootElement.GetProperty("type").GetString());
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(Assert.Single(answer.Headers.GetValues("X-Request-Id")), problem.RootElement.GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task A_compressed_body_is_told_apart_from_a_broken_one()
    {
        using var content = new ByteArrayContent([0x1f, 0x8b, 8, 0]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await QuoteAsync(content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("Content-Encoding", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "{\"price\":null}")]
    [InlineData("OpenAI", "\"totalUsd\":0.0045,")]
    public async Task A_quote_for_a_provider_that_nobody_knows_has_no_price(string provider, string expected)
    {
        using var answer = await QuoteAsync(new StringContent($$"""{"provider":"{{provider}}","flavor":"chat","model":"gpt-4o","response":{{Usage}}}""", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latency_ms=>=1&latency_ms=<=5", HttpStatusCode.OK)]
    [InlineData("latency_ms=>1&latency_ms=3", HttpStatusCode.BadRequest)]
    public async Task Two_bounds_of_a_number_are_a_range(string filter, HttpStatusCode expected)
    {
        using var client = server.CreateClient();
        using var answer = await SendAsync(client, new HttpRequestMessage(HttpMethod.Get, "/api/v1/observations/count?" + filter));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/startupz")]
    public async Task Health_is_also_told_to_who_asks_for_the_head_alone(string path)
    {
        using var client = server.CreateClient();
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        using var get = await client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.NotEqual(HttpStatusCode.NotFound, head.StatusCode);
    }

    [Fact]
    public async Task The_machine_readable_description_has_the_key_the_parameters_and_the_answers()
    {
        using var client = server.CreateClient();
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri("/openapi.json", UriKind.Relative)));
        Assert.Equal("Bellwether", document.RootElement.GetProperty("info").GetProperty("title").GetString());
        Assert.Equal("bearer", document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString());

        var list = document.RootElement.GetProperty("paths").GetProperty("/api/v1/observations").GetProperty("get");
        Assert.Equal(["from", "to", "q", "project", "limit", "cursor"], list.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Equal(["200", "400", "401", "403"], list.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order());
        Assert.True(list.GetProperty("security")[0].TryGetProperty("key", out _));
    }

    private async Task<HttpResponseMessage> QuoteAsync(HttpContent content)
    {
        using var client = server.CreateClient();
        return await SendAsync(client, new HttpRequestMessage(HttpMethod.Post, "/api/v1/pricing/quote") { Content = content });
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        return client.SendAsync(request);
    }
}
