using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>
/// Synthetic persons tell their data through the gateway and every dialect of ingest, with the policy that there is without a
/// setting. Afterwards no byte of the data folder, the log, /metrics or an export holds any of it.
/// BELLWETHER_CANARIES sets how many persons; 500 without it.
/// </summary>
public sealed class CanaryTests
{
    private const int Batch = 50;
    private static readonly int s_persons = int.TryParse(Environment.GetEnvironmentVariable("BELLWETHER_CANARIES"), CultureInfo.InvariantCulture, out var count) ? count : 500;
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Nothing_that_a_person_says_of_itself_is_on_the_disk_in_the_log_in_metrics_or_in_an_export()
    {
        await using var server = await BellwetherProcess.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        var persons = Enumerable.Range(0, s_persons).Select(SyntheticPerson.Of).ToArray();
        Func<SyntheticPerson[], int, Task>[] ways =
        [
            // At once: the simulated provider takes its time, as real ones do.
            (some, _) => Task.WhenAll(some.Select(person => ChatAsync(http, person, stream: false))),
            (some, _) => Task.WhenAll(some.Select(person => ChatAsync(http, person, stream: true))),
            (some, _) => Task.WhenAll(some.Select(person => AnthropicAsync(http, person))),
            (some, first) => SendAsync(http, "/v1/traces", Otlp(some, first)),
            (some, first) => SendAsync(http, "/v1/logs", OtlpLogs(some, first)),
            (some, first) => SendAsync(http, "/runs/batch", LangSmith(some, first)),
            (some, first) => SendAsync(http, "/api/public/ingestion", Langfuse(some, first)),
            (some, first) => SendAsync(http, "/v1/projects/canaries/spans", Phoenix(some, first)),
            async (some, _) => { foreach (var person in some) { await SendAsync(http, "/oai/v1/log", Helicone(person)); } },
            (some, first) => SendAsync(http, "/batch/", PostHog(some, first)),
            (some, first) => SendAsync(http, "/import", Mixpanel(some, first)),
            async (some, first) =>
            {
                for (var i = 0; i < some.Length; i++)
                {
                    await SendAsync(http, "/api/v1/feedback", new { request_id = $"canary-{first + i}", value = "down", text = some[i].Story });
                }
            },
        ];
        var sent = 0;
        foreach (var some in persons.Chunk(Batch))
        {
            await ways[sent / Batch % ways.Length](some, sent);
            sent += some.Length;
        }
        // Persons of the last ways too when there are few: each way is gone at least once.
        for (var way = persons.Length / Batch; way < ways.Length; way++)
        {
            await ways[way](persons[..Math.Min(Batch, persons.Length)], 1_000_000 + (way * Batch));
        }

        var metrics = await http.GetStringAsync("/metrics");
        var export = await ExportAsync(server, http);
        Assert.Contains("[EMAIL]", export, StringComparison.Ordinal);
        Assert.Contains("bellwether_redactions", metrics, StringComparison.Ordinal);
        var canaries = SearchValues.Create([.. persons.SelectMany(person => person.Canaries).Distinct()], StringComparison.Ordinal);
        AssertNone(metrics, "/metrics", canaries);
        AssertNone(export, "the export", canaries);
        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromMinutes(1));
        AssertNone(server.Log, "the log", canaries);
        var files = 0;
        foreach (var file in Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories))
        {
            files++;
            AssertNone(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), Path.GetRelativePath(server.DataFolder, file), canaries);
        }
        Assert.True(files > 3, "The data folder is somewhere else.");
    }

    [Fact]
    public async Task The_search_would_find_them_when_the_operator_keeps_everything()
    {
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string> { ["Bellwether__Guardrails__Storage__ALL"] = "keep" });
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        var person = SyntheticPerson.Of(7);
        await ChatAsync(http, person, stream: false);
        var export = await ExportAsync(server, http);
        Assert.All(person.Canaries, canary => Assert.Contains(canary, export, StringComparison.Ordinal));
        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains(Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories), file => Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains(person.Email, StringComparison.Ordinal));
    }

    private static void AssertNone(string text, string where, SearchValues<string> canaries)
    {
        var at = text.AsSpan().IndexOfAny(canaries);
        Assert.True(at < 0, at < 0 ? "" : $"{where}: …{text[Math.Max(0, at - 120)..Math.Min(text.Length, at + 60)]}…");
    }

    private static Task ChatAsync(HttpClient http, SyntheticPerson person, bool stream) => SendAsync(http, "/v1/chat/completions",
        new { model = "gpt-4o-mini", stream, messages = new object[] { new { role = "system", content = $"The customer is {person.Name} ({person.Email})." }, new { role = "user", content = person.Story } } });

    private static Task AnthropicAsync(HttpClient http, SyntheticPerson person) => SendAsync(http, "/v1/messages",
        new { model = "claude-sonnet-4-5", max_tokens = 50, messages = new[] { new { role = "user", content = new[] { new { type = "text", text = person.Story } } } } });

    private static object Otlp(SyntheticPerson[] persons, int first) => new
    {
        resourceSpans = new[]
        {
            new
            {
                scopeSpans = new[]
                {
                    new
                    {
                        spans = persons.Select((person, i) => new
                        {
                            traceId = Hex(first + i, 32), spanId = Hex(first + i, 16), name = "chat gpt-4o", kind = 3, startTimeUnixNano = Nanoseconds(0), endTimeUnixNano = Nanoseconds(1),
                            attributes = new object[]
                            {
                                Attribute("gen_ai.operation.name", "chat"), Attribute("gen_ai.request.model", "gpt-4o"),
                                Attribute("gen_ai.input.messages", JsonSerializer.Serialize(new[] { new { role = "user", parts = new[] { new { type = "text", content = person.Story } } } })),
                                Attribute("gen_ai.output.messages", JsonSerializer.Serialize(new[] { new { role = "assistant", parts = new[] { new { type = "text", content = $"Dear {person.Name},\nwe wrote to {person.Email}." } } } })),
                                Attribute("app.note", person.Story),
                            },
                            status = new { code = 2, message = $"no account {person.Iban} of {person.Email}" },
                        }),
                    },
                },
            },
        },
    };

    private static object OtlpLogs(SyntheticPerson[] persons, int first) => new
    {
        resourceLogs = new[]
        {
            new
            {
                scopeLogs = new[]
                {
                    new
                    {
                        logRecords = persons.Select((person, i) => new
                        {
                            timeUnixNano = Nanoseconds(0), traceId = Hex(first + i, 32), spanId = Hex(first + i, 16), eventName = "gen_ai.evaluation.result",
                            attributes = new object[] { Attribute("gen_ai.evaluation.name", "tone"), Attribute("gen_ai.evaluation.explanation", person.Story) },
                        }),
                    },
                },
            },
        },
    };

    private static object LangSmith(SyntheticPerson[] persons, int first) => new
    {
        post = persons.Select((person, i) => new
        {
            id = Id(first + i), trace_id = Id(first + i), name = "call", run_type = "llm", session_name = "canaries", start_time = Now(), end_time = Now(),
            inputs = new { messages = new[] { new { role = "user", content = person.Story } } }, outputs = new { answer = $"Dear {person.Name},", to = person.Email }, extra = new { metadata = new { note = person.Story } },
        }),
    };

    private static object Langfuse(SyntheticPerson[] persons, int first) => new
    {
        batch = persons.Select((person, i) => new
        {
            id = Id(first + i), type = "generation-create", timestamp = Now(),
            body = new { id = $"g-{first + i}", traceId = $"t-{first + i}", name = "call", model = "gpt-4o", startTime = Now(), endTime = Now(), input = person.Story, output = new { role = "assistant", content = $"Dear {person.Name},\n{person.Email}" }, metadata = new { note = person.Story }, statusMessage = person.Email },
        }),
    };

    private static object Phoenix(SyntheticPerson[] persons, int first) => new
    {
        data = persons.Select((person, i) => new
        {
            name = "call", context = new { trace_id = Hex(first + i, 32), span_id = Hex(first + i, 16) }, span_kind = "LLM", start_time = Now(), end_time = Now(), status_code = "OK", status_message = "",
            attributes = new Dictionary<string, object> { ["input.value"] = person.Story, ["output.value"] = $"Dear {person.Name},\n{person.Email}", ["metadata"] = new { note = person.Story } },
        }),
    };

    private static object Helicone(SyntheticPerson person) => new
    {
        providerRequest = new { url = "https://api.openai.com/v1/chat/completions", json = new { model = "gpt-4o-mini", messages = new[] { new { role = "user", content = person.Story } } }, meta = new { } },
        providerResponse = new { status = 200, json = new { model = "gpt-4o-mini", choices = new[] { new { message = new { role = "assistant", content = $"Dear {person.Name},\n{person.Email}" } } }, usage = new { prompt_tokens = 3, completion_tokens = 1 } }, headers = new { } },
    };

    private static object PostHog(SyntheticPerson[] persons, int first) => new
    {
        api_key = BellwetherProcess.ApiKey,
        batch = persons.Select((person, i) => new Dictionary<string, object>
        {
            ["event"] = "$ai_generation", ["uuid"] = Id(first + i), ["distinct_id"] = $"u-{first + i}", ["timestamp"] = Now(),
            ["properties"] = new Dictionary<string, object> { ["$ai_model"] = "gpt-4o", ["$ai_provider"] = "openai", ["$ai_input"] = new[] { new { role = "user", content = person.Story } }, ["$ai_output_choices"] = new[] { new { role = "assistant", content = $"Dear {person.Name},\n{person.Email}" } }, ["note"] = person.Story },
        }),
    };

    private static object Mixpanel(SyntheticPerson[] persons, int first) => persons.Select((person, i) => new Dictionary<string, object>
    {
        ["event"] = "ai_call",
        ["properties"] = new Dictionary<string, object> { ["token"] = BellwetherProcess.ApiKey, ["distinct_id"] = $"u-{first + i}", ["$insert_id"] = Id(first + i), ["time"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), ["model"] = "gpt-4o", ["input_tokens"] = 3, ["latency_ms"] = 9, ["prompt"] = person.Story, ["response"] = $"Dear {person.Name},\n{person.Email}", ["note"] = person.Story },
    });

    private static async Task SendAsync(HttpClient http, string path, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(path, content);
        Assert.True(response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    // Everything as lines with its texts, once it is stored.
    private static async Task<string> ExportAsync(BellwetherProcess server, HttpClient http)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            var pipeline = await http.GetStringAsync("/metrics");
            if (Metric(pipeline, "bellwether_telemetry_accepted") is > 0 and var accepted && Metric(pipeline, "bellwether_telemetry_stored") >= accepted)
            {
                break;
            }
            await Task.Delay(100);
        }
        using var content = new StringContent("""{"format":"jsonl","from":"now-30d","texts":true}""", Encoding.UTF8, "application/json");
        using var asked = await http.PostAsync("/api/v1/exports", content);
        var id = JsonDocument.Parse(await asked.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        for (var attempt = 0; attempt < 600 && (await server.GetAsync($"/api/v1/exports/{id}")).GetProperty("state").GetString() != "done"; attempt++)
        {
            await Task.Delay(100);
        }
        return await http.GetStringAsync($"/api/v1/exports/{id}/file");
    }

    private static double Metric(string metrics, string name) => metrics.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static object Attribute(string key, string text) => new { key, value = new { stringValue = text } };

    private static string Hex(int number, int length) => (number + 1).ToString("x", CultureInfo.InvariantCulture).PadLeft(length, 'a');

    private static string Id(int number) => $"01890a5d-ac96-774b-bcce-{number:x12}";

    private static string Now() => (TimeProvider.System.GetUtcNow() - s_hour).ToString("O", CultureInfo.InvariantCulture);

    private static string Nanoseconds(int second) => ((TimeProvider.System.GetUtcNow() - s_hour).AddSeconds(second).ToUnixTimeMilliseconds() * 1_000_000).ToString(CultureInfo.InvariantCulture);
}
