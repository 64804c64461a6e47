using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static Bellwether.Server.Tests.SinkWatch;

namespace Bellwether.Server.Tests;

/// <summary>Requirement L1: every call reaches the sinks, whatever happens to a receiver or to the server; no sink slows or fails a call.</summary>
public sealed class SinksTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    [Fact]
    public async Task A_webhook_gets_every_call_signed_also_those_made_while_it_was_down_and_the_server_was_killed()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (503, "");
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
        {
            ["Bellwether__Sinks__hook__Kind"] = "Webhook",
            ["Bellwether__Sinks__hook__Url"] = new Uri(receiver.Address, "/hooks/bellwether").ToString(),
            ["Bellwether__Sinks__hook__Secret"] = "whsec_" + Convert.ToBase64String(s_key),
        });
        var made = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            made.Add(await CallAsync(server, $"person-{i}"));
        }
        await UntilAsync(() => Task.FromResult(receiver.Refused > 0));
        var down = await TheSinkAsync(server);
        Assert.Equal("retrying", down.GetProperty("state").GetString());
        Assert.Equal("answered 503", down.GetProperty("last_problem").GetString());
        await server.ObservationsAsync("", made.Count);

        await server.KillAsync();
        receiver.Answer = (204, "");
        await server.StartAgainAsync();
        made.Add(await CallAsync(server, "after"));
        await UntilAsync(() => Task.FromResult(!made.Except(Ids(receiver)).Any()));

        foreach (var message in receiver.Taken)
        {
            Assert.Equal("/hooks/bellwether", message.Path);
            var signed = Encoding.UTF8.GetBytes($"{message.Headers["webhook-id"]}.{message.Headers["webhook-timestamp"]}.").Concat(message.Body).ToArray();
            Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(s_key, signed)), message.Headers["webhook-signature"]);
            Assert.DoesNotContain("Tell me", message.Text, StringComparison.Ordinal);
        }
        Assert.Equal(made.Order(), Ids(receiver).Distinct().Order());
        await UntilAsync(async () => (await TheSinkAsync(server)).GetProperty("waiting").GetInt64() == 0);
        Assert.Equal("ok", (await TheSinkAsync(server)).GetProperty("state").GetString());
        Assert.DoesNotContain("whsec_", server.Log, StringComparison.Ordinal);

        static IEnumerable<string> Ids(Receiver receiver) => receiver.Taken.SelectMany(message =>
            JsonDocument.Parse(message.Body).RootElement.GetProperty("data").GetProperty("observations").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task What_a_receiver_did_not_take_goes_again_when_it_is_back()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (503, "");
        await using var server = await BellwetherProcess.StartAsync(Hog(receiver.Address));
        var id = await CallAsync(server, "patient");
        await UntilAsync(() => Task.FromResult(receiver.Refused > 0));
        receiver.Answer = (200, "");
        await UntilAsync(() => Task.FromResult(receiver.Taken.Count > 0));
        Assert.Contains(id, receiver.Taken[0].Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await TheSinkAsync(server)).GetProperty("waiting").GetInt64() == 0);
    }

    [Fact]
    public async Task What_is_erased_while_it_waits_is_never_sent_and_leaves_the_outbox()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (503, "");
        var settings = Hog(receiver.Address);
        settings["Bellwether__Sinks__hog__IncludeTexts"] = "true";
        await using var server = await BellwetherProcess.StartAsync(settings);
        var kept = await CallAsync(server, "kept");
        var erased = await CallAsync(server, "forget-me");
        var later = await CallAsync(server, "later");
        await server.ObservationsAsync("", 3);
        await UntilAsync(() => Task.FromResult(receiver.Refused > 0));
        Assert.Contains("forget-me", await OutboxAsync(server), StringComparison.Ordinal);

        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        using var body = new StringContent("""{"where":[{"field":"user","op":"eq","values":["forget-me"]}]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync("/api/v1/observations/erase", body);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((1, 1), (answer.GetProperty("erased").GetInt32(), answer.GetProperty("copies").GetProperty("sinks").GetInt32()));
        Assert.DoesNotContain("forget-me", await OutboxAsync(server), StringComparison.Ordinal);
        var status = await TheSinkAsync(server);
        Assert.Equal((2, 1), (status.GetProperty("waiting").GetInt64(), status.GetProperty("erased").GetInt64()));

        receiver.Answer = (200, "");
        await UntilAsync(async () => (await TheSinkAsync(server)).GetProperty("waiting").GetInt64() == 0);
        var sent = string.Join('\n', receiver.Taken.Select(message => message.Text));
        Assert.Contains(kept, sent, StringComparison.Ordinal);
        Assert.Contains(later, sent, StringComparison.Ordinal);
        Assert.DoesNotContain(erased, sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_kind_speaks_its_receivers_language()
    {
        await using var posthog = await Receiver.StartAsync();
        posthog.Answer = (200, """{"status":1}""");
        await using var mixpanel = await Receiver.StartAsync();
        await using var otlp = await Receiver.StartAsync();
        otlp.Answer = (200, "{}");
        var folder = Directory.CreateTempSubdirectory("bellwether-jsonl").FullName;
        try
        {
            await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
            {
                ["Bellwether__Sinks__hog__Kind"] = "PostHog",
                ["Bellwether__Sinks__hog__Url"] = posthog.Address.ToString(),
                ["Bellwether__Sinks__hog__ApiKey"] = "phc_project",
                ["Bellwether__Sinks__panel__Kind"] = "Mixpanel",
                ["Bellwether__Sinks__panel__Url"] = mixpanel.Address.ToString(),
                ["Bellwether__Sinks__panel__ApiKey"] = "mixpanel-token",
                ["Bellwether__Sinks__otel__Kind"] = "Otlp",
                ["Bellwether__Sinks__otel__Url"] = otlp.Address.ToString(),
                ["Bellwether__Sinks__otel__ApiKey"] = "otlp-token",
                ["Bellwether__Sinks__files__Kind"] = "Jsonl",
                ["Bellwether__Sinks__files__Folder"] = folder,
                ["Bellwether__Sinks__files__IncludeTexts"] = "true",
            });
            var id = await CallAsync(server, "ada");
            var stored = await server.TheObservationAsync("user=ada");
            await UntilAsync(() => Task.FromResult(posthog.Taken.Count > 0 && mixpanel.Taken.Count > 0 && otlp.Taken.Count > 0 && Directory.EnumerateFiles(folder).Any()));

            var batch = JsonDocument.Parse(posthog.Taken[0].Body).RootElement;
            Assert.Equal("/batch/", posthog.Taken[0].Path);
            Assert.Equal("phc_project", batch.GetProperty("api_key").GetString());
            var generation = batch.GetProperty("batch")[0];
            Assert.Equal("$ai_generation", generation.GetProperty("event").GetString());
            Assert.Equal("ada", generation.GetProperty("distinct_id").GetString());
            Assert.Equal(id, generation.GetProperty("uuid").GetString());
            Assert.Equal(stored.GetProperty("usage").GetProperty("input_tokens").GetInt64(), generation.GetProperty("properties").GetProperty("$ai_input_tokens").GetInt64());
            Assert.Equal(stored.GetProperty("cost").GetProperty("total_usd").GetDecimal(), generation.GetProperty("properties").GetProperty("$ai_total_cost_usd").GetDecimal());
            Assert.False(generation.GetProperty("properties").TryGetProperty("$ai_input", out _));

            var form = Uri.UnescapeDataString(mixpanel.Taken[0].Text["data=".Length..].Replace('+', ' '));
            var tracked = JsonDocument.Parse(Convert.FromBase64String(form)).RootElement[0];
            Assert.StartsWith("/track", mixpanel.Taken[0].Path, StringComparison.Ordinal);
            Assert.Equal("ai_call", tracked.GetProperty("event").GetString());
            Assert.Equal("mixpanel-token", tracked.GetProperty("properties").GetProperty("token").GetString());
            Assert.Equal(id.Replace("-", "", StringComparison.Ordinal), tracked.GetProperty("properties").GetProperty("$insert_id").GetString());

            Assert.Equal("/v1/traces", otlp.Taken[0].Path);
            Assert.Equal("Bearer otlp-token", otlp.Taken[0].Headers["authorization"]);
            var span = JsonDocument.Parse(otlp.Taken[0].Body).RootElement.GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans")[0];
            Assert.Equal(stored.GetProperty("trace_id").GetString(), span.GetProperty("traceId").GetString());
            Assert.Matches("^[0-9a-f]{16}$", span.GetProperty("spanId").GetString());
            Assert.Contains(span.GetProperty("attributes").EnumerateArray(), attribute =>
                attribute.GetProperty("key").GetString() == "gen_ai.response.model" && attribute.GetProperty("value").GetProperty("stringValue").GetString() == stored.GetProperty("model").GetString());

            var line = JsonDocument.Parse((await File.ReadAllLinesAsync(Directory.EnumerateFiles(folder).Single()))[0]).RootElement;
            Assert.Equal(id, line.GetProperty("id").GetString());
            Assert.Contains("Tell me", line.GetProperty("input").ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_receiver_that_hangs_slows_no_call_and_one_that_rejects_loses_only_its_own_copy()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (400, "no");
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
        {
            ["Bellwether__Sinks__rejecting__Kind"] = "PostHog",
            ["Bellwether__Sinks__rejecting__Url"] = receiver.Address.ToString(),
            ["Bellwether__Sinks__rejecting__ApiKey"] = "phc",
            ["Bellwether__Sinks__unreachable__Kind"] = "PostHog",
            ["Bellwether__Sinks__unreachable__Url"] = "http://127.0.0.1:9",
            ["Bellwether__Sinks__unreachable__ApiKey"] = "phc",
        });
        await CallAsync(server, "bob");
        await server.TheObservationAsync("user=bob");
        await UntilAsync(async () => (await server.GetAsync("/api/v1/sinks")).GetProperty("items").EnumerateArray().All(sink => sink.GetProperty("last_problem").GetString()!.Length > 0));
        var sinks = (await server.GetAsync("/api/v1/sinks")).GetProperty("items").EnumerateArray().ToDictionary(sink => sink.GetProperty("name").GetString()!);
        Assert.Equal(1, sinks["rejecting"].GetProperty("rejected").GetInt64());
        Assert.Equal(0, sinks["rejecting"].GetProperty("waiting").GetInt64());
        Assert.Equal("could not be reached", sinks["unreachable"].GetProperty("last_problem").GetString());
        Assert.Equal(1, sinks["unreachable"].GetProperty("waiting").GetInt64());
    }

    private static Dictionary<string, string> Hog(Uri address) => new()
    {
        ["Bellwether__Sinks__hog__Kind"] = "PostHog",
        ["Bellwether__Sinks__hog__Url"] = address.ToString(),
        ["Bellwether__Sinks__hog__ApiKey"] = "phc",
    };

    // Every byte of it, as text; the journal is open while it is read.
    private static async Task<string> OutboxAsync(BellwetherProcess server)
    {
        var all = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(server.DataFolder, "sinks", "hog")).Where(file => Path.GetFileName(file) != "lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            all.Append(await reader.ReadToEndAsync());
        }
        return all.ToString();
    }

    private static async Task<string> CallAsync(BellwetherProcess server, string user)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        request.Headers.Add("x-bellwether-user", user);
        request.Content = new StringContent("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Tell me about owls."}]}""", Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.Headers.GetValues("x-bellwether-id").Single();
    }
}
