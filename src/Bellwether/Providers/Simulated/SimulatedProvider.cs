using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace Bellwether.Providers;

/// <summary>
/// A provider that needs no network and no key: speaks the wire formats of OpenAI, Anthropic and Gemini, with behaviour chosen by the
/// model's name or the request's metadata. The same request with the same seed gives the same bytes, ids included.
/// Without a seed each call gets ids, text and times of its own. Thread-safe.
/// </summary>
public sealed class SimulatedProvider(TimeProvider time)
{
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 128 };
    private long _calls;

    /// <summary>The script of the answer. Never throws for bad input: that gets the error a real provider would give.</summary>
    public SimulatedReply Answer(SimulatedRequest request)
    {
        var route = SimulatedRoute.Find(request.Method, request.Path, request.Anthropic);
        if (route.Operation is SimulatedOperation.Chat or SimulatedOperation.Messages && BenchReplies.TryFind(route.Operation, request.Body.Span) is { } ready)
        {
            return ready;
        }
        if (route.Operation == SimulatedOperation.Unknown)
        {
            return SimulatedErrors.UnknownUrl(route, request);
        }
        if (request.Method == "GET" || SimulatedCatalog.IsBodyless(route.Operation))
        {
            return SimulatedCatalog.Answer(route, request);
        }
        try
        {
            using var document = JsonDocument.Parse(request.Body, s_strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return SimulatedErrors.BadJson(route);
            }
            return Answer(route, SimulatedPrompt.Read(route, document.RootElement), request.Body.Span);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: the reader meets invalid UTF-8 or a lone surrogate in a string.
            return SimulatedErrors.BadJson(route);
        }
    }

    private SimulatedReply Answer(SimulatedRoute route, SimulatedPrompt prompt, ReadOnlySpan<byte> body)
    {
        var behaviour = prompt.Behaviour;
        var seed = behaviour.Seed ?? prompt.Seed;
        var dice = new SimulatedDice(XxHash3.HashToUInt64(body, seed ?? Interlocked.Increment(ref _calls) + time.GetUtcNow().Ticks));
        // A seeded answer must not depend on the clock, and the wire formats carry a creation time.
        var created = seed is null ? time.GetUtcNow().ToUnixTimeSeconds() : 1_763_000_000 + (int)(dice.Next() % 1_000_000);

        var fault = behaviour.Fault == SimulatedFault.Flaky ? FlakyFault(dice.Next()) : behaviour.Fault;
        if (SimulatedErrors.TryAnswer(route, prompt, fault, ref dice) is { } error)
        {
            return error;
        }
        var reply = route.Operation switch
        {
            SimulatedOperation.Chat => OpenAiChat.Answer(prompt, SimulatedWriter.Compose(prompt, ref dice), created),
            SimulatedOperation.Completions => OpenAiCompletions.Answer(prompt, SimulatedWriter.Compose(prompt, ref dice), created),
            SimulatedOperation.Responses => OpenAiResponses.Answer(prompt, SimulatedWriter.Compose(prompt, ref dice), created),
            SimulatedOperation.Messages => AnthropicMessages.Answer(prompt, SimulatedWriter.Compose(prompt, ref dice)),
            SimulatedOperation.CountTokens => AnthropicMessages.Count(prompt),
            SimulatedOperation.Embeddings => SimulatedVectors.Answer(prompt, ref dice),
            SimulatedOperation.GeminiEmbed or SimulatedOperation.GeminiBatchEmbed => SimulatedVectors.AnswerGemini(route, prompt),
            SimulatedOperation.Moderations => SimulatedModeration.Answer(prompt, ref dice),
            SimulatedOperation.Gemini => GeminiContent.Answer(prompt, SimulatedWriter.Compose(prompt, ref dice)),
            SimulatedOperation.GeminiCountTokens => GeminiContent.Count(prompt),
            SimulatedOperation.Models or SimulatedOperation.Upload or SimulatedOperation.Transcription or SimulatedOperation.Speech or SimulatedOperation.Unknown
                => SimulatedErrors.BadJson(route),
            _ => throw new ArgumentOutOfRangeException(nameof(route), route.Operation, null),
        };
        return SimulatedFaults.Apply(reply, fault, behaviour, route.Dialect);
    }

    private static SimulatedFault FlakyFault(ulong roll) => (roll % 9) switch
    {
        0 => SimulatedFault.ServerError,
        1 => SimulatedFault.RateLimitedRetryAfter,
        2 => SimulatedFault.Reset,
        _ => SimulatedFault.None,
    };
}

/// <summary>A small reproducible source of chance (SplitMix64): the same on every platform and version, which <see cref="Random"/> does not promise.</summary>
internal struct SimulatedDice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to below <paramref name="count"/>.</summary>
    public int Next(int count) => (int)(Next() % (ulong)count);

    /// <summary><paramref name="from"/> to below <paramref name="to"/>.</summary>
    public int Next(int from, int to) => from + Next(to - from);

    /// <summary>[0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1ul << 53));

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    public string Id(string prefix, int length)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        var id = new StringBuilder(prefix, prefix.Length + length);
        for (var i = 0; i < length; i++)
        {
            id.Append(Alphabet[Next(Alphabet.Length)]);
        }
        return id.ToString();
    }
}
