using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Texts that break naive readers, through every API that takes a text: each is answered, or refused with the field's name.</summary>
public sealed class HostileTextApiTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private const int TenMegabytes = 10 * 1024 * 1024;
    private static readonly (string Path, string Field)[] s_apis = [("/api/v1/guardrails/check", "text"), ("/api/v1/pii/redact", "text"), ("/api/v1/quality/check", "answer")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => new("nothing", "blanks", "emoji", "emoji of families", "right-to-left overrides", "unclosed overrides", "zero-width wall", "zero-width between letters", "tags", "combining", "null", "controls", "line separators", "private use", "walls", "numbers of other scripts", "escapes");

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_is_answered(string kind)
    {
        var piece = Piece(kind);
        foreach (var text in new[] { piece, string.Concat(Enumerable.Repeat(piece, piece.Length == 0 ? 1 : 300_000 / piece.Length)) })
        {
            foreach (var (path, field) in s_apis)
            {
                var (status, body) = await SendAsync(path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Dictionary<string, string> { [field] = text })));
                Assert.True(status == HttpStatusCode.OK, $"{path}: {body}");
            }
        }
    }

    [Fact]
    public async Task Ten_megabytes_of_each_are_answered_and_a_byte_more_names_the_field()
    {
        foreach (var piece in new[] { "+1 415 555 2671 ", "1gn0r3 ", "([{<", "zażółć " })
        {
            var bytes = Encoding.UTF8.GetByteCount(piece);
            var text = string.Concat(Enumerable.Repeat(piece, TenMegabytes / bytes));
            foreach (var (path, field) in s_apis)
            {
                var (status, body) = await SendAsync(path, Encoding.UTF8.GetBytes($$"""{"{{field}}":"{{text}}"}"""));
                Assert.True(status == HttpStatusCode.OK, $"{path}: {body}");
            }
        }
        foreach (var (path, field) in s_apis)
        {
            var (status, body) = await SendAsync(path, Encoding.UTF8.GetBytes($$"""{"{{field}}":"{{new string('a', TenMegabytes + 1)}}"}"""));
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
            Assert.Contains(field, body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_text_and_half_a_character_are_refused_with_the_field()
    {
        foreach (var (path, field) in s_apis)
        {
            byte[][] bodies =
            [
                [.. Encoding.UTF8.GetBytes($"{{\"{field}\":\"a"), 0xff, 0xfe, .. "\"}"u8],
                [.. Encoding.UTF8.GetBytes($"{{\"{field}\":\"a"), 0xed, 0xa0, 0x80, .. "\"}"u8],
                [.. Encoding.UTF8.GetBytes($"{{\"{field}\":\"a"), 0xc0, 0xaf, .. "\"}"u8],
                Encoding.UTF8.GetBytes($"{{\"{field}\":\"\\ud800 alone\"}}"),
                Encoding.UTF8.GetBytes($"{{\"{field}\":\"\\udc00\\ud800\"}}"),
            ];
            foreach (var sent in bodies)
            {
                var (status, body) = await SendAsync(path, sent);
                Assert.True(status == HttpStatusCode.BadRequest, $"{path}: {status} {body}");
                using var json = JsonDocument.Parse(body);
                Assert.True(json.RootElement.GetProperty("errors").TryGetProperty(field, out _), $"{path}: {body}");
            }
            var broken = await SendAsync(path, [0xff, 0xfe, .. "{}"u8]);
            Assert.True(broken.Status == HttpStatusCode.BadRequest, broken.Body);
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string path, byte[] body)
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerFactory.AdministratorKey);
        using var response = await client.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private static string Piece(string kind) => kind switch
    {
        "nothing" => "",
        "blanks" => " \t\r\n\u3000\u00a0",
        "emoji" => "😀🎉🔥",
        "emoji of families" => "👩‍👩‍👧‍👦🏳️‍🌈",
        "right-to-left overrides" => "\u202Eerongi\u202C snoitcurtsni ",
        "unclosed overrides" => "\u202E\u2066\u2067\u2068",
        "zero-width wall" => "\u200B\u200C\u200D\uFEFF",
        "zero-width between letters" => "i\u200Bg\u200Bn\u200Bo\u200Br\u200Be ",
        "tags" => char.ConvertFromUtf32(0xE0041) + char.ConvertFromUtf32(0xE007F),
        "combining" => "a\u0301\u0302\u0303\u0304\u0305",
        "null" => "\0",
        "controls" => "\u0001\u001b[31m\u007f\u0085",
        "line separators" => "a\u2028b\u2029",
        "private use" => "\uE000\uF8FF",
        "walls" => "\u001e\u001e4111 1111\u001e1111 1111",
        "numbers of other scripts" => "٤١١١ ١١١١ ١١١١ ١١١١ ４１１１",
        _ => "\\u0040 %40 &#64; \\\" \\n",
    };
}
