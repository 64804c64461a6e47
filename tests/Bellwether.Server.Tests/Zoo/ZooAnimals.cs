using System.IO.Compression;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>Recipe R5: what providers, proxies and networks have been seen to do.</summary>
internal static class ZooAnimals
{
    private const string Json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_zoo";
    private const string Sse = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: req_zoo";
    private const string Done = "data: [DONE]\n\n";
    private const string Finish = """data: {"id":"c1","object":"chat.completion.chunk","model":"zoo","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
    private const string Usage = """data: {"id":"c1","object":"chat.completion.chunk","model":"zoo","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}""" + "\n\n";
    private const string Answer = """{"id":"c1","object":"chat.completion","model":"zoo","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""";

    public static readonly IReadOnlyList<ZooAnimal> All =
    [
        new("plain", Json, Bytes(Answer)) { Framing = ZooFraming.Length, Stream = false },
        new("plain-until-close", Json, Bytes(Answer)) { Framing = ZooFraming.Close, Stream = false },
        new("stream", Sse, Bytes(Delta("Hel"), Delta("lo"), Finish, Done)),
        new("no-done", Sse, Bytes(Delta("Hel"), Delta("lo"), Finish)),
        new("no-end-at-all", Sse, Bytes(Delta("Hel"), Delta("lo"))) { State = "provider_error", ErrorType = "unavailable" },
        new("fin-in-stream", Sse, Bytes(Delta("Hel"), Delta("lo"), Delta(" there"), Finish, Done)) { End = ZooEnd.Fin, State = "provider_error", ErrorType = "unavailable" },
        new("reset-in-stream", Sse, Bytes(Delta("Hel"), Delta("lo"), Delta(" there"), Finish, Done)) { End = ZooEnd.Reset, State = "provider_error", ErrorType = "unavailable" },
        new("fin-in-body", Json, Bytes(Answer)) { Framing = ZooFraming.Length, End = ZooEnd.Fin, Stream = false, State = "provider_error", ErrorType = "unavailable" },
        new("reset-in-body", Json, Bytes(Answer)) { Framing = ZooFraming.Length, End = ZooEnd.Reset, Stream = false, State = "provider_error", ErrorType = "unavailable" },
        new("done-twice", Sse, Bytes(Delta("Hello"), Finish, Done, Done)),
        new("rate-limited", Error(429, "rate_limit_exceeded", "retry-after: 7"), Bytes(Body("rate_limit_exceeded"))) { Framing = ZooFraming.Length, State = "provider_error", ErrorType = "rate_limited" },
        new("rate-limited-silently", Error(429, "rate_limit_exceeded"), Bytes(Body("rate_limit_exceeded"))) { Framing = ZooFraming.Length, State = "provider_error", ErrorType = "rate_limited" },
        new("server-error", Error(500, "server_error"), Bytes(Body("server_error"))) { Framing = ZooFraming.Length, State = "provider_error", ErrorType = "unavailable" },
        new("overloaded", Error(529, "overloaded"), Bytes(Body("overloaded"))) { Framing = ZooFraming.Length, State = "provider_error", ErrorType = "unavailable" },
        new("html-502", "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html", Bytes("<html><h1>502 Bad Gateway</h1></html>")) { Framing = ZooFraming.Length, State = "provider_error", ErrorType = "unavailable" },
        new("json-to-a-stream", Json, Bytes(Answer)) { Framing = ZooFraming.Length },
        new("stream-to-a-plain-request", Sse, Bytes(Delta("Hello"), Finish, Done)) { Stream = false },
        new("byte-by-byte", Sse, Bytes(Delta("Grüße 😀"), Finish, Done).SelectMany(piece => piece).Select(one => new[] { one })),
        new("crlf", Sse, Bytes(Delta("Hello").Replace("\n", "\r\n"), Finish.Replace("\n", "\r\n"), "data: [DONE]\r\n\r\n")),
        new("cr", Sse, Bytes(Delta("Hello").Replace('\n', '\r'), Finish.Replace('\n', '\r'), "data: [DONE]\r\r")),
        new("byte-order-mark", Sse, Bytes("\ufeff" + Delta("Hello"), Finish, Done)),
        new("comments", Sse, Bytes(": OPENROUTER PROCESSING\n\n", Delta("Hello"), ": keep-alive\n\n", Finish, Done)),
        new("fields-unheard-of", Sse, Bytes("id: 7\nretry: 10\nfoo: bar\n" + Delta("Hello"), Finish, Done)),
        new("one-huge-event", Sse, [Encoding.UTF8.GetBytes(Delta(new string('x', 10_000_000))), .. Bytes(Finish, Done)]),
        new("invalid-utf8", Sse, [[.. Encoding.UTF8.GetBytes("""data: {"id":"c1","model":"zoo","choices":[{"index":0,"delta":{"content":"a"""), 0xff, 0xc3, 0x28, .. Encoding.UTF8.GetBytes("\"}}]}\n\n")], .. Bytes(Finish, Done)]),
        new("lone-surrogate", Sse, Bytes(Delta(@"a\ud800b"), Finish, Done)),
        // The providers' SDKs throw at an event that is no JSON, so the call failed whatever comes behind it.
        new("nul", Sse, Bytes(Delta("a\0b"), Delta(@"a\u0000b"), Finish, Done)) { State = "provider_error", ErrorType = "validation.malformed" },
        new("escaped-nul", Sse, Bytes(Delta(@"a\u0000b"), Finish, Done)),
        new("not-json", Sse, Bytes(Delta("Hello"), "data: {\"id\":\"c1\",\"choi\n\n", Finish, Done)) { State = "provider_error", ErrorType = "validation.malformed" },
        new("usage", Sse, Bytes(Delta("Hello"), Finish, Usage, Done)),
        new("error-event", Sse, Bytes(Delta("Hello"), """data: {"error":{"message":"boom","type":"server_error","code":"server_error"}}""" + "\n\n")) { State = "provider_error", ErrorType = "unavailable" },
        new("continue-first", "HTTP/1.1 100 Continue\r\n\r\n" + Json, Bytes(Answer)) { Framing = ZooFraming.Length, Stream = false },
        new("early-hints", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + Json, Bytes(Answer)) { Framing = ZooFraming.Length, Stream = false },
        new("gzip-bomb", Json + "\r\nContent-Encoding: gzip", [Bomb()]) { Framing = ZooFraming.Length, Stream = false },
        new("gzip-that-is-none", Json + "\r\nContent-Encoding: gzip", Bytes(Answer)) { Framing = ZooFraming.Length, Stream = false },
        new("large-headers", Json + "\r\nx-large: " + new string('h', 40_000), Bytes(Answer)) { Framing = ZooFraming.Length, Stream = false },
        new("headers-without-end", Json + "\r\nx-large: " + new string('h', 200_000), Bytes(Answer)) { Framing = ZooFraming.Length, Stream = false, State = "provider_error", ErrorType = "unavailable", Status = 502 },
        new("not-http", "SSH-2.0-OpenSSH_9.2\r\n", []) { Framing = ZooFraming.Raw, State = "provider_error", ErrorType = "unavailable", Status = 502 },
        new("empty", "HTTP/1.1 200 OK\r\nContent-Type: application/json", Bytes("")) { Framing = ZooFraming.Length, Stream = false, State = "provider_error" },
        new("redirect", "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/steal", Bytes("")) { Framing = ZooFraming.Length, Stream = false, Status = 307, State = "" },
        new("no-headers", Json, Bytes(Answer)) { Framing = ZooFraming.Length, HeadAfter = TimeSpan.FromSeconds(20), Stream = false, State = "timeout", ErrorType = "timeout", Status = 504 },
        new("silence-in-stream", Sse, Bytes(Delta("Hel"), Delta("lo"), Delta(" there"), Finish, Done)) { End = ZooEnd.Hang, State = "timeout", ErrorType = "timeout" },
        new("slow-drip", Sse, Bytes(Delta("H"), Delta("e"), Delta("l"), Finish, Done)) { Between = TimeSpan.FromMilliseconds(400) },
    ];

    private static byte[][] Bytes(params string[] pieces) => Array.ConvertAll(pieces, Encoding.UTF8.GetBytes);

    private static string Delta(string text) => $$"""data: {"id":"c1","object":"chat.completion.chunk","model":"zoo","choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""" + "\n\n";

    private static string Error(int status, string code, string? header = null) =>
        $"HTTP/1.1 {status} {code}\r\nContent-Type: application/json{(header is null ? "" : "\r\n" + header)}";

    private static string Body(string code) => $$$"""{"error":{"message":"No.","type":"zoo","param":null,"code":"{{{code}}}"}}""";

    // 300 KB that become 300 MB.
    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 300; i++)
            {
                gzip.Write(zeros);
            }
        }
        return packed.ToArray();
    }
}
