using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bellwether.Server.Tests;

/// <summary>Records of every dialect in which persons tell of themselves, in every field that has room for it.</summary>
internal static class CanaryIngest
{
    public static IEnumerable<(string Name, Func<CanarySender, SyntheticPerson[], int, Task> SendAsync)> All =>
    [
        ("OTLP JSON", (sender, some, first) => sender.JsonAsync("/v1/traces", Otlp(some, first))),
        ("OTLP protobuf", (sender, some, first) => sender.PostAsync("/v1/traces", ProtoText.Traces(JsonSerializer.SerializeToNode(Otlp(some, first))!), "application/x-protobuf")),
        ("OTLP logs", (sender, some, first) => sender.JsonAsync("/v1/logs", OtlpLogs(some, first))),
        ("LangSmith", (sender, some, first) => sender.JsonAsync("/runs/batch", LangSmith(some, first))),
        ("LangSmith feedback", (sender, some, first) => EachAsync(some, (person, i) => sender.JsonAsync("/feedback", new { id = CanarySender.Id(first + i), run_id = CanarySender.Id(first + i), key = "tone", score = 1, comment = person.Story, value = person.Email, correction = person.Fields }))),
        ("Langfuse", (sender, some, first) => sender.JsonAsync("/api/public/ingestion", Langfuse(some, first))),
        ("Phoenix", (sender, some, first) => sender.JsonAsync("/v1/projects/canaries/spans", PhoenixSpans(some, first))),
        ("Phoenix annotations", (sender, some, first) => sender.JsonAsync("/v1/span_annotations", new { data = some.Select((person, i) => new { span_id = CanarySender.Hex(first + i, 16), name = "tone", annotator_kind = "HUMAN", identifier = person.Email, result = new { label = person.Email, score = 1, explanation = person.Story }, metadata = person.Fields }) })),
        ("Phoenix datasets", PhoenixDatasetAsync),
        ("Helicone", (sender, some, first) => EachAsync(some, (person, i) => sender.JsonAsync("/oai/v1/log", Helicone(person), ("Helicone-User-Id", person.Email), ("Helicone-Session-Id", person.Email), ("Helicone-Property-Contact", $"{person.Email} {person.Phone}")))),
        ("PostHog", (sender, some, first) => sender.JsonAsync("/batch/", PostHog(some, first))),
        ("Mixpanel", (sender, some, first) => sender.JsonAsync("/import", Mixpanel(some, first))),
        ("feedback", (sender, some, first) => EachAsync(some, (person, i) => sender.JsonAsync("/api/v1/feedback", i % 2 == 0
            ? new { request_id = $"canary-{first + i}", value = "down", text = person.Story, user = person.Email }
            : new { session = person.Email, kind = "edited", original = person.Story, edited = person.Reply, text = person.Email }))),
    ];

    private static async Task EachAsync(SyntheticPerson[] some, Func<SyntheticPerson, int, Task> sendAsync)
    {
        for (var i = 0; i < some.Length; i++) { await sendAsync(some[i], i); }
    }

    private static object Otlp(SyntheticPerson[] some, int first) => new
    {
        resourceSpans = new[]
        {
            new
            {
                resource = new { attributes = new object[] { Attribute("service.name", "canaries"), Attribute("host.owner", some[0].Email) } },
                scopeSpans = new[]
                {
                    new
                    {
                        spans = some.Select((person, i) => new
                        {
                            traceId = CanarySender.Hex(first + i, 32), spanId = CanarySender.Hex(first + i, 16), name = $"chat for {person.Email}", kind = 3,
                            startTimeUnixNano = CanarySender.Nanoseconds(0), endTimeUnixNano = CanarySender.Nanoseconds(1),
                            attributes = new object[]
                            {
                                Attribute("gen_ai.operation.name", "chat"), Attribute("gen_ai.request.model", "gpt-4o"), Attribute("user.id", person.Email), Attribute("session.id", person.Email),
                                Attribute("gen_ai.input.messages", JsonSerializer.Serialize(new[] { new { role = "user", parts = new[] { new { type = "text", content = person.Story } } } })),
                                Attribute("gen_ai.output.messages", JsonSerializer.Serialize(new[] { new { role = "assistant", parts = new[] { new { type = "text", content = person.Reply } } } })),
                                Attribute("gen_ai.tool.call.arguments", JsonSerializer.Serialize(person.Fields)), Attribute("url.full", $"https://api.example/find?email={Uri.EscapeDataString(person.Email)}"),
                                Attribute("app.note", person.Story), Attribute("client.address", person.Email),
                            },
                            events = new[] { new { timeUnixNano = CanarySender.Nanoseconds(1), name = "exception", attributes = new object[] { Attribute("exception.type", "Broken"), Attribute("exception.message", person.Story), Attribute("exception.stacktrace", $"at Find({person.Email})") } } },
                            status = new { code = 2, message = $"no account of {person.Email}, {person.Card}" },
                        }),
                    },
                },
            },
        },
    };

