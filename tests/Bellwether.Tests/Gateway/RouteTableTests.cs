using Bellwether.Exchange;
using Bellwether.Gateway;
using Bellwether.Primitives;
using Bellwether.Providers;

namespace Bellwether.Tests.Gateway;

/// <summary>Every path that an SDK can produce, what it means, and where it goes.</summary>
public sealed class RouteTableTests
{
    [Theory]
    [InlineData("POST", "/v1/chat/completions", "OpenAi", Dialect.OpenAiChat, "POST /v1/chat/completions")]
    [InlineData("POST", "/chat/completions", "OpenAi", Dialect.OpenAiChat, "POST /v1/chat/completions")]
    [InlineData("GET", "/v1/chat/completions", "OpenAi", Dialect.Opaque, "GET /v1/chat/*")]
    [InlineData("POST", "/v1/responses", "OpenAi", Dialect.OpenAiResponses, "POST /v1/responses")]
    [InlineData("GET", "/v1/responses/resp_1/input_items", "OpenAi", Dialect.Opaque, "GET /v1/responses/*")]
    [InlineData("POST", "/v1/messages", "Anthropic", Dialect.AnthropicMessages, "POST /v1/messages")]
    [InlineData("POST", "/anthropic/v1/messages/count_tokens", "Anthropic", Dialect.AnthropicCountTokens, "POST /v1/messages/count_tokens")]
    [InlineData("POST", "/v1/messages/batches", "OpenAi", Dialect.Opaque, "POST /v1/messages/*")]
    [InlineData("POST", "/openai/deployments/my-dep/chat/completions", "Azure", Dialect.OpenAiChat, "POST /openai/deployments/*/chat/completions")]
    [InlineData("POST", "/openai/v1/chat/completions", "Azure", Dialect.OpenAiChat, "POST /openai/v1/chat/completions")]
    [InlineData("POST", "/openai/responses", "Azure", Dialect.OpenAiResponses, "POST /openai/responses")]
    [InlineData("POST", "/v1beta/models/gemini-2.5-flash:generateContent", "Gemini", Dialect.GeminiGenerate, "POST /v1beta/models/*:generateContent")]
    [InlineData("POST", "/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent", "Gemini", Dialect.GeminiGenerate, "POST /v1beta/models/*:streamGenerateContent")]
    [InlineData("POST", "/v1beta/models/e:batchEmbedContents", "Gemini", Dialect.GeminiEmbed, "POST /v1beta/models/*:batchEmbedContents")]
    [InlineData("GET", "/v1beta/models", "Gemini", Dialect.Opaque, "GET /v1beta/models")]
    [InlineData("DELETE", "/v1/some/new/thing", "OpenAi", Dialect.Opaque, "DELETE /v1/some/*")]
    public void A_path_has_its_meaning(string method, string path, string surface, Dialect dialect, string template)
    {
        Assert.True(RouteTable.TryMatch(method, path, anthropic: false, out var route));
        Assert.Equal((surface, dialect, template), (route.Surface.ToString(), route.Dialect, route.Template));
    }

    [Fact]
    public void The_version_header_decides_paths_that_two_dialects_share()
    {
        Assert.True(RouteTable.TryMatch("GET", "/v1/models", anthropic: true, out var route));
        Assert.Equal(Surface.Anthropic, route.Surface);
        Assert.True(RouteTable.TryMatch("GET", "/v1/models", anthropic: false, out route));
        Assert.Equal(Surface.OpenAi, route.Surface);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/p/default/requests")]
    [InlineData("/api/v1/observations")]
    [InlineData("/v1")]
    [InlineData("/v1x/chat")]
    [InlineData("/v1/traces")]
    [InlineData("/v1/logs")]
    [InlineData("/v1/metrics")]
    [InlineData("/v1/projects/default/spans")]
    [InlineData("/v1/request/1/feedback")]
    [InlineData("/metrics")]
    public void What_is_not_the_gateways_is_left_alone(string path) => Assert.False(RouteTable.TryMatch("POST", path, anthropic: false, out _));

    [Theory]
    [InlineData(ProviderKind.OpenAi, "https://h/v1", "/v1/chat/completions", "https://h/v1/chat/completions")]
    [InlineData(ProviderKind.OpenAi, "https://h", "/v1/chat/completions", "https://h/v1/chat/completions")]
    [InlineData(ProviderKind.OpenAi, "https://h/openai/v1", "/chat/completions", "https://h/openai/v1/chat/completions")]
    [InlineData(ProviderKind.OpenAi, "https://h/v1", "/openai/deployments/d/chat/completions?api-version=1", "https://h/v1/chat/completions")]
    [InlineData(ProviderKind.Anthropic, "https://h", "/v1/messages?beta=true", "https://h/v1/messages?beta=true")]
    [InlineData(ProviderKind.Anthropic, "https://h/v1", "/anthropic/v1/messages", "https://h/v1/messages")]
    [InlineData(ProviderKind.AzureOpenAi, "https://h", "/openai/deployments/d/chat/completions?api-version=1", "https://h/openai/deployments/d/chat/completions?api-version=1")]
    [InlineData(ProviderKind.AzureOpenAi, "https://h/openai/v1", "/v1/chat/completions", "https://h/openai/v1/chat/completions")]
    [InlineData(ProviderKind.Gemini, "https://h", "/v1beta/models/m:generateContent?alt=sse", "https://h/v1beta/models/m:generateContent?alt=sse")]
    [InlineData(ProviderKind.Gemini, "https://h/v1beta", "/v1/chat/completions", "https://h/v1beta/openai/chat/completions")]
    [InlineData(ProviderKind.Simulated, "http://h", "/openai/v1/responses", "http://h/v1/responses")]
    public void A_call_goes_below_its_providers_base_url(ProviderKind kind, string baseUrl, string target, string expected)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        Assert.True(RouteTable.TryMatch("POST", mark < 0 ? target : target[..mark], anthropic: false, out var route));
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var client = new ProviderClient(new ProviderEndpoint { Name = "p", Kind = kind, BaseUrl = new Uri(baseUrl) }, invoker);
        Assert.Equal(expected, UpstreamAddress.Text(client, route, mark < 0 ? "" : target[mark..], out _));
    }

