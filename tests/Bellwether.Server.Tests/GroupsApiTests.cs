using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Server.Tests;

/// <summary>The lists of sessions and end users, page by page.</summary>
public sealed class GroupsApiTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_session_and_user_is_on_one_page_and_only_one_however_many_were_seen_at_once()
    {
        var intake = server.Services.GetRequiredService<ITelemetryIntake>();
        for (var i = 0; i < 25; i++)
        {
            // Five at a time began in the same instant: the name decides between them.
            var call = new Observation
            {
                Id = Guid.CreateVersion7(s_start.AddSeconds(i / 5)), Project = ProjectId.Default, StartTime = s_start.AddSeconds(i / 5), Kind = ObservationKind.Llm, State = ObservationState.Ok,
                Model = "m", Session = $"s{i:00}", User = $"u{i:00}é", Usage = new() { InputTokens = 2, OutputTokens = 1 },
            };
            Assert.True((await intake.AppendAsync(new[] { TelemetryRecord.Of(call, ObservationPayload.Empty) }, Token)).Accepted);
        }
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        while ((await GetAsync(client, "/api/v1/observations/count?" + Window)).GetProperty("total").GetInt32() < 25)
        {
            await Task.Delay(20, Token);
        }

        foreach (var (list, name, other) in new[] { ("sessions", "session", "users"), ("end-users", "user", "sessions") })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = await GetAsync(client, $"/api/v1/{list}?limit=7&model=m&{Window}{(cursor is null ? "" : "&cursor=" + cursor)}");
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(name).GetString()!));
                Assert.All(page.GetProperty("items").EnumerateArray(), item => Assert.Equal((1, 3, 1), (item.GetProperty("calls").GetInt32(), item.GetProperty("total_tokens").GetInt32(), item.GetProperty(other).GetInt32())));
                cursor = page.GetProperty("next").GetString();
            }
            while (cursor is not null);
            var expected = Enumerable.Range(0, 25).OrderByDescending(i => i / 5).ThenBy(i => i).Select(i => name == "session" ? $"s{i:00}" : $"u{i:00}é");
            Assert.Equal(expected, seen);
        }
    }

    private static string Window => string.Create(CultureInfo.InvariantCulture, $"from={s_start.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}&to={s_start.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}");

    [Theory]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=AQAAAAAAAAAA_w", "cursor")]
    [InlineData("cursor=%00", "cursor")]
    [InlineData("limit=0", "limit")]
    [InlineData("colour=red", "colour")]
    [InlineData("from=now&to=now-1h", "from")]
    public async Task A_mistake_is_answered_with_its_field(string query, string field)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        foreach (var list in new[] { "sessions", "end-users" })
        {
            using var answer = await client.GetAsync($"/api/v1/{list}?{query}", Token);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
            Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(field, out _), problem.RootElement.GetRawText());
        }
    }

    [Fact]
    public async Task With_a_LangSmith_key_the_sessions_are_LangSmiths_projects()
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("x-api-key", ServerFactory.AdministratorKey);
        Assert.Equal(JsonValueKind.Array, (await GetAsync(client, "/api/v1/sessions?limit=1")).ValueKind);
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Token);
        var body = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.Clone();
    }
}
