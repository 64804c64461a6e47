using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard.Tests;

/// <summary>Two days of plausible calls, the same for the same seed: daily rhythm, an outage, several models, users and endpoints.</summary>
public static class GeneratedTelemetry
{
    private static readonly (string Provider, string Model, double Weight, double InUsd, double OutUsd, double Speed)[] Models =
    [
        ("openai", "gpt-4o-mini", 5, 0.15, 0.6, 95), ("openai", "gpt-4.1", 2.2, 2, 8, 70), ("anthropic", "claude-sonnet-4-5", 1.8, 3, 15, 62),
        ("google", "gemini-2.5-flash", 1.4, 0.3, 2.5, 130), ("ollama", "llama-3.3-70b", 0.7, 0, 0, 38), ("openai", "text-embedding-3-small", 1.1, 0.02, 0, 0),
        ("mistral", "mistral-large-2411", 0.4, 2, 6, 55), ("openai", "o4-mini", 0.3, 1.1, 4.4, 80),
    ];
    private static readonly (string Name, double Weight)[] Endpoints =
        [("support-chat", 4), ("document-summary", 2), ("search-rerank", 1.6), ("code-review", 1.2), ("onboarding-assistant", 0.7), ("POST /v1/chat/completions", 0.5)];

    public static ImmutableArray<SequencedRecord> Days(ProjectId project, DateTimeOffset end, int calls = 9_000, int seed = 7)
    {
        var random = new Random(seed);
        var records = new List<TelemetryRecord>();
        while (records.Count < calls)
        {
            var age = random.NextDouble() * 48;
            var start = end.AddHours(-age);
            // Work hours are busier; the first minutes of the range are left empty, and half an hour of silence shows as a gap.
            var rhythm = 0.35 + 0.65 * Math.Exp(-Math.Pow((start.Hour + start.Minute / 60d - 14) / 4.5, 2));
            if (random.NextDouble() > rhythm || age is > 9.2 and < 9.7) { continue; }
            records.Add(Call(project, start, random, outage: age is > 2.4 and < 2.75));
        }
        return [.. records.OrderBy(record => record.Observation!.StartTime).Select((record, index) => new SequencedRecord(index + 1, record))];
    }

    private static TelemetryRecord Call(ProjectId project, DateTimeOffset start, Random random, bool outage)
    {
        var model = Pick(Models, one => one.Weight, random);
        var endpoint = Pick(Endpoints, one => one.Weight, random).Name;
        var embedding = model.Model.StartsWith("text-embedding", StringComparison.Ordinal);
        var failed = random.NextDouble() < (outage && model.Provider == "openai" ? 0.55 : 0.012);
        var input = (long)(120 + 900 * Math.Pow(random.NextDouble(), 2) * (endpoint == "document-summary" ? 6 : 1));
        var output = failed || embedding ? 0 : (long)(30 + 480 * Math.Pow(random.NextDouble(), 1.6));
        var ttft = 140 + 420 * Math.Pow(random.NextDouble(), 3) + (outage ? 900 * random.NextDouble() : 0);
        var total = failed ? outage ? 2_000 + 8_000 * random.NextDouble() : 200 + 600 * random.NextDouble()
            : embedding ? 60 + 90 * random.NextDouble() : ttft + output / model.Speed * 1000 * (0.8 + 0.5 * random.NextDouble());
        var stream = !embedding && random.NextDouble() < 0.75;
        var left = !failed && random.NextDouble() < 0.01;
        var error = failed ? Pick([("rate_limited", 3.0), ("unavailable", outage ? 9 : 1.5), ("timeout", 1.2), ("context_length", 0.7), ("bad_request", 0.6)], one => one.Item2, random).Item1 : "";
        var priced = model.Provider != "ollama" && !failed;
        var observation = new Observation
        {
            Id = Guid.CreateVersion7(start),
            Project = project,
            StartTime = start,
            Kind = embedding ? ObservationKind.Embedding : ObservationKind.Llm,
            State = failed ? error == "timeout" ? ObservationState.Timeout : ObservationState.ProviderError : left ? ObservationState.ClientDisconnect : ObservationState.Ok,
            Name = embedding ? "POST /v1/embeddings" : "POST /v1/chat/completions",
            Operation = embedding ? "embeddings" : "chat",
            Surface = model.Provider == "anthropic" ? "anthropic" : "openai",
            Provider = model.Provider,
            PriceProvider = model.Provider,
            RequestModel = model.Model,
            Model = model.Model,
            Endpoint = endpoint,
            User = "user-" + random.Next(1, 180),
            Session = "session-" + random.Next(1, 600),
            RequestId = $"req-{random.Next():x8}",
            Stream = stream,
            FinishReason = failed ? "" : "stop",
            HttpStatus = failed ? error == "rate_limited" ? 429 : 503 : 200,
            ErrorType = error,
            ErrorMessage = failed ? "The provider did not answer as asked." : "",
            Timings = new Timings { TotalMs = total, QueueMs = 0.4, UpstreamMs = total - 0.6, PostMs = 0.2, TtftMs = stream && !failed ? ttft : null, TokensPerSecond = failed || embedding ? null : model.Speed * (0.7 + 0.6 * random.NextDouble()) },
            Usage = failed ? Usage.None : new Usage { InputTokens = input, OutputTokens = output },
            Cost = priced ? new Cost((decimal)(input * model.InUsd / 1e6), (decimal)(output * model.OutUsd / 1e6), "test-prices@1") : null,
            MessageCount = 2,
        };
        var payload = new ObservationPayload
        {
            Input = System.Text.Encoding.UTF8.GetBytes($$"""{"model":"{{model.Model}}","messages":[{"role":"system","content":"You are helpful."},{"role":"user","content":"Question {{random.Next(1000)}}"}]}"""),
            Output = System.Text.Encoding.UTF8.GetBytes("""{"text":"An answer."}"""),
            OutputAssembled = true,
            SearchText = "You are helpful. Question An answer.",
        };
        return TelemetryRecord.Of(observation, payload);
    }

    private static T Pick<T>(IReadOnlyList<T> choices, Func<T, double> weight, Random random)
    {
        var at = random.NextDouble() * choices.Sum(weight);
        foreach (var choice in choices)
        {
            at -= weight(choice);
            if (at <= 0) { return choice; }
        }
        return choices[^1];
    }
}
