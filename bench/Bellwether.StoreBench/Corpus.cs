using System.Text;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.StoreBench;

/// <summary>Observations with 1 to 2 KB of text, the same ones for the same seed: Zipf words, a dozen models, a daily rhythm of nothing in particular.</summary>
internal sealed class Corpus(int seed)
{
    public static readonly ProjectId Project = new("default");
    /// <summary>Stands in one text of 5,000, so that a search has to read nearly everything.</summary>
    public static readonly string RareWord = "quetzalcoatl";

    private static readonly string[] s_models =
        ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "o4-mini", "claude-sonnet-4", "claude-haiku-4", "gemini-2.5-flash", "gemini-2.5-pro", "mistral-large", "llama-3.3-70b"];
    private static readonly string[] s_endpoints =
        ["support-chat", "summary", "search", "classify", "translate", "agent-plan", "agent-act", "draft-mail", "extract", "moderate", "faq", "/v1/chat/completions"];
    private static readonly string[] s_words = Words(3_000);

    private readonly Random _random = new(seed);

    public TelemetryRecord Next(DateTimeOffset start)
    {
        var model = s_models[Zipf(s_models.Length)];
        var state = _random.Next(100) switch { < 2 => ObservationState.ProviderError, 2 => ObservationState.Timeout, 3 => ObservationState.ClientDisconnect, _ => ObservationState.Ok };
        var total = Math.Exp(5.5 + (_random.NextDouble() * 3) + _random.NextDouble());
        var (input, output) = (_random.Next(50, 1_200), _random.Next(20, 400));
        var id = Guid.CreateVersion7(start);
        var observation = new Observation
        {
            Id = id, Project = Project, StartTime = start, Kind = ObservationKind.Llm, State = state,
            Name = "POST /v1/chat/completions", Operation = "chat", Surface = model[0] == 'c' ? "anthropic" : "openai",
            Provider = model[0] == 'c' ? "anthropic" : model[0] == 'g' && model[1] == 'e' ? "google" : "openai", PriceProvider = "openai",
            RequestModel = model, Model = model, Endpoint = s_endpoints[Zipf(s_endpoints.Length)],
            User = _random.Next(5) == 0 ? "" : $"user-{Zipf(20_000)}", Session = $"session-{start.Ticks / TimeSpan.TicksPerMinute}-{_random.Next(20)}",
            KeyId = $"key-{_random.Next(6)}", RequestId = "req_" + id.ToString("N"), ProviderRequestId = "req_" + _random.NextInt64(), ResponseId = "chatcmpl-" + _random.NextInt64(),
            Stream = _random.Next(2) == 0, FinishReason = "stop", SystemFingerprint = "9f86d081884c7d65", Parameters = """{"temperature":0.7,"max_tokens":1024}""",
            HttpStatus = state == ObservationState.Ok ? 200 : 429,
            ErrorType = state switch { ObservationState.ProviderError => _random.Next(3) == 0 ? ErrorTypes.Unavailable : ErrorTypes.RateLimited, ObservationState.Timeout => ErrorTypes.Timeout, ObservationState.ClientDisconnect => ErrorTypes.ClientDisconnect, _ => "" },
            Timings = new Timings { TotalMs = total, QueueMs = 0.4, UpstreamMs = total - 0.6, PostMs = 0.2, TtftMs = total / 6, GapP50Ms = 12, GapP95Ms = 31, TokensPerSecond = 20 + (_random.NextDouble() * 80) },
            Usage = new Usage { InputTokens = input, OutputTokens = output, CacheReadTokens = input / 4 },
            Cost = _random.Next(50) == 0 ? null : new Cost(input * 0.0000025m, output * 0.00001m, "genai-prices@2026-08-21/openai/gpt-4o#0"),
            RequestBytes = 1_500, ResponseBytes = 1_100, MessageCount = 2,
            Properties = _random.Next(3) == 0 ? [new("tier", "gold")] : [],
        };
        return TelemetryRecord.Of(observation, Payload());
    }

    private ObservationPayload Payload()
    {
        var prompt = Text(_random.Next(500, 1_200));
        var answer = Text(_random.Next(300, 900));
        return new ObservationPayload
        {
            Input = Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o","messages":[{"role":"user","content":"{{prompt}}"}],"temperature":0.7}"""),
            Output = Encoding.UTF8.GetBytes($$"""{"text":"{{answer}}"}"""),
            OutputAssembled = true,
            Headers = "> user-agent: openai-python/1.99\n< x-request-id: req_1",
            SearchText = prompt + "\n" + answer,
        };
    }

    private string Text(int length)
    {
        var text = new StringBuilder(length + 16);
        if (_random.Next(10_000) == 0)
        {
            text.Append(RareWord).Append(' ');
        }
        while (text.Length < length)
        {
            text.Append(s_words[Zipf(s_words.Length)]).Append(' ');
        }
        return text.ToString();
    }

    private int Zipf(int count) => (int)Math.Min(count - 1, Math.Pow(count, _random.NextDouble()) - 1);

    private static string[] Words(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => $"{"bcdfghklmnprstvw"[random.Next(16)]}{"aeiou"[random.Next(5)]}")))];
    }
}
