using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bellwether.Server.Tests;

/// <summary>Real SDKs against the real server with guards on both ways: a person's data is a token at the provider and on the disk, and itself at the client; a leak ends the answer.</summary>
public sealed class GuardedClientTests(GuardedClients clients) : IClassFixture<GuardedClients>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Ways => new()
    {
        { "chat", "content_filter" }, { "responses", "content_filter" }, { "anthropic", "refusal" }, { "gemini", "SAFETY" },
    };

    [Theory, MemberData(nameof(Ways))]
    public void What_was_a_token_at_the_provider_is_itself_again_at_the_client(string way, string _)
    {
        foreach (var name in new[] { way, way + "_stream" })
        {
            var result = clients.Result(name + "_restore");
            Assert.Equal(JsonValueKind.Null, result.GetProperty("threw").ValueKind);
            Assert.Equal(GuardedClients.Text, result.GetProperty("text").GetString());
        }
        Assert.All(clients.Heard, body => Assert.DoesNotContain(GuardedClients.Email, body));
        Assert.All(clients.Heard, body => Assert.DoesNotContain("4111", body));
        Assert.Contains(clients.Heard, body => body.Contains("[EMAIL_", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_leak_is_refused_and_a_stream_of_it_ends_as_by_a_filter(string way, string finish)
    {
        var plain = clients.Result(way + "_leak").GetProperty("threw");
        Assert.True(plain.ValueKind == JsonValueKind.Object, clients.Result(way + "_leak").GetRawText());
        Assert.Equal(403, plain.GetProperty("status").GetInt32());
        var streamed = clients.Result(way + "_stream_leak");
        Assert.True(streamed.GetProperty("threw").ValueKind == JsonValueKind.Null, streamed.GetRawText());
        Assert.Equal(finish, streamed.GetProperty("finish").GetString());
        Assert.DoesNotContain(GuardedClients.Canary[..10], streamed.GetRawText());
    }

    [Fact]
    public async Task A_stored_token_is_revealed_to_an_administrator_and_the_audit_trail_says_so()
    {
        var stored = await clients.Server.ObservationsAsync("surface=openai", 8);
        var token = stored.Select(item => Regex.Match(item.GetRawText(), @"\[EMAIL_[A-Z]{10}\]").Value).FirstOrDefault(found => found.Length > 0);
        foreach (var item in stored)
        {
            var whole = await clients.Server.GetAsync($"/api/v1/observations/{item.GetProperty("id").GetString()}");
            Assert.DoesNotContain(GuardedClients.Email, whole.GetRawText());
            token ??= Regex.Match(whole.GetRawText(), @"\[EMAIL_[A-Z]{10}\]") is { Success: true } match ? match.Value : null;
        }
        Assert.NotNull(token);
        using var http = clients.Client();
        JsonElement revealed;
        while (true)
        {
            // It is written behind the call.
            using var reply = await http.PostAsJsonAsync("/api/v1/guardrails/tokens/reveal", new { token }, Token);
            revealed = await reply.Content.ReadFromJsonAsync<JsonElement>(Token);
            if (reply.StatusCode == HttpStatusCode.OK) { break; }
            Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
            await Task.Delay(20, Token);
        }
        Assert.Equal(GuardedClients.Email, revealed.GetProperty("value").GetString());
        Assert.Equal("EMAIL", revealed.GetProperty("type").GetString());
        var audit = await http.GetStringAsync("/api/v1/audit", Token);
        Assert.Contains("vault.token_revealed", audit);
        Assert.DoesNotContain(GuardedClients.Email, audit);
    }

    [Theory]
    [InlineData("""{}""", "token")]
    [InlineData("""{"token":""}""", "token")]
    [InlineData("""{"token":"[EMAIL 5]"}""", "token")]
    [InlineData("""{"token":5}""", "token")]
    public async Task A_mistake_is_answered_with_its_field(string body, string field)
    {
        using var http = clients.Client();
        using var reply = await http.PostAsync("/api/v1/guardrails/tokens/reveal", new StringContent(body, Encoding.UTF8, "application/json"), Token);
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains($"\"{field}\"", await reply.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Unknown_tokens_and_those_of_other_projects_are_not_found()
    {
        using var http = clients.Client();
        foreach (var body in new[] { """{"token":"[EMAIL_BCDFGHJKLM]"}""", """{"token":"[EMAIL_BCDFGHJKLM]","project":"nobodys"}""" })
        {
            using var reply = await http.PostAsync("/api/v1/guardrails/tokens/reveal", new StringContent(body, Encoding.UTF8, "application/json"), Token);
            Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        }
    }

    [Fact]
    public void Nothing_of_it_is_on_the_disk_or_in_the_log()
    {
        Assert.DoesNotContain(GuardedClients.Email, clients.Server.Log);
        foreach (var file in Directory.EnumerateFiles(clients.Server.DataFolder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock", StringComparison.Ordinal)))
        {
            using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            open.CopyTo(copy);
            var text = Encoding.Latin1.GetString(copy.ToArray());
            Assert.False(text.Contains(GuardedClients.Email, StringComparison.Ordinal) || text.Contains("4111 1111 1111 1111", StringComparison.Ordinal), file);
        }
    }
}

/// <summary>A server with three providers that are one parrot, a policy, and what the SDKs got (tests/clients/guards.mjs).</summary>
public sealed class GuardedClients : IAsyncLifetime
{
    public static readonly string Email = "margarethe.oakenshield@example.com";
    public static readonly string Text = $"Write to {Email} and say \"4111 1111 1111 1111\" \\ twice: {Email}; thanks 😀 for all of it.";
    public static readonly string Canary = "bwc-0123456789abcdef0123";
    private JsonElement _results;
    private Parrot _parrot = null!;

    internal BellwetherProcess Server { get; private set; } = null!;

    public IEnumerable<string> Heard => _parrot.Heard;

    public JsonElement Result(string name) => _results.GetProperty(name);

    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        return client;
    }

    public async ValueTask InitializeAsync()
    {
        _parrot = await Parrot.StartAsync();
        var address = _parrot.Address.ToString().TrimEnd('/');
        Server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
        {
            ["Bellwether__Providers__first__Kind"] = "openai", ["Bellwether__Providers__first__BaseUrl"] = address + "/v1", ["Bellwether__Providers__first__ApiKey"] = "sk-1",
            ["Bellwether__Providers__second__Kind"] = "anthropic", ["Bellwether__Providers__second__BaseUrl"] = address, ["Bellwether__Providers__second__ApiKey"] = "sk-2",
            ["Bellwether__Providers__third__Kind"] = "gemini", ["Bellwether__Providers__third__BaseUrl"] = address, ["Bellwether__Providers__third__ApiKey"] = "sk-3",
        });
        using var http = Client();
        using var made = await http.PostAsync("/api/v1/guardrails/policies", new StringContent(
            """{"name":"both ways","leak":{"mode":"block"},"injection":{"mode":"off"},"harm":{"mode":"off"},"pii":{"upstream":{"EMAIL":"tokenise","CREDIT_CARD":"tokenise"}}}""", Encoding.UTF8, "application/json"));
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        (_results, _) = await NodeProgram.RunAsync("", "guards.mjs", new Dictionary<string, string>
        {
            ["BELLWETHER_URL"] = NodeProgram.Url(Server), ["GUARD_TEXT"] = Text,
            ["GUARD_SYSTEM"] = $"You are the assistant of a bank that has no name. {Canary}",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _parrot.DisposeAsync();
    }
}