    [Fact]
    public void A_providers_escaped_path_is_sent_as_it_was_written()
    {
        Assert.True(RouteTable.TryMatch("GET", "/v1/files/a%2Fb%20c", anthropic: false, out var route));
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var client = new ProviderClient(new ProviderEndpoint { Name = "p", Kind = ProviderKind.OpenAi, BaseUrl = new Uri("https://h/v1") }, invoker);
        Assert.Equal("/v1/files/a%2Fb%20c?q=%2F", UpstreamAddress.For(client, route, "?q=%2F", out _).PathAndQuery);
    }

    [Theory]
    [InlineData("/v1/files/a..b/.c", true)]
    [InlineData("/v1/files/%2F", true)]
    [InlineData("/v1/../x", false)]
    [InlineData("/v1/.%2E/x", false)]
    [InlineData("/v1/x\\y", false)]
    [InlineData("/v1/x#y", false)]
    public void Paths_that_read_two_ways_are_not_safe(string path, bool safe) => Assert.Equal(safe, PathRules.IsSafe(path));

    [Fact]
    public void A_value_of_the_query_can_be_read_and_taken_out()
    {
        Assert.Equal("b", QueryText.Value("?a=b&key=c", "a").ToString());
        Assert.Equal("", QueryText.Value("?monkey=c", "key").ToString());
        Assert.Equal("?a=b", QueryText.Without("?a=b&key=c", "key"));
        Assert.Equal("", QueryText.Without("?key=c", "key"));
    }

    [Fact]
    public void A_provider_is_chosen_by_route_then_model_then_kind()
    {
        ProviderEndpoint Of(string name, ProviderKind kind, params string[] models) =>
            new() { Name = name, Kind = kind, BaseUrl = new Uri($"https://{name}.test/v1"), Models = models, ApiKey = new Secret("k") };
        var snapshot = new ProviderSnapshot(
            [Of("openai", ProviderKind.OpenAi, "gpt-*", "gpt-4o"), Of("groq", ProviderKind.OpenAi, "llama-*", "gpt-oss-*"), Of("claude", ProviderKind.Anthropic)],
            new Dictionary<string, string> { ["gpt-4.1*"] = "groq" });
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var choice = new ProviderChoice(snapshot, [.. snapshot.Providers.Select(endpoint => new ProviderClient(endpoint, invoker))],
            preset => new ProviderClient(new ProviderEndpoint { Name = "public-" + preset, Kind = ProviderPresets.Find(preset)!.Kind, BaseUrl = new Uri("https://public.test") }, invoker));

        string? Find(string model, ProviderKind kind = ProviderKind.OpenAi, bool own = false) => choice.Find(model, kind, kind, own)?.Endpoint.Name;
        Assert.Equal("openai", Find("gpt-4o"));
        Assert.Equal("openai", Find("gpt-5"));
        Assert.Equal("groq", Find("gpt-oss-120b"));
        Assert.Equal("groq", Find("gpt-4.1-mini"));
        Assert.Equal("claude", Find("claude-x", ProviderKind.Anthropic));
        Assert.Null(Find("mistral-large"));
        Assert.Equal("openai", Find(""));
        Assert.Equal("public-simulated", Find("sim-fast"));
        Assert.Equal("public-gemini", Find("gemini-2.5-flash", ProviderKind.Gemini, own: true));
        Assert.Null(Find("gemini-2.5-flash", ProviderKind.Gemini));
    }
}
