using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Adds runs up to the numbers of <c>POST /runs/stats</c>.</summary>
internal sealed class RunStats
{
    private readonly List<double> _latencies = [];
    private readonly List<double> _firstTokens = [];
    private readonly List<Annotation> _feedback = [];
    private long _runs;
    private long _errors;
    private long _input;
    private long _output;
    private decimal _inputUsd;
    private decimal _outputUsd;
    private bool _priced;
    private DateTimeOffset? _last;

    public void Add(IReadOnlyList<Observation> runs, RunWords words)
    {
        foreach (var run in runs)
        {
            _runs++;
            _errors += run.IsError ? 1 : 0;
            _input += run.Usage.InputTokens ?? 0;
            _output += run.Usage.OutputTokens ?? 0;
            if (run.Cost is { } cost)
            {
                _priced = true;
                _inputUsd += cost.InputUsd;
                _outputUsd += cost.OutputUsd;
            }
            if (run.State != ObservationState.Running)
            {
                _latencies.Add(run.Timings.TotalMs / 1_000);
            }
            if (run.Timings.TtftMs is { } ttft)
            {
                _firstTokens.Add(ttft / 1_000);
            }
            _last = _last > run.StartTime ? _last : run.StartTime;
            _feedback.AddRange(words.Of(run));
        }
    }

    public JsonObject Write()
    {
        _latencies.Sort();
        _firstTokens.Sort();
        return new JsonObject
        {
            ["run_count"] = _runs,
            ["error_rate"] = _runs > 0 ? (double)_errors / _runs : null,
            ["latency_p50"] = Quantile(_latencies, 0.5),
            ["latency_p99"] = Quantile(_latencies, 0.99),
            ["first_token_p50"] = Quantile(_firstTokens, 0.5),
            ["first_token_p99"] = Quantile(_firstTokens, 0.99),
            ["prompt_tokens"] = _input,
            ["completion_tokens"] = _output,
            ["total_tokens"] = _input + _output,
            ["prompt_cost"] = _priced ? _inputUsd : null,
            ["completion_cost"] = _priced ? _outputUsd : null,
            ["total_cost"] = _priced ? _inputUsd + _outputUsd : null,
            ["last_run_start_time"] = RunJson.Time(_last),
            ["feedback_stats"] = RunJson.FeedbackJson(_feedback),
            ["run_facets"] = new JsonArray(),
        };
    }

    // The nearest rank, in seconds.
    private static double? Quantile(List<double> sorted, double share) => sorted.Count == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
