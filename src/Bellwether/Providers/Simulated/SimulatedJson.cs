using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Providers;

/// <summary>Bytes of bodies and events.</summary>
internal static class SimulatedJson
{
    public static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();

    public static byte[] Body(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Write(buffer, write);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>One server-sent event. <paramref name="name"/>: null for none.</summary>
    public static byte[] Event(string? name, Action<Utf8JsonWriter> write, string newline = "\n")
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        if (name is not null)
        {
            buffer.Write(Encoding.UTF8.GetBytes($"event: {name}{newline}"));
        }
        buffer.Write("data: "u8);
        Write(buffer, write);
        buffer.Write(Encoding.UTF8.GetBytes(newline + newline));
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A plain JSON answer when the last token would be there.</summary>
    public static SimulatedReply Plain(byte[] body, TimeSpan at, IReadOnlyList<KeyValuePair<string, string>> headers) => new()
    {
        Status = 200,
        ContentType = "application/json",
        ContentLength = body.Length,
        Headers = headers,
        HeadersAt = at,
        Chunks = [new SimulatedChunk(at, body)],
    };

    public static SimulatedReply Stream(IEnumerable<SimulatedChunk> chunks, TimeSpan headersAt, IReadOnlyList<KeyValuePair<string, string>> headers) => new()
    {
        Status = 200,
        ContentType = "text/event-stream; charset=utf-8",
        Headers = headers,
        HeadersAt = headersAt,
        Chunks = chunks,
    };

    private static void Write(ArrayBufferWriter<byte> buffer, Action<Utf8JsonWriter> write)
    {
        using var json = new Utf8JsonWriter(buffer, SimulatedSchemas.Relaxed);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }
}

/// <summary>Response headers that the real providers send and that clients show or log.</summary>
internal static class SimulatedHeaders
{
    public static KeyValuePair<string, string>[] OpenAi(string stem) =>
    [
        new("x-request-id", "req_" + stem),
        new("openai-version", "2020-10-01"),
        new("openai-processing-ms", "42"),
        new("x-ratelimit-limit-requests", "10000"),
        new("x-ratelimit-remaining-requests", "9999"),
        new("x-ratelimit-limit-tokens", "2000000"),
        new("x-ratelimit-remaining-tokens", "1999000"),
        new("x-ratelimit-reset-requests", "6ms"),
    ];

    public static KeyValuePair<string, string>[] Anthropic(string stem) =>
    [
        new("request-id", "req_01" + stem),
        new("anthropic-organization-id", "00000000-0000-4000-8000-000000000000"),
        new("anthropic-ratelimit-requests-limit", "4000"),
        new("anthropic-ratelimit-requests-remaining", "3999"),
    ];
}
