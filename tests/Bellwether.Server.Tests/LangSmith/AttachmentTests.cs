using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Bellwether.Server.Tests;

/// <summary>Attachments at their limits, and addresses that nobody gave out.</summary>
public sealed class AttachmentTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private const string Boundary = "a-boundary";

    [Theory]
    [InlineData("/langsmith/attachments/nothing")]
    [InlineData("/langsmith/attachments/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task An_address_that_was_not_given_out_leads_nowhere(string path)
    {
        using var client = server.CreateClient();
        using var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task What_is_too_large_is_not_kept_and_its_run_is_and_says_how_large_it_was()
    {
        using var small = server.WithWebHostBuilder(builder => builder.UseSetting("Bellwether:Attachments:MaxBytes", "1000").UseSetting("Bellwether:DataDirectory", Directory.CreateTempSubdirectory("bw-attachments").FullName));
        using var client = small.CreateClient();
        await ReadyAsync(client);
        var run = await SendAsync(client, ("note", "text/plain; length=5", "12345"), ("large", "text/plain", new string('x', 1_001)), ("odd/../name", "", "x"));
        Assert.Equal(["attachment.note", "attachment.odd/../name"], run.GetProperty("s3_urls").EnumerateObject().Select(file => file.Name).Order(StringComparer.Ordinal));
        using var note = await client.GetAsync(run.GetProperty("s3_urls").GetProperty("attachment.note").GetProperty("presigned_url").GetString());
        Assert.Equal(("12345", "text/plain"), (await note.Content.ReadAsStringAsync(), note.Content.Headers.ContentType!.MediaType));
        using var odd = await client.GetAsync(run.GetProperty("attachments").GetProperty("odd/../name").GetString());
        Assert.Equal(("x", "application/octet-stream"), (await odd.Content.ReadAsStringAsync(), odd.Content.Headers.ContentType!.MediaType));
        using var metrics = await client.GetAsync("/metrics");
        Assert.Contains("bellwether_langsmith_attachments_dropped_total 1", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_sent_again_takes_the_place_of_the_former()
    {
        using var client = server.CreateClient();
        var id = Guid.CreateVersion7();
        await SendAsync(client, id, ("note", "text/plain", "first"));
        var run = await SendAsync(client, id, ("note", "text/plain", "second"));
        using var note = await client.GetAsync(run.GetProperty("s3_urls").GetProperty("attachment.note").GetProperty("presigned_url").GetString());
        Assert.Equal("second", await note.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Whoever_reads_a_run_downloads_its_files_and_a_browser_never_shows_them()
    {
        using var client = server.CreateClient();
        var id = Guid.CreateVersion7();
        await SendAsync(client, id, ("a/b \u202Egpj.html", "text/html", "<script>alert(1)</script>"));
        var path = $"/api/v1/observations/{id}/attachments?name=";
        using var made = await server.PostAsync("/api/v1/keys", """{"name":"reader","role":"viewer"}""", CancellationToken.None);
        var viewer = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("key").GetString()!;

        using var page = await GetAsync(client, path + Uri.EscapeDataString("a/b \u202Egpj.html"), viewer);
        Assert.Equal("<script>alert(1)</script>", await page.Content.ReadAsStringAsync());
        Assert.Equal("application/octet-stream", page.Content.Headers.ContentType!.MediaType);
        var disposition = page.Content.Headers.ContentDisposition!;
        Assert.Equal(("attachment", "a_b _gpj.html"), (disposition.DispositionType, disposition.FileNameStar ?? disposition.FileName!.Trim('"')));
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("sandbox; default-src 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")));

        foreach (var (query, status) in new[] { ("x", HttpStatusCode.NotFound), ("", HttpStatusCode.BadRequest), ("a/b&project=another", HttpStatusCode.NotFound) })
        {
            using var wrong = await GetAsync(client, path + query, viewer);
            Assert.Equal((status, "application/problem+json"), (wrong.StatusCode, wrong.Content.Headers.ContentType!.MediaType));
        }
    }

    [Fact]
    public async Task A_text_that_an_example_brings_is_filtered_as_its_rows_are_and_a_broken_upload_is_refused_by_its_part()
    {
        using var client = server.CreateClient();
        using var made = await SendJsonAsync(client, HttpMethod.Post, "/langsmith/datasets", """{"name":"with letters"}""");
        var dataset = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        var example = Guid.CreateVersion7();
        using var sent = await UploadAsync(example, ("", "{}"), (".inputs", """{"q":1}"""), (".attachment.letter", "Write to jane.doe@example.com soon."));
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);

        using var read = await SendJsonAsync(client, HttpMethod.Get, $"/langsmith/examples/{example}", null);
        var url = JsonDocument.Parse(await read.Content.ReadAsStringAsync()).RootElement.GetProperty("attachment_urls").GetProperty("attachment.letter").GetProperty("presigned_url").GetString();
        var letter = await client.GetStringAsync(url);
        Assert.StartsWith("Write to ", letter, StringComparison.Ordinal);
        Assert.DoesNotContain("jane.doe", letter, StringComparison.Ordinal);

        foreach (var (part, content, problem) in new[]
        {
            (".attachment.", "x", ".attachment.: the name of an attachment must have"),
            (".attachments_operations", "[]", ".attachments_operations: is not a JSON object"),
            (".attachments_operations", """{"retain":["letter"]}""", "attachments_operations: the example has no attachment letter"),
            (".attachments_operations", """{"rename":{"a":7}}""", "attachments_operations.rename: must name texts"),
            (".attachments_operations", """{"rename":[]}""", "rename: must be an object"),
            (".attachment", "x", ".attachment: is not a JSON object"),
        })
        {
            using var refused = await UploadAsync(Guid.CreateVersion7(), ("", "{}"), (part, content));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(problem, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Task<HttpResponseMessage> UploadAsync(Guid id, params (string Part, string Content)[] parts)
        {
            var body = string.Concat(parts.Select(part => $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{id}{part.Part}\"\r\nContent-Type: text/plain\r\n\r\n{part.Content}\r\n")) + $"--{Boundary}--\r\n";
            var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/platform/datasets/{dataset}/examples") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=" + Boundary);
            request.Headers.Add("x-api-key", ServerFactory.AdministratorKey);
            return client.SendAsync(request);
        }
    }

    private static Task<HttpResponseMessage> SendJsonAsync(HttpClient client, HttpMethod method, string path, string? body)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-api-key", ServerFactory.AdministratorKey);
        return client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await client.SendAsync(request);
    }

    private static Task<JsonElement> SendAsync(HttpClient client, params (string Name, string Type, string Content)[] files) => SendAsync(client, Guid.CreateVersion7(), files);

    private static async Task<JsonElement> SendAsync(HttpClient client, Guid id, params (string Name, string Type, string Content)[] files)
    {
        var body = new StringBuilder();
        Part($"post.{id}", "application/json", $$$"""{"id":"{{{id}}}","name":"with files","run_type":"chain","start_time":"2026-11-20T12:00:00Z","end_time":"2026-11-20T12:00:01Z","inputs":{}}""");
        foreach (var (name, type, content) in files)
        {
            Part($"attachment.{id}.{name}", type, content);
        }
        body.Append("--" + Boundary + "--\r\n");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/runs/multipart") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToString())) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=" + Boundary);
        request.Headers.Add("x-api-key", ServerFactory.AdministratorKey);
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        using var read = new HttpRequestMessage(HttpMethod.Get, $"/langsmith/runs/{id}");
        read.Headers.Add("x-api-key", ServerFactory.AdministratorKey);
        using var run = await client.SendAsync(read);
        return JsonDocument.Parse(await run.Content.ReadAsStringAsync()).RootElement;

        void Part(string name, string type, string content) =>
            body.Append("--" + Boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n" + (type.Length > 0 ? "Content-Type: " + type + "\r\n" : "") + "\r\n" + content + "\r\n");
    }

    private static async Task ReadyAsync(HttpClient client)
    {
        while (true)
        {
            using var ready = await client.GetAsync("/readyz");
            if (ready.IsSuccessStatusCode)
            {
                return;
            }
            await Task.Delay(20);
        }
    }
}
