using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Server.Tests;

/// <summary>Requirement Q2 through the whole server: the simulated provider is asked, and its answers compared.</summary>
public sealed class ReferenceTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Questions_are_asked_at_once_and_when_told_and_what_they_get_is_kept_and_said_of_the_call()
    {
        var id = await CreateAsync("""
            {"name":"ferries","model":"sim-instant","every_minutes":0,"threshold":0.99,"questions":[
            {"question":"When does the ferry to Norvik leave?","answer":"The ferry to Norvik leaves at nine."},{"question":"How long does it take?","answer":"Two hours."}]}
            """);
        Assert.Equal(0, (await ResultsAsync(id)).Sum(question => question.GetProperty("results").GetArrayLength()));
        using (var run = await SendAsync(HttpMethod.Post, $"/api/v1/reference-sets/{id}/run", null)) { Assert.Equal(HttpStatusCode.Accepted, run.StatusCode); }
        var questions = await WaitAsync(id, all => all.All(question => question.GetProperty("results").GetArrayLength() == 1));
        var result = questions[0].GetProperty("results")[0];
        // Nothing in the simulated answer is true, so it is unlike the expected one.
        Assert.InRange(result.GetProperty("similarity").GetDouble(), 0, 0.98);
        Assert.False(result.GetProperty("passed").GetBoolean());
        var call = result.GetProperty("observation_id").GetGuid();
        var reader = server.Services.GetRequiredService<TelemetryReader>();
        ObservationDetail? detail = null;
        for (var i = 0; i < 600 && detail is not { Annotations.IsEmpty: false }; i++)
        {
            await Task.Delay(50, Token);
            detail = await reader.ReadAsync(ProjectId.Default, call, Token);
        }
        var said = Assert.Single(detail!.Annotations);
        Assert.Equal(("reference_similarity", "evaluator", "fail", result.GetProperty("similarity").GetDouble()), (said.Name, said.Source, said.Category, said.Number));
        Assert.Equal(("bellwether.probe", true, 0L), (detail.Observation.Endpoint, detail.Observation.IsOwn, detail.Observation.Checks));
        // A lower demand is met by the same answers.
        using (var changed = await SendAsync(HttpMethod.Put, $"/api/v1/reference-sets/{id}", """{"name":"ferries","model":"sim-instant","every_minutes":60,"threshold":0,"questions":[{"question":"How long does it take?","answer":"2 hours."}]}""")) { Assert.Equal(HttpStatusCode.OK, changed.StatusCode); }
        // Its trend goes on, though the answer is another one.
        questions = await WaitAsync(id, all => all.Length == 1 && all[0].GetProperty("results").GetArrayLength() == 2);
        Assert.True(questions[0].GetProperty("results")[1].GetProperty("passed").GetBoolean());
        using (var gone = await SendAsync(HttpMethod.Delete, $"/api/v1/reference-sets/{id}", null)) { Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode); }
        using (var missing = await SendAsync(HttpMethod.Get, $"/api/v1/reference-sets/{id}/results", null)) { Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode); }
    }

    [Fact]
    public async Task Embeddings_of_a_provider_can_compare_and_a_provider_that_fails_is_told_apart_from_a_bad_answer()
    {
        var embedded = await CreateAsync("""{"name":"embedded","model":"sim-instant","similarity":"embedding","embedding_model":"text-embedding-3-small","threshold":0,"questions":[{"question":"When?","answer":"At nine."}]}""");
        var result = (await WaitAsync(embedded, all => all[0].GetProperty("results").GetArrayLength() == 1))[0].GetProperty("results")[0];
        Assert.InRange(result.GetProperty("similarity").GetDouble(), 0, 1);
        var broken = await CreateAsync("""{"name":"broken","model":"sim-500","questions":[{"question":"When?","answer":"At nine."}]}""");
        result = (await WaitAsync(broken, all => all[0].GetProperty("results").GetArrayLength() == 1))[0].GetProperty("results")[0];
        Assert.Equal((JsonValueKind.Null, false, "The call ended with 500."), (result.GetProperty("similarity").ValueKind, result.GetProperty("passed").GetBoolean(), result.GetProperty("problem").GetString()));
    }

    [Theory]
    [InlineData("""{"model":"m","questions":[{"question":"a","answer":"b"}]}""", "name")]
    [InlineData("""{"name":"x","model":"m","questions":[]}""", "questions")]
    [InlineData("""{"name":"x","model":"m","questions":[{"question":"a"}]}""", "questions")]
    [InlineData("""{"name":"x","model":"m","questions":[null]}""", "questions")]
    [InlineData("""{"name":"x","model":"m","questions":[{"question":"a","answer":"b"},{"question":"a ","answer":"c"}]}""", "questions")]
    [InlineData("""{"name":"x","model":"m","questions":[{"question":"a","answer":"b"}],"threshold":80}""", "threshold")]
    [InlineData("""{"name":"x","model":"m","questions":[{"question":"a","answer":"b"}],"every_minutes":1}""", "every_minutes")]
    [InlineData("""{"name":"x","model":"m","questions":[{"question":"a","answer":"b"}],"similarity":"embedding"}""", "embedding_model")]
    [InlineData("""{"name":"x","model":"m","questions":[{"question":"a","answer":"b"}],"similarity":"telepathy"}""", "similarity")]
    public async Task A_mistake_is_answered_with_its_field(string body, string field)
    {
        using var response = await server.PostAsync("/api/v1/reference-sets", body, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        using var json = JsonDocument.Parse(text);
        Assert.True(json.RootElement.GetProperty("errors").TryGetProperty(field, out _), text);
    }

    private async Task<string> CreateAsync(string body)
    {
        using var response = await server.PostAsync("/api/v1/reference-sets", body, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("id").GetString()!;
    }

    private async Task<JsonElement[]> WaitAsync(string id, Func<JsonElement[], bool> holds)
    {
        for (var i = 0; i < 1_200; i++)
        {
            var all = await ResultsAsync(id);
            if (holds(all)) { return all; }
            await Task.Delay(50, Token);
        }
        throw new InvalidOperationException(string.Join('\n', (await ResultsAsync(id)).Select(question => question.GetRawText())));
    }

    private async Task<JsonElement[]> ResultsAsync(string id)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/api/v1/reference-sets/{id}/results?to=now%2B1h", null);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.Clone().GetProperty("questions").EnumerateArray()];
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body)
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new("Bearer", ServerFactory.AdministratorKey) } };
        if (body is not null) { request.Content = new StringContent(body, Encoding.UTF8, "application/json"); }
        return await client.SendAsync(request, Token);
    }
}
