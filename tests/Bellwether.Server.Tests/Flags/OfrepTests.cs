using System.Net;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>OFREP 0.3 sentence by sentence; the npm providers are run by <see cref="OfrepClientsTests"/>.</summary>
public sealed class OfrepTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private const string Half = """{"type":"boolean","salt":"exp-a","split":[{"variant":"on","weight":5000},{"variant":"off","weight":5000}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("slash/1", "slash/1")]
    [InlineData("slash/2", "slash%2F2")]
    [InlineData("slash/3", "slash%2f3")]
    public async Task A_key_may_have_a_slash_encoded_or_not(string key, string path)
    {
        await server.PutFlagAsync(key, """{"type":"string","variants":{"x":"yes"},"default":"x"}""", Token);
        using var answer = await OneAsync(path, """{"context":{}}""");
        Assert.Equal($$$"""{"key":"{{{key}}}","value":"yes","reason":"STATIC","variant":"x","metadata":{"version":1}}""", await TextAsync(answer));
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Each_reason_is_told_and_a_disabled_flag_has_a_value()
    {
        await server.PutFlagAsync("reasons", """{"type":"boolean","salt":"exp-a","rules":[{"when":[{"attribute":"plan","operator":"eq","value":"pro"}],"variant":"on"}],"split":[{"variant":"on","weight":5000},{"variant":"off","weight":5000}]}""", Token);
        await server.PutFlagAsync("no-rule-held", """{"type":"boolean","rules":[{"when":[{"attribute":"plan","operator":"eq","value":"pro"}],"variant":"on"}]}""", Token);
        await server.PutFlagAsync("disabled", """{"type":"number","variants":{"low":1,"high":2},"default":"high","enabled":false}""", Token);
        Assert.Equal(("TARGETING_MATCH", "on", "true"), await AskAsync("reasons", """{"context":{"plan":"pro"}}"""));
        Assert.Equal(("SPLIT", "off", "false"), await AskAsync("reasons", """{"context":{"targetingKey":"user-1"}}"""));
        Assert.Equal(("SPLIT", "on", "true"), await AskAsync("reasons", """{"context":{"targetingKey":"user-2","plan":"free"}}"""));
        Assert.Equal(("UNKNOWN", "off", "false"), await AskAsync("no-rule-held", "{}"));
        Assert.Equal(("DISABLED", "off", "2"), await AskAsync("disabled", """{"context":null}"""));
    }

    [Theory]
    [InlineData("half", """{"context":{}}""", 400, "TARGETING_KEY_MISSING")]
    [InlineData("half", """{"context":{"targetingKey":""}}""", 400, "TARGETING_KEY_MISSING")]
    [InlineData("half", """{"context":{"targetingKey":7}}""", 400, "INVALID_CONTEXT")]
    [InlineData("half", """{"context":[]}""", 400, "INVALID_CONTEXT")]
    [InlineData("half", """{"context":"user-1"}""", 400, "INVALID_CONTEXT")]
    [InlineData("half", """{"context":{"name":"\ud83d"}}""", 400, "INVALID_CONTEXT")]
    [InlineData("half", """{"context":""", 400, "PARSE_ERROR")]
    [InlineData("half", "", 400, "PARSE_ERROR")]
    [InlineData("half", "[]", 400, "PARSE_ERROR")]
    [InlineData("no/such", "{}", 404, "FLAG_NOT_FOUND")]
    [InlineData("'\"<script>", "{}", 404, "FLAG_NOT_FOUND")]
    public async Task A_failure_has_the_key_the_code_and_a_sentence(string key, string body, int status, string code)
    {
        await server.PutFlagAsync("half", Half, Token);
        using var answer = await OneAsync(key, body);
        var json = JsonDocument.Parse(await TextAsync(answer)).RootElement;
        Assert.Equal((status, code), ((int)answer.StatusCode, json.GetProperty("errorCode").GetString()));
        Assert.Equal(Uri.UnescapeDataString(key), json.GetProperty("key").GetString());
        Assert.NotEmpty(json.GetProperty("errorDetails").GetString()!);
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_too_deep_is_a_parse_error_and_not_read_on()
    {
        await server.PutFlagAsync("half", Half, Token);
        foreach (var body in new[] { $$$"""{"context":{"a":"{{{new string('a', 70_000)}}}"}}""", $$$"""{"context":{"a":{{{new string('[', 10_000)}}}""" })
        {
            using var answer = await OneAsync("half", body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("PARSE_ERROR", await TextAsync(answer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_flags_come_with_a_tag_of_the_flags_and_of_whom_they_are_for()
    {
        await server.PutFlagAsync("half", Half, Token);
        await server.PutFlagAsync("b/1", """{"type":"string","variants":{"x":"yes"},"default":"x"}""", Token);
        using var first = await AllAsync("""{"context":{"targetingKey":"user-1"}}""");
        var tag = first.Headers.ETag!.ToString();
        Assert.Matches("^\"[^\"]+\"$", tag);
        var flags = JsonDocument.Parse(await TextAsync(first)).RootElement.GetProperty("flags").EnumerateArray().ToDictionary(flag => flag.GetProperty("key").GetString()!);
        Assert.Equal((false, "yes"), (flags["half"].GetProperty("value").GetBoolean(), flags["b/1"].GetProperty("value").GetString()));

        using var same = await AllAsync("""{"context":{"targetingKey":"user-1"}}""", ("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.NotModified, tag, ""), (same.StatusCode, same.Headers.ETag!.ToString(), await TextAsync(same)));
        using var oneOfSome = await AllAsync("""{"context":{"targetingKey":"user-1"}}""", ("If-None-Match", $"\"other\", W/{tag}"));
        Assert.Equal(HttpStatusCode.NotModified, oneOfSome.StatusCode);
        using var someoneElse = await AllAsync("""{"context":{"targetingKey":"user-2"}}""", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.OK, someoneElse.StatusCode);
        Assert.NotEqual(tag, someoneElse.Headers.ETag!.ToString());
        using var unquoted = await AllAsync("""{"context":{"targetingKey":"user-1"}}""", ("If-None-Match", tag.Trim('"')));
        Assert.Equal(HttpStatusCode.OK, unquoted.StatusCode);

        await server.PutFlagAsync("b/1", """{"type":"string","variants":{"x":"no"},"default":"x"}""", Token);
        using var changed = await AllAsync("""{"context":{"targetingKey":"user-1"}}""", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task Of_all_flags_one_that_cannot_be_evaluated_fails_alone_and_a_context_that_cannot_be_read_fails_them_without_a_key()
    {
        await server.PutFlagAsync("half", Half, Token);
        await server.PutFlagAsync("plain", """{"type":"boolean"}""", Token);
        using var nobody = await AllAsync("""{"context":{}}""");
        var flags = JsonDocument.Parse(await TextAsync(nobody)).RootElement.GetProperty("flags").EnumerateArray().ToDictionary(flag => flag.GetProperty("key").GetString()!);
        Assert.Equal(("TARGETING_KEY_MISSING", false), (flags["half"].GetProperty("errorCode").GetString(), flags["plain"].GetProperty("value").GetBoolean()));
        using var invalid = await AllAsync("""{"context":7}""");
        Assert.Equal((HttpStatusCode.BadRequest, """{"errorCode":"INVALID_CONTEXT","errorDetails":"context must be an object."}"""), (invalid.StatusCode, await TextAsync(invalid)));
    }

    [Fact]
    public async Task Without_a_valid_key_there_is_nothing_and_either_header_may_have_it_and_any_key_of_the_project_will_do()
    {
        foreach (var (key, headers) in new[] { (null, ("X-Other", "x")), ("bw-nobody-000000000000000", ("X-Other", "x")), (null, ("X-API-Key", "bw-nobody-000000000000000")), (null, ("Authorization", "Basic YTpi")) })
        {
            using var refused = await server.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", key, Token, headers);
            Assert.Equal((HttpStatusCode.Unauthorized, ""), (refused.StatusCode, await TextAsync(refused)));
        }
        using var byHeader = await server.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", null, Token, ("X-API-Key", ServerFactory.AdministratorKey));
        Assert.Equal(HttpStatusCode.OK, byHeader.StatusCode);
        // A key for a page that everybody can read: it calls no model and reads nothing.
        using var made = await server.SendAsync(HttpMethod.Post, "/api/v1/keys", """{"name":"page","gateway":false}""", Token);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var page = JsonDocument.Parse(await TextAsync(made)).RootElement.GetProperty("key").GetString();
        using var asked = await server.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", page, Token);
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        using var read = await server.AskAsync(HttpMethod.Get, "/api/v1/flags", null, page, Token);
        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
    }

    [Fact]
    public async Task A_key_sees_the_flags_of_its_own_project()
    {
        await server.PutFlagAsync("ours", """{"type":"boolean"}""", Token);
        using (await server.SendAsync(HttpMethod.Post, "/api/v1/projects", """{"id":"elsewhere","name":"Elsewhere"}""", Token)) { }
        using var made = await server.SendAsync(HttpMethod.Post, "/api/v1/keys?project=elsewhere", """{"name":"other"}""", Token);
        var key = JsonDocument.Parse(await TextAsync(made)).RootElement.GetProperty("key").GetString();
        using var answer = await server.AskAsync(HttpMethod.Post, $"{FlagRequests.All}/ours", "{}", key, Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        using var all = await server.AskAsync(HttpMethod.Post, $"{FlagRequests.All}?project=default", "{}", key, Token);
        Assert.Empty(JsonDocument.Parse(await TextAsync(all)).RootElement.GetProperty("flags").EnumerateArray());
    }

    [Fact]
    public async Task A_page_of_any_origin_may_ask_and_read_the_tag()
    {
        using var preflight = await server.AskAsync(HttpMethod.Options, FlagRequests.All, null, null, Token, ("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type,if-none-match,x-api-key"));
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(("*", "POST"), (Header(preflight, "Access-Control-Allow-Origin"), Header(preflight, "Access-Control-Allow-Methods")));
        Assert.All(new[] { "authorization", "content-type", "if-none-match", "x-api-key" }, name => Assert.Contains(name, Header(preflight, "Access-Control-Allow-Headers"), StringComparison.Ordinal));
        using var answer = await AllAsync("{}", ("Origin", "https://shop.example"));
        Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("ETag", Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        using var refused = await server.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", null, Token, ("Origin", "https://shop.example"));
        Assert.Equal("*", Header(refused, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Origins_can_be_bounded_and_another_one_is_forbidden_without_a_word()
    {
        await using var other = new ServerWith(server, "Bellwether:Flags:Origins:0", "https://shop.example");
        var bounded = other.Server;
        using var ours = await bounded.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", ServerFactory.AdministratorKey, Token, ("Origin", "https://shop.example"));
        Assert.Equal((HttpStatusCode.OK, "https://shop.example"), (ours.StatusCode, Header(ours, "Access-Control-Allow-Origin")));
        using var theirs = await bounded.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", ServerFactory.AdministratorKey, Token, ("Origin", "https://evil.example"));
        Assert.Equal((HttpStatusCode.Forbidden, ""), (theirs.StatusCode, await TextAsync(theirs)));
        Assert.False(theirs.Headers.Contains("Access-Control-Allow-Origin"));
        using var aServer = await bounded.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", ServerFactory.AdministratorKey, Token);
        Assert.Equal(HttpStatusCode.OK, aServer.StatusCode);
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_back()
    {
        await using var slow = new ServerWith(server, "Bellwether:Flags:RequestsPerSecond", "1");
        // Slow machines may take more than a second for two: it is asked until two fall into one.
        HttpResponseMessage answer;
        do
        {
            answer = await slow.Server.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", ServerFactory.AdministratorKey, Token);
        }
        while (answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal((HttpStatusCode.TooManyRequests, "1", ""), (answer.StatusCode, Header(answer, "Retry-After"), await TextAsync(answer)));
        answer.Dispose();
    }

    private Task<HttpResponseMessage> OneAsync(string key, string body) => server.AskAsync(HttpMethod.Post, $"{FlagRequests.All}/{key}", body, ServerFactory.AdministratorKey, Token);

    private Task<HttpResponseMessage> AllAsync(string body, params (string, string)[] headers) => server.AskAsync(HttpMethod.Post, FlagRequests.All, body, ServerFactory.AdministratorKey, Token, headers);

    private async Task<(string?, string?, string)> AskAsync(string key, string body)
    {
        using var answer = await OneAsync(key, body);
        var json = JsonDocument.Parse(await TextAsync(answer)).RootElement;
        Assert.Equal((HttpStatusCode.OK, key), (answer.StatusCode, json.GetProperty("key").GetString()));
        return (json.GetProperty("reason").GetString(), json.GetProperty("variant").GetString(), json.GetProperty("value").GetRawText());
    }

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(Token);

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";
}
