using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Helicone's logger, Portkey's client and the article's snippet, unchanged but for the address: what they got, and what was stored.</summary>
public sealed class HeliconeClientTests(HeliconeClients clients) : IClassFixture<HeliconeClients>
{
    [Fact]
    public async Task The_articles_snippet_needs_only_its_host_changed()
    {
        var result = Result("article");
        Assert.Equal(("From the provider.", "MISS", "success"), (Text(result, "text"), Text(result, "cache"), Text(result, "status")));
        var stored = await clients.WithProvider.TheObservationAsync("user=helicone_article");
        Assert.Equal((Text(result, "id"), "ok", "gpt-4"), (Text(stored, "id"), Text(stored, "state"), Text(stored, "model")));
        Assert.Equal((9L, 4L), (stored.GetProperty("usage").GetProperty("input_tokens").GetInt64(), stored.GetProperty("usage").GetProperty("output_tokens").GetInt64()));
        Assert.True(stored.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
        Assert.Equal("true", stored.GetProperty("properties").GetProperty("helicone-cache-enabled").GetString());
    }

    [Fact]
    public void What_is_for_us_ends_here_and_the_applications_key_reaches_its_provider()
    {
        Result("article");
        Result("portkey_own_key");
        Assert.Equal(2, clients.Reached.Count());
        Assert.All(clients.Reached, head =>
        {
            Assert.Contains("Bearer sk-of-the-application", head, StringComparison.Ordinal);
            Assert.DoesNotContain("helicone", head, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("portkey", head, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(BellwetherProcess.ApiKey, head, StringComparison.Ordinal);
        });
        foreach (var secret in (string[])["sk-of-the-application", BellwetherProcess.ApiKey])
        {
            Assert.DoesNotContain(secret, clients.WithProvider.Log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_call_that_went_elsewhere_is_logged_with_its_texts_tokens_and_cost()
    {
        Result("log");
        var logged = await clients.Server.TheObservationAsync("user=helicone_log");
        Assert.Equal(("helicone", "gpt-4o-mini", "stop"), (Text(logged, "surface"), Text(logged, "model"), Text(logged, "finish_reason")));
        Assert.Equal(11, logged.GetProperty("usage").GetProperty("input_tokens").GetInt64());
        Assert.True(logged.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
        Assert.Equal("blue", logged.GetProperty("properties").GetProperty("team").GetString());
        Assert.Contains("a logged question", logged.GetProperty("input").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("a logged answer", logged.GetProperty("output").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_went_elsewhere_is_put_together()
    {
        Result("log_stream");
        var logged = await clients.Server.TheObservationAsync("user=helicone_log_stream");
        Assert.True(logged.GetProperty("output_assembled").GetBoolean());
        Assert.Equal("Hello there", logged.GetProperty("output").GetProperty("text").GetString());
        Assert.Equal(3, logged.GetProperty("usage").GetProperty("output_tokens").GetInt64());
        Assert.True(logged.GetProperty("timings").GetProperty("ttft_ms").GetDouble() >= 0);
    }

    [Fact]
    public async Task A_tool_that_was_logged_is_a_step_of_its_session()
    {
        Result("log_tool");
        var tool = await clients.Server.TheObservationAsync("user=helicone_log_tool&kind=tool");
        Assert.Equal(("weather", "trip-1"), (Text(tool, "name"), Text(tool, "session")));
        Assert.NotEmpty(Text(tool, "parent_id")!);
        Assert.Contains("Oslo", tool.GetProperty("input").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Votes_scores_and_properties_find_their_call_by_either_of_its_ids()
    {
        var statuses = Result("feedback");
        foreach (var accepted in (string[])["vote", "byAlias", "legacy", "property", "portkey", "early"])
        {
            Assert.True(statuses.GetProperty(accepted).GetInt32() == 200, $"{accepted}: {statuses.GetRawText()}");
        }
        Assert.Equal((400, 404), (statuses.GetProperty("wrong").GetInt32(), statuses.GetProperty("unknownProperty").GetInt32()));
        var call = Text(statuses, "id");
        JsonElement stored = default;
        for (var i = 0; i < 300; i++)
        {
            stored = await clients.Server.GetAsync($"/api/v1/observations/{call}");
            if (stored.GetProperty("annotations").GetArrayLength() == 3 && stored.GetProperty("properties").TryGetProperty("team", out _))
            {
                break;
            }
            await Task.Delay(100);
        }
        var said = stored.GetProperty("annotations").EnumerateArray().ToDictionary(item => Text(item, "name")!, item => item.GetProperty("number").GetDouble());
        Assert.Equal((0, 0.5, 1), (said["user_feedback"], said["helpfulness"], said["grounded"]));
        Assert.Equal("red", stored.GetProperty("properties").GetProperty("team").GetString());
    }

    [Fact]
    public async Task Portkeys_client_calls_with_its_trace_user_and_metadata()
    {
        Assert.NotEmpty(Text(Result("portkey"), "text")!);
        var stored = await clients.Server.TheObservationAsync("user=portkey_chat");
        Assert.Equal(("ok", "trace-1"), (Text(stored, "state"), Text(stored, "session")));
        Assert.Equal("blue", stored.GetProperty("properties").GetProperty("team").GetString());
    }

    private JsonElement Result(string name)
    {
        var result = clients[name];
        Assert.True(result.GetProperty("threw").ValueKind == JsonValueKind.Null, $"{name} threw {result.GetProperty("threw").GetRawText()}");
        return result;
    }

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();
}
