using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bellwether.Providers;

/// <summary>
/// The upstream of the benchmark: models <c>bench-&lt;tokens&gt;</c> and <c>bench-&lt;tokens&gt;-&lt;tokens per second&gt;</c> answer from buffers
/// that are made once, without looking at the prompt. Without a rate every token is due at once, each still a write of its own.
/// </summary>
internal static class BenchReplies
{
    private const int MaxTokens = 10_000;
    // Names come from callers; a handful of them is all that a benchmark uses.
    private const int MaxCached = 64;
    private static readonly ConcurrentDictionary<(SimulatedOperation, string, bool, bool), SimulatedReply> s_replies = new();

    public static SimulatedReply? TryFind(SimulatedOperation operation, ReadOnlySpan<byte> body)
    {
        if (!TryScan(body, out var model, out var stream, out var includeUsage))
        {
            return null;
        }
        var key = (operation, model, stream, includeUsage);
        if (s_replies.TryGetValue(key, out var known))
        {
            return known;
        }
        var parts = model.Split('-');
        if (parts.Length is < 2 or > 3
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) || tokens is < 1 or > MaxTokens
            || !TryRate(parts, out var rate))
        {
            return null;
        }
        var made = Make(operation, model, stream, includeUsage, tokens, rate);
        return s_replies.Count < MaxCached ? s_replies.GetOrAdd(key, made) : made;
    }

    private static bool TryRate(string[] parts, out int rate)
    {
        rate = 0;
        return parts.Length == 2 || (int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out rate) && rate > 0);
    }

    private static SimulatedReply Make(SimulatedOperation operation, string model, bool stream, bool includeUsage, int tokens, int rate)
    {
        var prompt = new SimulatedPrompt { Model = model, Behaviour = SimulatedBehaviour.Instant, Stream = stream, IncludeUsage = includeUsage };
        // " token" is six characters and one piece.
        var text = new StringBuilder("token", tokens * 6);
        for (var i = 1; i < tokens; i++)
        {
            text.Append(" token");
        }
        var perToken = rate > 0 ? TimeSpan.FromSeconds(1.0 / rate) : TimeSpan.Zero;
        var completion = new SimulatedCompletion
        {
            Stem = "BenchBenchBenchBenchBenc",
            Choices = [new(text.ToString(), [], SimulatedFinish.Stop)],
            InputTokens = 500,
            OutputTokens = tokens,
            Pace = new(TimeSpan.Zero, TimeSpan.Zero, stream ? perToken : TimeSpan.Zero),
        };
        var reply = operation == SimulatedOperation.Chat ? OpenAiChat.Answer(prompt, completion, 1_763_000_000) : AnthropicMessages.Answer(prompt, completion);
        return reply with { Chunks = reply.Chunks.ToArray() };
    }

    // {"model":"bench-100","stream":true,"stream_options":{"include_usage":true}, …}; prompts are skipped without being read.
    private static bool TryScan(ReadOnlySpan<byte> body, out string model, out bool stream, out bool includeUsage)
    {
        (model, stream, includeUsage) = ("", false, false);
        if (body.IndexOf("\"bench-"u8) < 0)
        {
            return false;
        }
        try
        {
            var reader = new Utf8JsonReader(body);
            var depth = 0;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }
                depth = reader.CurrentDepth;
                if (depth == 1 && reader.ValueTextEquals("model"u8))
                {
                    reader.Read();
                    if (reader.TokenType != JsonTokenType.String || !reader.ValueSpan.StartsWith("bench-"u8))
                    {
                        return false;
                    }
                    model = reader.GetString()!;
                }
                else if (depth == 1 && reader.ValueTextEquals("stream"u8))
                {
                    reader.Read();
                    stream = reader.TokenType == JsonTokenType.True;
                }
                else if (depth == 2 && reader.ValueTextEquals("include_usage"u8))
                {
                    reader.Read();
                    includeUsage = reader.TokenType == JsonTokenType.True;
                }
                else if (depth == 1 && !reader.ValueTextEquals("stream_options"u8))
                {
                    reader.Skip();
                }
            }
            return model.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