    private static object OtlpLogs(SyntheticPerson[] some, int first) => new
    {
        resourceLogs = new[]
        {
            new
            {
                scopeLogs = new[]
                {
                    new
                    {
                        logRecords = some.Select((person, i) => new
                        {
                            timeUnixNano = CanarySender.Nanoseconds(0), traceId = CanarySender.Hex(first + i, 32), spanId = CanarySender.Hex(first + i, 16), eventName = "gen_ai.evaluation.result",
                            attributes = new object[] { Attribute("gen_ai.evaluation.name", "tone"), Attribute("gen_ai.evaluation.score.label", person.Email), Attribute("gen_ai.evaluation.explanation", person.Story) },
                        }),
                    },
                },
            },
        },
    };

    private static object LangSmith(SyntheticPerson[] some, int first) => new
    {
        post = some.Select((person, i) => new
        {
            id = CanarySender.Id(first + i), trace_id = CanarySender.Id(first + i), name = $"call for {person.Email}", run_type = "llm", session_name = "canaries", start_time = CanarySender.Now, end_time = CanarySender.Now,
            inputs = new { messages = new[] { new { role = "user", content = person.Story } } }, outputs = new { answer = person.Reply, fields = person.Fields }, error = person.Story, tags = new[] { person.Email },
            extra = new { metadata = new { note = person.Story, user_id = person.Email, session_id = person.Email } }, events = new[] { new { name = "note", time = CanarySender.Now, kwargs = new { text = person.Story } } },
        }),
    };

    private static object Langfuse(SyntheticPerson[] some, int first) => new
    {
        batch = some.SelectMany((person, i) => new object[]
        {
            new { id = CanarySender.Id(first + i), type = "trace-create", timestamp = CanarySender.Now, body = new { id = $"t-{first + i}", name = $"trace of {person.Email}", userId = person.Email, sessionId = person.Email, tags = new[] { person.Email }, input = person.Fields, output = person.Reply, metadata = new { note = person.Story } } },
            new
            {
                id = CanarySender.Id(1_000_000 + first + i), type = "generation-create", timestamp = CanarySender.Now,
                body = new { id = $"g-{first + i}", traceId = $"t-{first + i}", name = "call", model = "gpt-4o", startTime = CanarySender.Now, endTime = CanarySender.Now, input = person.Story, output = new { role = "assistant", content = person.Reply }, metadata = person.Fields, level = "ERROR", statusMessage = person.Story },
            },
            new { id = CanarySender.Id(2_000_000 + first + i), type = "score-create", timestamp = CanarySender.Now, body = new { id = $"s-{first + i}", traceId = $"t-{first + i}", name = "tone", value = 1, comment = person.Story } },
        }),
    };

    private static object PhoenixSpans(SyntheticPerson[] some, int first) => new
    {
        data = some.Select((person, i) => new
        {
            name = $"call for {person.Email}", context = new { trace_id = CanarySender.Hex(first + i, 32), span_id = CanarySender.Hex(first + i, 16) }, span_kind = "LLM", start_time = CanarySender.Now, end_time = CanarySender.Now, status_code = "ERROR", status_message = person.Story,
            attributes = new Dictionary<string, object> { ["input.value"] = person.Story, ["output.value"] = person.Reply, ["metadata"] = new { note = person.Story }, ["user.id"] = person.Email, ["session.id"] = person.Email, ["tool.parameters"] = JsonSerializer.Serialize(person.Fields) },
            events = new[] { new { name = "exception", timestamp = CanarySender.Now, attributes = new Dictionary<string, object> { ["exception.message"] = person.Story } } },
        }),
    };

