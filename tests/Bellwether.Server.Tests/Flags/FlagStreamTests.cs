using System.Net;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Pages that wait for changes of their flags.</summary>
public sealed class FlagStreamTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_of_the_projects_flags_is_told_and_one_of_another_project_is_not()
    {
        await server.PutFlagAsync("told", """{"type":"boolean"}""", Token);
        using var stream = await OpenAsync(await AddressAsync());
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (stream.StatusCode, stream.Content.Headers.ContentType!.MediaType));
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(Token));
        using (await server.SendAsync(HttpMethod.Post, "/api/v1/projects", """{"id":"quiet","name":"Quiet"}""", Token)) { }
        await server.PutFlagAsync("theirs?project=quiet", """{"type":"boolean"}""", Token);
        await server.PutFlagAsync("told", """{"type":"boolean","default":"on"}""", Token);
        var first = await NextAsync(lines);
        Assert.Equal("refetchEvaluation", first.GetProperty("type").GetString());
        Assert.True(first.GetProperty("lastModified").GetInt64() > 1_700_000_000);
        using (await server.SendAsync(HttpMethod.Delete, "/api/v1/flags/told", null, Token)) { }
        var second = await NextAsync(lines);
        Assert.NotEqual(first.GetProperty("etag").GetString(), second.GetProperty("etag").GetString());
    }

    [Fact]
    public async Task What_changed_between_the_answer_and_the_stream_or_while_a_connection_was_broken_is_told_at_once()
    {
        await server.PutFlagAsync("between", """{"type":"boolean"}""", Token);
        var address = await AddressAsync();
        await server.PutFlagAsync("between", """{"type":"boolean","default":"on"}""", Token);
        string? tag;
        using (var stream = await OpenAsync(address))
        using (var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(Token)))
        {
            tag = (await NextAsync(lines)).GetProperty("etag").GetString();
        }
        await server.PutFlagAsync("between", """{"type":"boolean","default":"off"}""", Token);
        using (var stream = await OpenAsync(address, ("Last-Event-ID", tag!)))
        using (var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(Token)))
        {
            Assert.NotEqual(tag, (await NextAsync(lines)).GetProperty("etag").GetString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?key=")]
    [InlineData("?key=key_nothing.AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?key=bw-nobody-000000000000000")]
    public async Task An_address_that_was_not_given_out_opens_nothing(string query)
    {
        using var refused = await OpenAsync("/ofrep/v1/events" + query);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task The_address_of_a_revoked_key_opens_nothing_and_its_code_fits_no_other_key()
    {
        using var made = await server.SendAsync(HttpMethod.Post, "/api/v1/keys", """{"name":"page","gateway":false}""", Token);
        var key = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Token)).RootElement;
        var (address, administrators) = (await AddressAsync(key.GetProperty("key").GetString()), await AddressAsync());
        using (var open = await OpenAsync(address)) { Assert.Equal(HttpStatusCode.OK, open.StatusCode); }
        var forged = address.Replace(Id(address), Id(administrators), StringComparison.Ordinal);
        using (var refused = await OpenAsync(forged)) { Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode); }
        using (await server.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{Id(address)}", null, Token)) { }
        using (var refused = await OpenAsync(address)) { Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode); }

        static string Id(string address) => address[(address.IndexOf("key_", StringComparison.Ordinal))..address.IndexOf('.', StringComparison.Ordinal)];
    }

    [Fact]
    public async Task More_pages_than_there_is_room_for_are_told_to_come_back()
    {
        await using var small = new ServerWith(server, "Bellwether:Flags:MostStreams", "0");
        using var all = await small.Server.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", ServerFactory.AdministratorKey, Token);
        using var refused = await small.Server.AskAsync(HttpMethod.Get, Address(await all.Content.ReadAsStringAsync(Token)), null, null, Token);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "60"), (refused.StatusCode, refused.Headers.RetryAfter!.ToString()));
    }

    private Task<HttpResponseMessage> OpenAsync(string address, params (string, string)[] headers) => server.AskAsync(HttpMethod.Get, address, null, null, Token, headers);

    private async Task<string> AddressAsync(string? key = null)
    {
        using var all = await server.AskAsync(HttpMethod.Post, FlagRequests.All, "{}", key ?? ServerFactory.AdministratorKey, Token);
        return Address(await all.Content.ReadAsStringAsync(Token));
    }

    private static string Address(string answer)
    {
        var stream = Assert.Single(JsonDocument.Parse(answer).RootElement.GetProperty("eventStreams").EnumerateArray());
        Assert.Equal(("sse", 120), (stream.GetProperty("type").GetString(), stream.GetProperty("inactivityDelaySec").GetInt32()));
        return stream.GetProperty("endpoint").GetProperty("requestUri").GetString()!;
    }

    // "data: {…}"
    private static async Task<JsonElement> NextAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync(Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
            }
        }
        throw new InvalidOperationException("The stream ended.");
    }
}
