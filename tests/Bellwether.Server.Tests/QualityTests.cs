using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Server.Tests;

/// <summary>The validators through the whole server: on request, and on every call that is stored.</summary>
public sealed class QualityTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_validator_says_what_it_thinks_of_an_answer()
    {
        var json = await CheckAsync("""{"question":"When was the harbour opened?","answer":"The harbour was opened in 1923. (]","context":"The harbour was opened in 1923.","schema":{"type":"object"}}""");
        foreach (var name in ValidatorNames.All)
        {
            var result = json.GetProperty(name);
            Assert.Contains(result.GetProperty("verdict").GetString(), new[] { "pass", "warn", "fail", "unknown" });
            Assert.Equal(JsonValueKind.Array, result.GetProperty("spans").ValueKind);
            Assert.Equal(JsonValueKind.String, result.GetProperty("reason").ValueKind);
        }
        // With a schema the answer should have been JSON; without one only the brackets are wrong.
        Assert.Equal("fail", json.GetProperty("formatting").GetProperty("verdict").GetString());
        var formatting = (await CheckAsync("""{"answer":"The harbour was opened in 1923. (]"}""")).GetProperty("formatting");
        Assert.Equal(("warn", 32), (formatting.GetProperty("verdict").GetString(), formatting.GetProperty("spans")[0].GetProperty("start").GetInt32()));
        Assert.Equal("fail", json.GetProperty("schema").GetProperty("verdict").GetString());
        Assert.Equal("pass", json.GetProperty("groundedness").GetProperty("verdict").GetString());
        var alone = await CheckAsync("""{"answer":"Fine."}""");
        Assert.Equal(("unknown", JsonValueKind.Null), (alone.GetProperty("groundedness").GetProperty("verdict").GetString(), alone.GetProperty("groundedness").GetProperty("score").ValueKind));
    }

    [Theory]
    [InlineData("""{"question":"x"}""", "answer")]
    [InlineData("""{"answer":7}""", "answer")]
    [InlineData("""{"answer":"x","schema":"text"}""", "schema")]
    [InlineData("""{"answer":"x","colour":"red"}""", "colour")]
    [InlineData("""{"answer":"x","answer":"y"}""", "answer")]
    [InlineData("""[]""", "")]
    public async Task A_mistake_is_answered_with_its_field(string body, string field)
    {
        using var response = await SendAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.True(json.RootElement.GetProperty("errors").TryGetProperty(field, out _), json.RootElement.GetRawText());
    }

    [Fact]
    public async Task A_text_of_more_than_ten_megabytes_is_too_large()
    {
        using var response = await SendAsync($$"""{"answer":"{{new string('a', (10 * 1024 * 1024) + 1)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task What_is_found_in_a_stored_answer_is_an_annotation_of_it()
    {
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var project = ProjectId.Default;
        Guid broken = default;
        foreach (var answer in new[] { "The ferry to Norvik takes two hours.", "The ferry to Norvik (two hours] leaves at nine." })
        {
            var call = new Observation { Id = broken = Guid.CreateVersion7(now), Project = project, StartTime = now, Kind = ObservationKind.Llm, State = ObservationState.Ok, Operation = "chat", Endpoint = "quality-test" };
            var payload = new ObservationPayload
            {
                Input = """{"messages":[{"role":"user","content":"How long does the ferry to Norvik take?"}]}"""u8.ToArray(),
                Output = Encoding.UTF8.GetBytes($$$"""{"choices":[{"message":{"role":"assistant","content":"{{{answer}}}"}}]}"""),
            };
            Assert.True((await server.Services.GetRequiredService<ITelemetryIntake>().AppendAsync(new[] { TelemetryRecord.Of(call, payload) }, Token)).Accepted);
        }
        var reader = server.Services.GetRequiredService<TelemetryReader>();
        ObservationDetail? detail = null;
        for (var i = 0; i < 600 && detail is not { Annotations.IsEmpty: false }; i++)
        {
            await Task.Delay(50, Token);
            detail = await reader.ReadAsync(project, broken, Token);
        }
        var finding = Assert.Single(detail!.Annotations);
        Assert.Equal(("formatting", "validator", "warn"), (finding.Name, finding.Source, finding.Category));
    }

    [Fact]
    public async Task Satisfaction_has_an_interval_a_sample_and_no_value_where_nobody_spoke()
    {
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var calls = new[] { "ferry-a", "ferry-b" }.Select(endpoint => new Observation
        {
            Id = Guid.CreateVersion7(now), Project = ProjectId.Default, StartTime = now, Kind = ObservationKind.Llm, State = ObservationState.Ok, Operation = "chat", Endpoint = endpoint, Model = endpoint + "-model",
        }).ToArray();
        Annotation Said(int call, string name, double? number, string source, string author) => new()
        {
            Id = Guid.CreateVersion7(now), Project = ProjectId.Default, Time = now, ObservationId = calls[call].Id, Name = name, Source = source, Number = number, Author = author,
        };
        var records = calls.Select(call => TelemetryRecord.Of(call, ObservationPayload.Empty))
            .Concat(Enumerable.Range(0, 20).Select(i => TelemetryRecord.Of(Said(0, "user_feedback", i < 15 ? 1 : 0, "user", $"u{i}"))))
            .Append(TelemetryRecord.Of(Said(1, "user_feedback", 0, "user", "u1"))).Append(TelemetryRecord.Of(Said(0, "copied", null, "implicit", "u1"))).Append(TelemetryRecord.Of(Said(0, "escalated", null, "implicit", "u2")));
        Assert.True((await server.Services.GetRequiredService<ITelemetryIntake>().AppendAsync(records.ToArray(), Token)).Accepted);
        var json = await GetAsync("endpoint=ferry-a");
        for (var i = 0; i < 600 && json.GetProperty("resolution_rate").GetProperty("of").GetInt64() < 2; i++)
        {
            await Task.Delay(50, Token);
            json = await GetAsync("endpoint=ferry-a");
        }
        Assert.Equal((15, 5, 1, 1), (json.GetProperty("up").GetInt32(), json.GetProperty("down").GetInt32(), json.GetProperty("resolved").GetInt32(), json.GetProperty("unresolved").GetInt32()));
        var rate = json.GetProperty("satisfaction_rate");
        Assert.Equal((0.75, 0.531299, 0.888138, true), (rate.GetProperty("value").GetDouble(), rate.GetProperty("low").GetDouble(), rate.GetProperty("high").GetDouble(), rate.GetProperty("small_sample").GetBoolean()));
        Assert.Equal(50, json.GetProperty("nps").GetProperty("value").GetDouble());
        Assert.Equal(1, (await GetAsync("model=ferry-b-model")).GetProperty("down").GetInt32());
        Assert.Equal(2, (await GetAsync("user=u1&endpoint=ferry-a&endpoint=ferry-b")).GetProperty("satisfaction_rate").GetProperty("of").GetInt32());
        var nobody = await GetAsync("endpoint=ferry-c");
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, 0), (nobody.GetProperty("nps").GetProperty("value").ValueKind, nobody.GetProperty("satisfaction_rate").GetProperty("low").ValueKind, nobody.GetProperty("satisfaction_rate").GetProperty("of").GetInt32()));
        foreach (var (query, field) in new[] { ("colour=red", "colour"), ("q=free+text", "q"), ("from=yesterday", "from") })
        {
            using var client = server.CreateClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/quality/satisfaction?" + query) { Headers = { Authorization = new("Bearer", ServerFactory.AdministratorKey) } };
            using var response = await client.SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
            Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(field, out _), problem.RootElement.GetRawText());
        }
    }

    private async Task<JsonElement> GetAsync(string query)
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/quality/satisfaction?" + query) { Headers = { Authorization = new("Bearer", ServerFactory.AdministratorKey) } };
        using var response = await client.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private async Task<JsonElement> CheckAsync(string body)
    {
        using var response = await SendAsync(body);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private Task<HttpResponseMessage> SendAsync(string body) => server.PostAsync("/api/v1/quality/check", body, Token);
}
