using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Server.Tests;

/// <summary>M3 over HTTP: own prices leave audit rows, and history is priced again.</summary>
public sealed class RepriceTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private static readonly DateTimeOffset s_call = new(2026, 10, 5, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Stored_calls_get_the_own_price_that_was_in_force_and_every_step_leaves_an_audit_row()
    {
        using var client = server.CreateClient();
        var project = await MakeProjectAsync(client, "reprice-own");
        await StoreAsync(project,
            Call(project, s_call, "house-model"), Call(project, s_call.AddDays(-2), "house-model"), Call(project, s_call, "gpt-4o-mini"),
            Call(project, s_call, "house-model") with { Cost = new Cost(7, 0, "senders-own-bill") });
        const string Window = "\"from\":\"2026-10-01\",\"to\":\"2026-10-31\",\"project\":\"reprice-own\"";
        using var set = await PostAsync(client, "/api/v1/pricing/overrides", """{"model":"house-model","validFrom":"2026-10-04","input":1000,"output":2000}""", HttpStatusCode.Created);
        var price = set.RootElement.GetProperty("id").GetString()!;

        using var forecast = await PostAsync(client, "/api/v1/pricing/reprice", $"{{{Window},\"dryRun\":true}}");
        Assert.Equal((4, 1, 0m, 0.3m), Figures(forecast));
        Assert.True(forecast.RootElement.GetProperty("dryRun").GetBoolean());
        Assert.Equal(["", "", "genai", "senders-own-bill"], await VersionsAsync(client));

        using var done = await PostAsync(client, "/api/v1/pricing/reprice", $"{{{Window}}}");
        Assert.Equal((4, 1, 0m, 0.3m), Figures(done));
        Assert.Equal(["", "genai", "override", "senders-own-bill"], await VersionsAsync(client));

        using var again = await PostAsync(client, "/api/v1/pricing/reprice", $"{{{Window}}}");
        Assert.Equal((4, 0, 0m, 0m), Figures(again));

        using var removed = await SendAsync(client, HttpMethod.Delete, "/api/v1/pricing/overrides/" + price, null);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var back = await PostAsync(client, "/api/v1/pricing/reprice", $"{{{Window},\"where\":[{{\"field\":\"model\",\"values\":[\"house-model\"]}}]}}");
        Assert.Equal(1, back.RootElement.GetProperty("noLongerPriced").GetInt64());
        Assert.Equal(-0.3m, back.RootElement.GetProperty("differenceUsd").GetDecimal());

        using var audit = JsonDocument.Parse(await (await SendAsync(client, HttpMethod.Get, "/api/v1/audit", null)).Content.ReadAsStringAsync());
        var rows = audit.RootElement.GetProperty("items").EnumerateArray().Reverse()
            .Select(row => (Action: row.GetProperty("action").GetString()!, Detail: row.GetProperty("detail").GetString()!, Actor: row.GetProperty("actor").GetString()!))
            .Where(row => row.Action.StartsWith("price", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["price.set", "prices.reprice-started", "prices.repriced", "prices.reprice-started", "prices.repriced", "price.removed", "prices.reprice-started", "prices.repriced"],
            rows.Select(row => row.Action));
        Assert.All(rows, row => Assert.StartsWith("key_", row.Actor));
        Assert.Equal("before: no price; after: house-model of any provider from 2026-10-04: input 1000, output 2000", rows[0].Detail);
        Assert.StartsWith("1 of 4 calls, before: 0", rows[2].Detail);
        Assert.Contains("before: house-model of any provider from 2026-10-04: input 1000, output 2000", rows[5].Detail);
        Assert.EndsWith("; filtered by model", rows[7].Detail);

        async Task<List<string>> VersionsAsync(HttpClient http)
        {
            using var page = JsonDocument.Parse(await (await SendAsync(http, HttpMethod.Get, $"/api/v1/observations?project={project}&from=2026-10-01&to=2026-10-31", null)).Content.ReadAsStringAsync());
            return [.. page.RootElement.GetProperty("items").EnumerateArray().Select(Version).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [InlineData("""{"to":"now"}""", "from")]
    [InlineData("""{"from":"now-1d"}""", "to")]
    [InlineData("""{"from":"soon","to":"now"}""", "from")]
    [InlineData("""{"from":"now","to":"now-1d"}""", "to")]
    [InlineData("""{"from":"now-1d","to":"now","where":"all"}""", "where")]
    [InlineData("""{"from":"now-1d","to":"now","where":[{"field":"colour","values":["red"]}]}""", "colour")]
    [InlineData("""{"from":"now-1d","to":"now","dryRun":"yes"}""", "dryRun")]
    [InlineData("""{"from":"now-1d","to":"now","dryrun":true}""", "dryrun")]
    [InlineData("""{"from":"now-1d","to":"now","project":7}""", "project")]
    [InlineData("""{"from":"now-1d","to":"\ud800"}""", "to")]
    [InlineData("[]", "body")]
    public async Task A_request_that_makes_no_sense_names_its_field_and_leaves_no_audit_row(string body, string field)
    {
        using var client = server.CreateClient();
        using var response = await SendAsync(client, HttpMethod.Post, "/api/v1/pricing/reprice", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal([field], problem.RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        using var audit = JsonDocument.Parse(await (await SendAsync(client, HttpMethod.Get, "/api/v1/audit", null)).Content.ReadAsStringAsync());
        // The other test's rows belong to a project of its own.
        Assert.DoesNotContain(audit.RootElement.GetProperty("items").EnumerateArray(), row =>
            row.GetProperty("action").GetString()!.StartsWith("prices.", StringComparison.Ordinal) && row.GetProperty("project").GetString() == "default");
    }

    [Fact]
    public async Task The_count_knows_only_what_is_committed_and_the_call_can_be_read_before()
    {
        using var client = server.CreateClient();
        var project = await MakeProjectAsync(client, "reprice-count");
        var call = Call(project, s_call, "gpt-4o-mini");
        var intake = server.Services.GetRequiredService<ITelemetryIntake>();
        Assert.True(intake.TryAppend(TelemetryRecord.Of(call, ObservationPayload.Empty, mayReplace: true), out _));
        var path = $"/api/v1/observations/count?project={project}&from=2026-10-01&to=2026-10-31";
        using (var read = await SendAsync(client, HttpMethod.Get, $"/api/v1/observations/{call.Id}?project={project}", null))
        {
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }
        // Whenever the count knows it, so does the store.
        while (await CountAsync() == 0)
        {
            await Task.Delay(20);
        }
        var store = server.Services.GetRequiredService<ITelemetryStore>();
        Assert.NotNull(await store.ReadAsync(new ProjectId(project), call.Id, CancellationToken.None));

        async Task<long> CountAsync()
        {
            using var json = JsonDocument.Parse(await (await SendAsync(client, HttpMethod.Get, path, null)).Content.ReadAsStringAsync());
            return json.RootElement.GetProperty("total").GetInt64();
        }
    }

    private static Observation Call(string project, DateTimeOffset start, string model) => new()
    {
        Id = Guid.CreateVersion7(start), Project = new ProjectId(project), StartTime = start, Kind = ObservationKind.Llm, State = ObservationState.Ok,
        Model = model, RequestModel = model, Usage = new Usage { InputTokens = 100, OutputTokens = 100 },
    };

    private async Task StoreAsync(string project, params Observation[] calls)
    {
        var intake = server.Services.GetRequiredService<ITelemetryIntake>();
        var result = await intake.AppendAsync(calls.Select(call => TelemetryRecord.Of(call, ObservationPayload.Empty)).ToArray(), CancellationToken.None);
        Assert.True(result.Accepted, result.Refusal.Message);
        var reader = server.Services.GetRequiredService<TelemetryReader>();
        while (await reader.CountAsync(new ProjectId(project), new TimeRange(s_call.AddDays(-9), s_call.AddDays(9)), FilterExpression.Empty, CancellationToken.None) < calls.Length)
        {
            await Task.Delay(20);
        }
    }

    private static (int Calls, int Changed, decimal Before, decimal After) Figures(JsonDocument answer) => (
        answer.RootElement.GetProperty("calls").GetInt32(), answer.RootElement.GetProperty("changed").GetInt32(),
        answer.RootElement.GetProperty("beforeUsd").GetDecimal(), answer.RootElement.GetProperty("afterUsd").GetDecimal());

    // The part of the price version before its date.
    private static string Version(JsonElement item)
    {
        var text = item.GetRawText();
        return text.Contains("override@", StringComparison.Ordinal) ? "override" : text.Contains("genai-prices@", StringComparison.Ordinal) ? "genai"
            : text.Contains("senders-own-bill", StringComparison.Ordinal) ? "senders-own-bill" : "";
    }

    private static async Task<string> MakeProjectAsync(HttpClient client, string id)
    {
        using var made = await PostAsync(client, "/api/v1/projects", $$"""{"id":"{{id}}","name":"{{id}}"}""", HttpStatusCode.Created);
        return id;
    }

    private static async Task<JsonDocument> PostAsync(HttpClient client, string path, string body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await SendAsync(client, HttpMethod.Post, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{path}: {response.StatusCode} {text}");
        return JsonDocument.Parse(text);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? body)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(request);
    }
}
