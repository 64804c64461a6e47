namespace Bellwether.Telemetry;

/// <summary>
/// Requirement T4: the five series that the article's dashboards ask for, counted since the process started. The pipeline's
/// reader records each finished call (no step of a chain) once, after it was priced; a replay of what an earlier process accepted is not counted.
/// </summary>
public sealed class AiMetrics(InFlightCalls inFlight)
{
    private const int MostValues = 200;

    /// <summary>Upper bounds of <c>ai_request_duration_seconds</c>.</summary>
    internal static readonly double[] DurationBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120];

    private readonly Lock _lock = new();
    private readonly LabelValues _models = new(MostValues);
    private readonly LabelValues _endpoints = new(MostValues);
    private readonly Dictionary<(string Model, string Endpoint, string Status), long> _requests = [];
    private readonly Dictionary<(string Model, string Endpoint), Histogram> _durations = [];
    private readonly Dictionary<(string Model, string Type), long> _tokens = [];
    private readonly Dictionary<(string Model, string Endpoint), decimal> _costs = [];

    public void Record(Observation call)
    {
        lock (_lock)
        {
            var model = _models.Cap(call.Model.Length > 0 ? call.Model : call.RequestModel);
            var endpoint = _endpoints.Cap(call.Endpoint);
            Add(_requests, (model, endpoint, call.IsError ? "error" : "success"), 1);
            if (!_durations.TryGetValue((model, endpoint), out var durations))
            {
                _durations[(model, endpoint)] = durations = new Histogram();
            }
            durations.Record(call.Timings.TotalMs / 1_000);
            if (call.Usage.InputTokens is { } input)
            {
                Add(_tokens, (model, "prompt"), input);
            }
            if (call.Usage.OutputTokens is { } output)
            {
                Add(_tokens, (model, "completion"), output);
            }
            if (call.Cost is { } cost)
            {
                _costs[(model, endpoint)] = _costs.GetValueOrDefault((model, endpoint)) + cost.TotalUsd;
            }
        }
    }

    internal void Write(ExpositionWriter writer)
    {
        lock (_lock)
        {
            writer.Family("ai_requests_total", "counter", "Calls by model, endpoint and outcome.");
            foreach (var ((model, endpoint, status), count) in _requests)
            {
                writer.Sample("ai_requests_total", count, ("model", model), ("endpoint", endpoint), ("status", status));
            }
            writer.Family("ai_request_duration_seconds", "histogram", "Time from the accepted request to the end of the answer.");
            foreach (var ((model, endpoint), durations) in _durations)
            {
                writer.Histogram("ai_request_duration_seconds", DurationBuckets, durations.Counts, durations.Sum, ("model", model), ("endpoint", endpoint));
            }
            writer.Family("ai_tokens_total", "counter", "Tokens by model; token_type is prompt or completion.");
            foreach (var ((model, type), count) in _tokens)
            {
                writer.Sample("ai_tokens_total", count, ("model", model), ("token_type", type));
            }
            writer.Family("ai_cost_usd_total", "counter", "Cost in USD of the calls whose price is known.");
            foreach (var ((model, endpoint), usd) in _costs)
            {
                writer.Sample("ai_cost_usd_total", (double)usd, ("model", model), ("endpoint", endpoint));
            }
        }
        writer.Family("ai_requests_in_progress", "gauge", "Calls in flight.");
        writer.Sample("ai_requests_in_progress", inFlight.Count);
    }

    private static void Add<TKey>(Dictionary<TKey, long> counts, TKey key, long amount) where TKey : notnull =>
        counts[key] = counts.GetValueOrDefault(key) + amount;

    private sealed class Histogram
    {
        /// <summary>Per bucket, not cumulative; the last is above every bound.</summary>
        public long[] Counts { get; } = new long[DurationBuckets.Length + 1];

        public double Sum { get; private set; }

        public void Record(double seconds)
        {
            var bucket = Array.FindIndex(DurationBuckets, bound => seconds <= bound);
            Counts[bucket < 0 ? ^1 : bucket]++;
            Sum += seconds;
        }
    }
}
