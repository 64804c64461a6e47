using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Bellwether.Feedback;
using Bellwether.Quality;
using Bellwether.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Evaluators;

/// <summary>
/// Takes calls on their way into the store and lets the evaluators that want them judge them, beside the pipeline. What waits is bounded
/// in number and bytes; what does not fit is counted with its evaluator. Waiting calls are lost when the process dies.
/// </summary>
internal sealed class EvaluatorService : BackgroundService, IBatchOutlet
{
    private const int MostWaiting = 2_000;
    private const long MostWaitingBytes = 64L << 20;
    private const int MostRemembered = 20_000;

    private readonly Channel<Work> _local = Queue();
    private readonly Channel<Work> _judges = Queue();
    private readonly Queue<(Guid, Guid)> _order = new();
    private readonly HashSet<(Guid Evaluator, Guid Call)> _taken = [];
    private readonly EvaluatorStore _store;
    private readonly JudgeRunner _judge;
    private readonly ITelemetryIntake _intake;
    private readonly EvaluatorsOptions _options;
    private readonly ILogger _logger;
    private long _waitingBytes;
    private long _waiting;

    public EvaluatorService(EvaluatorStore store, JudgeRunner judge, ITelemetryIntake intake, IOptions<EvaluatorsOptions> options, IMeterFactory meters, ILogger<EvaluatorService> logger)
    {
        (_store, _judge, _intake, _options, _logger) = (store, judge, intake, options.Value, logger);
        var meter = meters.Create(MeterReadings.MeterName);
        meter.CreateObservableGauge("evaluators.waiting", () => Interlocked.Read(ref _waiting), description: "Judgements that wait.");
        meter.CreateObservableCounter("evaluators.judged", () => Measured(counts => counts.Judged), description: "Verdicts that were given.");
        meter.CreateObservableCounter("evaluators.failed", () => Measured(counts => counts.Failed), description: "Judgements that no verdict came of.");
        meter.CreateObservableCounter("evaluators.over_budget", () => Measured(counts => counts.OverBudget), description: "Judgements left out because the day's budget was used up.");
        meter.CreateObservableCounter("evaluators.dropped", () => Measured(counts => counts.Dropped), description: "Judgements left out because too many waited.");
    }

    public void Take(ImmutableArray<SequencedRecord> batch)
    {
        var evaluators = _store.Current;
        if (evaluators.IsEmpty) { return; }
        foreach (var (_, record) in batch)
        {
            if (record.Observation is not { Kind: ObservationKind.Llm, State: ObservationState.Ok } call || record.Payload.Output.IsEmpty) { continue; }
            foreach (var evaluator in evaluators)
            {
                if (evaluator.Wants(call) && Remember(evaluator.Evaluator.Id, call.Id)) { Offer(evaluator, record); }
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, _options.ConcurrentJudges).Select(_ => WorkAsync(_judges.Reader, stoppingToken)).Append(WorkAsync(_local.Reader, stoppingToken)));

    private void Offer(PreparedEvaluator evaluator, TelemetryRecord record)
    {
        var bytes = (long)record.Payload.Input.Length + record.Payload.Output.Length;
        var queue = evaluator.Evaluator.Kind == EvaluatorKind.Judge ? _judges : _local;
        if (Interlocked.Read(ref _waitingBytes) + bytes > MostWaitingBytes
            || !queue.Writer.TryWrite(new Work(evaluator, record.With(record.Observation!, record.Payload.Detached()), bytes)))
        {
            evaluator.CountDropped();
            return;
        }
        Interlocked.Add(ref _waitingBytes, bytes);
        Interlocked.Increment(ref _waiting);
    }

    // A receiver may store a call again and again as it grows; it is judged once, in the process's memory at least. The pipeline's thread only.
    private bool Remember(Guid evaluator, Guid call)
    {
        if (!_taken.Add((evaluator, call))) { return false; }
        _order.Enqueue((evaluator, call));
        if (_order.Count > MostRemembered) { _taken.Remove(_order.Dequeue()); }
        return true;
    }

    private async Task WorkAsync(ChannelReader<Work> queue, CancellationToken stoppingToken)
    {
        await Task.Yield();
        await foreach (var work in queue.ReadAllAsync(stoppingToken))
        {
            Interlocked.Add(ref _waitingBytes, -work.Bytes);
            Interlocked.Decrement(ref _waiting);
            try
            {
                await JudgeAsync(work.Evaluator, work.Record, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // One call's fault must not end the judging of all others.
                work.Evaluator.CountFailed();
                Log.EvaluatorFailed(_logger, error, work.Evaluator.Evaluator.Id);
            }
        }
    }

    private async Task JudgeAsync(PreparedEvaluator evaluator, TelemetryRecord record, CancellationToken cancellationToken)
    {
        var observation = record.Observation!;
        if (CallUnderTest.Of(observation, record.Payload, _options.JudgedCharacters, out _) is not { } call) { return; }
        Verdict verdict;
        if (evaluator.Evaluator.Kind == EvaluatorKind.Judge)
        {
            var (outcome, said) = await _judge.RunAsync(evaluator.Evaluator, observation, call, cancellationToken);
            if (outcome == JudgeOutcome.OverBudget)
            {
                evaluator.CountOverBudget();
                return;
            }
            if (outcome == JudgeOutcome.Failed)
            {
                evaluator.CountFailed();
                return;
            }
            verdict = said;
        }
        else if (evaluator.Judge(call) is { } said)
        {
            verdict = said;
        }
        else
        {
            return;
        }
        var stored = await _intake.AppendAsync(new[] { TelemetryRecord.Of(Say(evaluator.Evaluator, observation, verdict)) }, cancellationToken);
        if (stored.Accepted) { evaluator.CountJudged(); }
        else { evaluator.CountFailed(); }
    }

    // It has the time of its call, so that what is said in a period is said of the period's calls.
    internal static Annotation Say(Evaluator evaluator, Observation observation, Verdict verdict) => new()
    {
        // Whatever start this version of the observation has: what is said of the next one replaces it.
        Id = ObservationIds.Of("evaluator", DateTimeOffset.UnixEpoch, observation.Project.Value, observation.Id.ToString(), evaluator.Id.ToString()),
        Project = observation.Project, Time = observation.StartTime, ObservationId = observation.Id, TraceId = observation.TraceId,
        Name = evaluator.Name, Source = FeedbackSources.Evaluator, Author = Annotation.Own, Number = Math.Round(verdict.Score, 4), Category = verdict.Passed ? "pass" : "fail", Text = verdict.Reason,
    };

    private IEnumerable<Measurement<long>> Measured(Func<EvaluatorCounts, long> value) =>
        _store.Current.Select(evaluator => new Measurement<long>(value(evaluator.Counts), new KeyValuePair<string, object?>("evaluator", evaluator.Evaluator.Name), new KeyValuePair<string, object?>("project", evaluator.Evaluator.Project.Value)));

    // Full: TryWrite says no, and the caller counts it.
    private static Channel<Work> Queue() => Channel.CreateBounded<Work>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait });

    private readonly record struct Work(PreparedEvaluator Evaluator, TelemetryRecord Record, long Bytes);
}
