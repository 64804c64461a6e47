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
