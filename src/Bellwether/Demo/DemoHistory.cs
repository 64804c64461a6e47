using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Bellwether.Providers;
using Bellwether.Telemetry;

namespace Bellwether.Demo;

/// <summary>Makes the records of a day. The same anchor gives the same records, ids included, so that a day which was cut off can be written again. No record has a key: none of it came through the gateway, and no guard saw it.</summary>
internal sealed class DemoHistory(DemoCalendar calendar)
{
    private const double FeedbackShare = 0.11;

    /// <param name="daysBack">0 is the day of the anchor up to its hour.</param>
    public IEnumerable<TelemetryRecord> Day(int daysBack)
    {
        var midnight = new DateTimeOffset(calendar.Anchor.UtcDateTime.Date, TimeSpan.Zero).AddDays(-daysBack);
        var seed = XxHash3.HashToUInt64(Encoding.ASCII.GetBytes(midnight.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        var dice = new SimulatedDice(seed);
        for (var minute = midnight; minute < midnight.AddDays(1) && minute < calendar.Anchor; minute = minute.AddMinutes(1))
        {
            foreach (var record in Minute(minute, ref dice))
            {
                yield return record;
            }
        }
    }

    private List<TelemetryRecord> Minute(DateTimeOffset minute, ref SimulatedDice dice)
    {
        var records = new List<TelemetryRecord>();
        for (var calls = Poisson(calendar.RateAt(minute) / 60, ref dice); calls > 0; calls--)
        {
            var time = minute.AddMilliseconds(dice.Next(60_000));
            var scenario = DemoCatalogue.Pick(ref dice);
            var call = DemoCall.Invent(scenario, DemoCatalogue.PickModel(scenario, ref dice), time, calendar, ref dice);
            AddCall(records, call, time, ref dice);
        }
        if (calendar.IsSpike(minute))
        {
            for (var extra = 0; extra < 4; extra++)
            {
                AddImport(records, minute.AddMilliseconds(dice.Next(60_000)), ref dice);
            }
        }
        return records;
    }

    private void AddCall(List<TelemetryRecord> records, DemoCall call, DateTimeOffset time, ref SimulatedDice dice)
    {
        var trace = Hex(ref dice) + Hex(ref dice);
        if (call.HasTools)
        {
            AddRun(records, call, time, trace, Agent(call, time, trace, ref dice), ref dice);
            return;
        }
        if (call.Scenario.Endpoint == "product-search")
        {
            AddRun(records, call, time, trace, Search(call, time, trace, ref dice), ref dice);
            return;
        }
        var made = DemoRecord.Of(call, time, trace, DemoFate.Roll(call, time, calendar, ref dice), attached: 0, ref dice);
        records.Add(made);
        AddFeedback(records, call, made.Observation!, ref dice);
    }

    // The steps come first, the run around them last: as from a client, which sends a span when it ends.
    private static void AddRun(List<TelemetryRecord> records, DemoCall call, DateTimeOffset time, string trace, ImmutableArray<TelemetryRecord> steps, ref SimulatedDice dice)
    {
        var span = Hex(ref dice);
        var below = steps.Select(step => DemoTrace.Below(step, span)).ToImmutableArray();
        records.AddRange(below);
        records.Add(DemoTrace.Root(call, time, trace, span, below, ref dice));
        AddFeedback(records, call, below[^1].Observation!, ref dice);
    }

    // An agent's run: the model asks for the weather, the tool answers, the model writes.
    private ImmutableArray<TelemetryRecord> Agent(DemoCall call, DateTimeOffset time, string trace, ref SimulatedDice dice)
    {
        var fate = DemoFate.Roll(call, time, calendar, ref dice);
        var plan = DemoRecord.Of(call with { Stream = false }, time.AddMilliseconds(3), trace, fate, attached: 0, ref dice);
        if (fate.State != ObservationState.Ok) { return [plan]; }
        var asked = time.AddMilliseconds(3 + plan.Observation!.Timings.TotalMs + 2);
        var tool = DemoRecord.Tool(call, asked, trace, DemoTexts.Weather, ref dice);
        var answer = DemoRecord.Of(call with { ToolResult = DemoTexts.Weather }, asked.AddMilliseconds(tool.Observation!.Timings.TotalMs + 2), trace, fate, attached: 0, ref dice);
        return [plan, tool, answer];
    }

    private ImmutableArray<TelemetryRecord> Search(DemoCall call, DateTimeOffset time, string trace, ref SimulatedDice dice)
    {
        var found = DemoTrace.Retrieval(call, time.AddMilliseconds(2), trace, "", ref dice);
        var fate = DemoFate.Roll(call, time, calendar, ref dice);
        return [found, DemoRecord.Of(call, time.AddMilliseconds(found.Observation!.Timings.TotalMs + 4), trace, fate, attached: 0, ref dice)];
    }

    // The cost spike: an import that sends whole documents to the dearest model.
    private void AddImport(List<TelemetryRecord> records, DateTimeOffset time, ref SimulatedDice dice)
    {
        var scenario = DemoCatalogue.Scenarios.First(candidate => candidate.Endpoint == "ticket-summary");
        var call = DemoCall.Invent(scenario, DemoCatalogue.Dearest, time, calendar, ref dice) with { User = "import-job", Session = "import-" + time.ToString("MMdd", CultureInfo.InvariantCulture) };
        records.Add(DemoRecord.Of(call, time, Hex(ref dice) + Hex(ref dice), DemoFate.Fine, attached: 30_000 + dice.Next(60_000), ref dice));
    }

    private static void AddFeedback(List<TelemetryRecord> records, DemoCall call, Observation observation, ref SimulatedDice dice)
    {
        if (DemoRecord.Signal(observation) is { } signal) { records.Add(TelemetryRecord.Of(signal)); }
        if (call.Scenario.Shape is DemoShape.Embedding or DemoShape.Moderation || observation.State != ObservationState.Ok || dice.Unit() > FeedbackShare)
        {
            return;
        }
        var pleased = dice.Unit() < (call.Model.Provider == "vllm" ? 0.58 : 0.86);
        var at = observation.StartTime.AddSeconds(15 + dice.Next(240));
        records.Add(TelemetryRecord.Of(DemoRecord.Feedback(observation, at, pleased, Id(at, ref dice), ref dice)));
    }

    /// <summary>A version-7 GUID whose random part comes from the seed.</summary>
    public static Guid Id(DateTimeOffset time, ref SimulatedDice dice)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)time.ToUnixTimeMilliseconds() << 16) | 0x7000 | (dice.Next() & 0xFFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (dice.Next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000);
        return new Guid(bytes, bigEndian: true);
    }