    // A dataset, an experiment over it, its runs, and what was said of them. Names of people stay in what somebody saved.
    private static async Task PhoenixDatasetAsync(CanarySender sender, SyntheticPerson[] some, int first)
    {
        static object Row(SyntheticPerson person) => new { email = person.Email, phone = person.Phone, ssn = person.Ssn, card_number = person.Card, text = $"Write to {person.Email}, card {person.Card}" };
        var uploaded = JsonNode.Parse(await sender.JsonAsync("/v1/datasets/upload?sync=true", new { action = "create", name = $"canaries {first}", description = some[0].Email, inputs = some.Select(Row), outputs = some.Select(Row), metadata = some.Select(Row) }))!;
        var dataset = (string)uploaded["data"]!["dataset_id"]!;
        var examples = (await sender.ReadAsync($"/v1/datasets/{dataset}/examples")).GetProperty("data").GetProperty("examples");
        var experiment = JsonNode.Parse(await sender.JsonAsync($"/v1/datasets/{dataset}/experiments", new { name = "e", description = some[0].Email, metadata = Row(some[0]) }))!["data"]!["id"];
        for (var i = 0; i < some.Length; i++)
        {
            var run = JsonNode.Parse(await sender.JsonAsync($"/v1/experiments/{experiment}/runs", new
            {
                dataset_example_id = examples[i].TryGetProperty("node_id", out var node) ? node.GetString() : examples[i].GetProperty("id").GetString(),
                repetition_number = 1, output = Row(some[i]), error = $"no {some[i].Email}", start_time = CanarySender.Now, end_time = CanarySender.Now,
            }))!["data"]!["id"];
            await sender.JsonAsync("/v1/experiment_evaluations", new { experiment_run_id = (string)run!, name = "tone", annotator_kind = "LLM", start_time = CanarySender.Now, end_time = CanarySender.Now, result = new { label = some[i].Email, explanation = $"It says {some[i].Email} and {some[i].Card}" }, metadata = Row(some[i]) });
        }
    }

    private static object Helicone(SyntheticPerson person) => new
    {
        providerRequest = new { url = $"https://api.openai.com/v1/chat/completions?note={Uri.EscapeDataString(person.Email)}", json = new { model = "gpt-4o-mini", user = person.Email, messages = new[] { new { role = "user", content = person.Story } } }, meta = new { note = person.Email } },
        providerResponse = new { status = 200, json = new { model = "gpt-4o-mini", choices = new[] { new { message = new { role = "assistant", content = person.Reply } } }, usage = new { prompt_tokens = 3, completion_tokens = 1 } }, headers = new { note = person.Email } },
    };

    private static object PostHog(SyntheticPerson[] some, int first) => new
    {
        api_key = BellwetherProcess.ApiKey,
        batch = some.Select((person, i) => new Dictionary<string, object>
        {
            ["event"] = "$ai_generation", ["uuid"] = CanarySender.Id(first + i), ["distinct_id"] = person.Email, ["timestamp"] = CanarySender.Now,
            ["properties"] = new Dictionary<string, object>
            {
                ["$ai_model"] = "gpt-4o", ["$ai_provider"] = "openai", ["$ai_input"] = new[] { new { role = "user", content = person.Story } }, ["$ai_output_choices"] = new[] { new { role = "assistant", content = person.Reply } },
                ["$ai_is_error"] = true, ["$ai_error"] = person.Story, ["$ai_session_id"] = person.Email, ["$ip"] = "203.0.113.250", ["$set"] = person.Fields, ["note"] = person.Story, ["$current_url"] = $"https://shop.example/?email={Uri.EscapeDataString(person.Email)}",
            },
        }),
    };

    private static object Mixpanel(SyntheticPerson[] some, int first) => some.Select((person, i) => new Dictionary<string, object>
    {
        ["event"] = "ai_call",
        ["properties"] = new Dictionary<string, object>
        {
            ["token"] = BellwetherProcess.ApiKey, ["distinct_id"] = person.Email, ["$insert_id"] = CanarySender.Id(first + i), ["time"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), ["model"] = "gpt-4o", ["input_tokens"] = 3, ["latency_ms"] = 9,
            ["prompt"] = person.Story, ["response"] = person.Reply, ["note"] = person.Story, ["error"] = person.Story, ["$email"] = person.Email,
        },
    });

    private static object Attribute(string key, string text) => new { key, value = new { stringValue = text } };
}
