using System.Net;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Requirement X1: feature flags by the API of the whole server.</summary>
public sealed class FlagsApiTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private const string Flags = "/api/v1/flags";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flag_is_made_read_replaced_and_removed_and_each_step_is_audited()
    {
        var made = await JsonAsync(HttpMethod.Put, $"{Flags}/shop/new-checkout", """{"description":"The new one","type":"boolean","split":[{"variant":"on","weight":2500},{"variant":"off","weight":7500}]}""", HttpStatusCode.Created);
        Assert.Equal((1, "shop/new-checkout", "off"), (made.GetProperty("version").GetInt32(), made.GetProperty("flag").GetProperty("key").GetString(), made.GetProperty("flag").GetProperty("default").GetString()));
        Assert.Contains("shop/new-checkout", (await JsonAsync(HttpMethod.Get, Flags)).GetRawText(), StringComparison.Ordinal);
        // What was read can be sent back, and a slash may be encoded.
        var again = await JsonAsync(HttpMethod.Put, $"{Flags}/shop%2Fnew-checkout", made.GetProperty("flag").GetRawText().Replace("\"enabled\":true", "\"enabled\":false", StringComparison.Ordinal));
        Assert.Equal((2, false, made.GetProperty("flag").GetProperty("salt").GetString()), (again.GetProperty("version").GetInt32(), again.GetProperty("flag").GetProperty("enabled").GetBoolean(), again.GetProperty("flag").GetProperty("salt").GetString()));
        Assert.Equal(2, (await JsonAsync(HttpMethod.Get, $"{Flags}/shop/new-checkout")).GetProperty("version").GetInt32());
        using var removed = await server.SendAsync(HttpMethod.Delete, $"{Flags}/shop/new-checkout", null, Token);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await server.SendAsync(HttpMethod.Get, $"{Flags}/shop/new-checkout", null, Token);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var twice = await server.SendAsync(HttpMethod.Delete, $"{Flags}/shop/new-checkout", null, Token);
        Assert.Equal(HttpStatusCode.NotFound, twice.StatusCode);
        var audit = (await JsonAsync(HttpMethod.Get, "/api/v1/audit")).GetRawText();
        Assert.All(new[] { "flag.created", "flag.changed", "flag.removed" }, action => Assert.Contains(action, audit, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_flag_does_not_replace_the_one_that_has_its_key()
    {
        Assert.Equal("taken", (await JsonAsync(HttpMethod.Post, Flags, """{"key":"taken","type":"boolean"}""", HttpStatusCode.Created)).GetProperty("flag").GetProperty("key").GetString());
        var problem = await JsonAsync(HttpMethod.Post, Flags, """{"key":"taken","type":"boolean"}""", HttpStatusCode.Conflict);
        Assert.Equal("is taken", problem.GetProperty("errors").GetProperty("key")[0].GetString());
    }

    [Theory]
    [InlineData("""{"type":"bolean"}""", "type")]
    [InlineData("""{"type":"string","variants":{"a":1},"default":"a"}""", "variants.a")]
    [InlineData("""{"type":"boolean","split":[{"variant":"on","weight":9999}]}""", "split")]
    [InlineData("""{"type":"boolean","split":[{"variant":"onn","weight":10000}]}""", "split[0].variant")]
    [InlineData("""{"type":"boolean","rules":[{"when":[{"attribute":"a","operator":"matches","value":"["}],"variant":"on"}]}""", "rules[0].when[0].value")]
    [InlineData("""{"type":"boolean","key":"another"}""", "key")]
    [InlineData("""{"type":"boolean","colour":"red"}""", "colour")]
    [InlineData("""{"type":"boolean","rules":[{"wenn":[]}]}""", "rules.wenn")]
    [InlineData("""{"type":"boolean","enabled":"yes"}""", "enabled")]
    [InlineData("""{"type":"boolean","type":"string"}""", "type")]
    [InlineData("""{"type":"object","variants":{"a":{"b":"\ud83d"}},"default":"a"}""", "variants.a")]
    [InlineData("""{"type":7}""", "type")]
    [InlineData("""[]""", "")]
    public async Task A_mistake_in_a_flag_is_answered_with_its_field(string body, string field)
    {
        var problem = await JsonAsync(HttpMethod.Put, $"{Flags}/mistaken", body, HttpStatusCode.BadRequest);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Fact]
    public async Task Flags_are_in_the_description_of_the_api()
    {
        var paths = (await JsonAsync(HttpMethod.Get, "/openapi.json")).GetProperty("paths");
        Assert.Equal(["get", "post"], paths.GetProperty(Flags).EnumerateObject().Select(method => method.Name).Order());
        Assert.Equal(["delete", "get", "put"], paths.GetProperty($"{Flags}/{{key}}").EnumerateObject().Select(method => method.Name).Order());
    }

    private async Task<JsonElement> JsonAsync(HttpMethod method, string path, string? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await server.SendAsync(method, path, body, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(expected == response.StatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