    public static string Hex(ref SimulatedDice dice) => dice.Next().ToString("x16", CultureInfo.InvariantCulture);

    // Knuth's method: the counts are small.
    private static int Poisson(double mean, ref SimulatedDice dice)
    {
        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = dice.Unit(); product > limit; product *= dice.Unit())
        {
            count++;
        }
        return count;
    }
}

/// <summary>How a call of the history ends.</summary>
internal sealed record DemoFate(ObservationState State, int HttpStatus, string ErrorType = "", string ErrorCode = "", string Message = "", double Slowness = 1)
{
    public static readonly DemoFate Fine = new(ObservationState.Ok, 200);

    private static readonly ImmutableArray<(DemoFate Fate, int Weight)> s_everyday =
    [
        (new(ObservationState.ProviderError, 429, ErrorTypes.RateLimited, "rate_limit_exceeded", "Rate limit reached on tokens per min (TPM): Limit 200000, Used 199640, Requested 812."), 34),
        (new(ObservationState.Timeout, 504, ErrorTypes.Timeout, "upstream_timeout", "The provider did not answer in time.", 20), 14),
        (new(ObservationState.ProviderError, 500, ErrorTypes.Unavailable, "server_error", "The server had an error while processing your request."), 12),
        (new(ObservationState.ProviderError, 529, ErrorTypes.Unavailable, "overloaded_error", "Overloaded"), 10),
        (new(ObservationState.ProviderError, 400, ErrorTypes.ContextLength, "context_length_exceeded", "This model's maximum context length is 128000 tokens. However, your messages resulted in 131840 tokens."), 9),
        (new(ObservationState.ProviderError, 400, ErrorTypes.ContentFilter, "content_filter", "The response was filtered due to the prompt triggering the content management policy."), 8),
        (new(ObservationState.ProviderError, 400, ErrorTypes.BadRequest, "invalid_value", "Invalid value for 'max_tokens': must be at most 16384."), 6),
        (new(ObservationState.Refused, 400, ErrorTypes.BadRequest, "invalid_json", "The request body is not valid JSON."), 4),
        (new(ObservationState.ProviderError, 401, ErrorTypes.Auth, "invalid_api_key", "Incorrect API key provided."), 3),
    ];

    private static readonly DemoFate s_down = new(ObservationState.ProviderError, 503, ErrorTypes.Unavailable, "server_error", "The engine is currently overloaded, please try again later.");
    private static readonly DemoFate s_late = new(ObservationState.Timeout, 504, ErrorTypes.Timeout, "upstream_timeout", "The provider did not answer in time.", 30);
    private static readonly DemoFate s_left = new(ObservationState.ClientDisconnect, 200, ErrorTypes.ClientDisconnect);

    public static DemoFate Roll(DemoCall call, DateTimeOffset time, DemoCalendar calendar, ref SimulatedDice dice)
    {
        var roll = dice.Unit();
        if (calendar.IsOutage(time) && call.Model.Provider == "openai")
        {
            return roll < 0.62 ? s_down : roll < 0.86 ? s_late : Fine with { Slowness = 6 };
        }
        if (roll < 0.014)
        {
            var pick = dice.Next(s_everyday.Sum(entry => entry.Weight));
            foreach (var (fate, weight) in s_everyday)
            {
                pick -= weight;
                if (pick < 0)
                {
                    return fate;
                }
            }
        }
        return call.Stream && roll > 0.988 ? s_left : calendar.IsSlow(time) ? Fine with { Slowness = 3.2 } : Fine;
    }
}
