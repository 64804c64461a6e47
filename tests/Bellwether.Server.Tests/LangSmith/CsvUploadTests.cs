using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>CSV files that no client sends on purpose: each is told what is wrong and where, and leaves no dataset behind.</summary>
public sealed class CsvUploadTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    [Theory]
    [InlineData("", "file: is empty")]
    [InlineData("\n\r\n", "file: is empty")]
    [InlineData("a,a\n1,2", "file: column \"a\"")]
    [InlineData("a,\n1,2", "file: column \"\"")]
    [InlineData("a,b\n1,2,3", "file: row 2 has 3 values")]
    [InlineData("a,b\n1,2\n\n1", "file: row 3 has 1 values")]
    [InlineData("a,b\n1,\"2", "file: row 2: A quoted field at the end")]
    [InlineData("a,b\n\"1\"x,2", "file: row 2: A delimiter, newline or EOF was expected")]
    [InlineData("\"a", "file: row 1: A quoted field at the end")]
    [InlineData("b\n1", "input_keys: the file has no column \"a\"; it has b")]
    public async Task A_broken_file_is_told_with_its_row_or_column(string file, string detail)
    {
        var (status, said) = await UploadAsync(Encoding.UTF8.GetBytes(file), ("input_keys", "a"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, true), (status, said.GetProperty("detail").GetString()!.StartsWith(detail, StringComparison.Ordinal)));
        Assert.Empty(await DatasetsAsync());
    }

    [Theory]
    [InlineData("output_keys", "c", "output_keys: the file has no column \"c\"; it has a, b")]
    [InlineData("data_type", "odd", "data_type: must be kv, llm or chat")]
    [InlineData("colour", "red", "colour: is no field of an upload")]
    [InlineData("file", "a\n1", "file: may be there once")]
    public async Task A_field_that_cannot_be_used_is_named(string field, string value, string detail)
    {
        var (status, said) = await UploadAsync("a,b\n1,2"u8.ToArray(), ("input_keys", "a"), (field, value));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.StartsWith(detail, said.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await DatasetsAsync());
    }

    [Fact]
    public async Task Without_input_keys_nothing_is_an_example_and_bytes_that_are_no_text_are_none()
    {
        Assert.StartsWith("input_keys: at least one", (await UploadAsync("a\n1"u8.ToArray())).Answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("file: is not UTF-8", (await UploadAsync([0xff, 0xfe, 0x00], ("input_keys", "a"))).Answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_and_bytes_are_bounded()
    {
        var rows = Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Repeat("1\n", 10_001)));
        var (status, said) = await UploadAsync(rows, ("input_keys", "a"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "file: may have at most 10000 rows"), (status, said.GetProperty("detail").GetString()));
        (status, _) = await UploadAsync(new byte[21 * 1024 * 1024], ("input_keys", "a"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    [Fact]
    public async Task Nobody_uploads_without_a_key()
    {
        using var form = new MultipartFormDataContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/langsmith/datasets/upload") { Content = form };
        using var client = server.CreateClient();
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> UploadAsync(byte[] file, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        form.Add(content, "file", "broken.csv");
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/datasets/upload") { Content = form };
        request.Headers.Add("x-api-key", ServerFactory.AdministratorKey);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private async Task<IEnumerable<JsonElement>> DatasetsAsync()
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/langsmith/datasets");
        request.Headers.Add("x-api-key", ServerFactory.AdministratorKey);
        using var response = await client.SendAsync(request);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.EnumerateArray().ToList();
    }
}
