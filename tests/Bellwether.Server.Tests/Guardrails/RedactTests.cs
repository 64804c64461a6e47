using System.Net;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary><c>POST /api/v1/pii/redact</c> through the whole server.</summary>
public sealed class RedactTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_text_comes_back_without_personal_data_and_says_where_it_stood_in_UTF16_units()
    {
        const string Text = "😀 mail jane.doe@contoso.example, card 4111 1111 1111 1111";
        var (status, answer) = await SendAsync(JsonSerializer.Serialize(new { text = Text }));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("😀 mail [EMAIL], card [CREDIT_CARD]", answer.GetProperty("redacted").GetString());
        Assert.Equal(["EMAIL:jane.doe@contoso.example", "CREDIT_CARD:4111 1111 1111 1111"], answer.GetProperty("entities").EnumerateArray()
            .Select(entity => $"{entity.GetProperty("type").GetString()}:{Text[entity.GetProperty("start").GetInt32()..entity.GetProperty("end").GetInt32()]}"));
        Assert.All(answer.GetProperty("entities").EnumerateArray(), entity => Assert.InRange(entity.GetProperty("score").GetDouble(), 0.5, 1));
    }

    [Theory]
    [InlineData("""{}""", "text")]
    [InlineData("""{"text":null}""", "text")]
    [InlineData("""{"text":5}""", "text")]
    [InlineData("""{"text":"a","colour":"red"}""", "colour")]
    [InlineData("""{"text":"a","text":"b"}""", "text")]
    [InlineData("""[]""", "")]
    [InlineData("", "")]
    public async Task A_mistake_is_answered_with_its_field(string body, string field)
    {
        var (status, answer) = await SendAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(answer.GetProperty("errors").TryGetProperty(field, out _), answer.GetRawText());
    }

    [Fact]
    public async Task Ten_megabytes_are_looked_through_and_more_are_refused()
    {
        var text = new string('x', 10 * 1024 * 1024);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync($$"""{"text":"{{text}}"}""")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync($$"""{"text":"{{text}}x"}""")).Status);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(string body)
    {
        using var response = await server.PostAsync("/api/v1/pii/redact", body, Token);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return (response.StatusCode, json.RootElement.Clone());
    }
}
