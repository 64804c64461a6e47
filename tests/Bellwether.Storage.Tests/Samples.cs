using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Storage.Tests;

/// <summary>Plausible observations, the same ones for the same seed.</summary>
public static class Samples
{
    public static readonly ProjectId Project = new("shop");
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] s_models = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4", "gemini-2.5-flash"];
    private static readonly string[] s_endpoints = ["chat", "summary", "search", "/v1/chat/completions"];
    private static readonly string[] s_words = ["Where", "is", "my", "order", "refund", "Straße", "the", "weather", "tomorrow", "invoice", "naïve", "please"];

    public static Observation Observation(DateTimeOffset start) => new()
    {
        Id = Guid.CreateVersion7(start),
        Project = Project,
        StartTime = start,
        Kind = ObservationKind.Llm,
        State = ObservationState.Ok,
    };

    public static Observation Random(Random random, DateTimeOffset start)
    {
        var state = random.Next(12) switch { 0 => ObservationState.ProviderError, 1 => ObservationState.Timeout, 2 => ObservationState.ClientDisconnect, _ => ObservationState.Ok };
        var known = random.Next(8) != 0;
        var priced = known && random.Next(6) != 0;
        var model = s_models[random.Next(s_models.Length)];
        var total = Math.Exp(4 + random.NextDouble() * 6);
        return Observation(start) with
        {
            State = state,
            Model = model,
            RequestModel = model,
            Provider = model.StartsWith("gpt", StringComparison.Ordinal) ? "openai" : "other",
            Endpoint = s_endpoints[random.Next(s_endpoints.Length)],
            Operation = "chat",
            Surface = random.Next(2) == 0 ? "openai" : "anthropic",
            ErrorType = state switch { ObservationState.ProviderError => ErrorTypes.RateLimited, ObservationState.Timeout => ErrorTypes.Timeout, _ => "" },
            User = random.Next(4) == 0 ? "" : $"user-{random.Next(25)}",
            Session = random.Next(3) == 0 ? "" : $"session-{random.Next(100)}",
            KeyId = $"key-{random.Next(3)}",
            Stream = random.Next(2) == 0,
            HttpStatus = state == ObservationState.Ok ? 200 : 429,
            Timings = new Timings { TotalMs = total, UpstreamMs = total * 0.9, TtftMs = random.Next(3) == 0 ? null : total / 5, TokensPerSecond = random.Next(5) == 0 ? null : random.Next(10, 200) },
            Usage = known ? new Usage { InputTokens = random.Next(10, 4000), OutputTokens = random.Next(1, 900), CacheReadTokens = random.Next(0, 10), ReasoningTokens = random.Next(0, 5) } : Usage.None,
            Cost = priced ? new Cost(random.Next(1, 9_999_999) * 0.000000075m, random.Next(1, 999_999) * 0.0000003m, "prices@1") : null,
            Checks = start.Second % 3 switch { 0 => 0, 1 => CheckMarks.With(1, "groundedness", (CheckMark)(start.Minute % 4)), _ => CheckMarks.With(CheckMarks.With(1, "citations", CheckMark.Fail), "off_topic", CheckMark.Warn) },
            Properties = random.Next(2) == 0 ? [] : [new("tier", random.Next(2) == 0 ? "gold" : "o'neill \"x\""), new("a/b~c", "1")],
        };
    }

    public static ObservationPayload Payload(Random random)
    {
        var text = string.Join(' ', Enumerable.Range(0, random.Next(5, 60)).Select(_ => s_words[random.Next(s_words.Length)]));
        return Text(text);
    }

    public static ObservationPayload Text(string text) => new()
    {
        Input = Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"{{text}}"}]}"""),
        Output = Encoding.UTF8.GetBytes("""{"text":"So be it."}"""),
        OutputAssembled = true,
        Headers = "> user-agent: test",
        SearchText = text + "\nSo be it.",
    };

    /// <summary>Records at even distances over a span of time, numbered from <paramref name="firstSequence"/>.</summary>
    public static ImmutableArray<SequencedRecord> Spread(int seed, int count, DateTimeOffset from, TimeSpan span, long firstSequence = 1)
    {
        var random = new Random(seed);
        var records = ImmutableArray.CreateBuilder<SequencedRecord>(count);
        for (var i = 0; i < count; i++)
        {
            var start = from + (span * ((double)i / count));
            records.Add(new SequencedRecord(firstSequence + i, TelemetryRecord.Of(Random(random, start), Payload(random))));
        }
        return records.MoveToImmutable();
    }

    /// <summary>The same records with every third one a step of a chain, in traces of ten.</summary>
    public static ImmutableArray<SequencedRecord> WithSteps(ImmutableArray<SequencedRecord> records) => [.. records.Select((record, i) =>
        record with
        {
            Record = record.Record.With(record.Record.Observation! with
            {
                Kind = i % 3 == 0 ? (ObservationKind)((int)ObservationKind.Tool + (i % 4)) : (ObservationKind)(i % 3),
                TraceId = $"trace-{i / 10}",
            }, record.Record.Payload),
        })];

    public static ImmutableArray<SequencedRecord> Sequence(long first, params IEnumerable<TelemetryRecord> records) =>
        [.. records.Select((record, index) => new SequencedRecord(first + index, record))];

    public static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "null";
}
