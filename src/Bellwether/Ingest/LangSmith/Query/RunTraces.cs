using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Asks filters of the traces that runs belong to; every trace is read and asked once in a request.</summary>
internal sealed class RunTraces(TelemetryReader reader, ProjectId project)
{
    /// <summary>Longer than any chain runs, short enough that not every day is searched.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private const int MostTraces = 2_000;
    private const int MostStepsInAll = 200_000;

    private readonly Dictionary<string, (IReadOnlyList<Observation> Steps, RunWords Words)> _read = [];
    private readonly Dictionary<(RunFilter Filter, string Trace), bool> _asked = [];
    private int _steps;

    public Task<bool> RootHoldsAsync(Observation run, RunFilter filter, CancellationToken cancellationToken) =>
        // A root is asked itself: its trace need not be read.
        run.ParentId.Length == 0 && !RunPredicate.NeedsFeedback(filter) ? Task.FromResult(RunPredicate.Holds(filter, new RunRow(run, [])))
        : AskAsync(run, filter, step => step.ParentId.Length == 0, cancellationToken);

    public Task<bool> AnyHoldsAsync(Observation run, RunFilter filter, CancellationToken cancellationToken) =>
        !RunPredicate.NeedsFeedback(filter) && RunPredicate.Holds(filter, new RunRow(run, [])) ? Task.FromResult(true) : AskAsync(run, filter, _ => true, cancellationToken);

    private async Task<bool> AskAsync(Observation run, RunFilter filter, Func<Observation, bool> among, CancellationToken cancellationToken)
    {
        var key = (filter, run.TraceId.Length > 0 ? run.TraceId : run.Id.ToString());
        if (_asked.TryGetValue(key, out var known))
        {
            return known;
        }
        var (steps, words) = await ReadAsync(run, RunPredicate.NeedsFeedback(filter), cancellationToken);
        return _asked[key] = steps.Any(step => among(step) && RunPredicate.Holds(filter, new RunRow(step, words.Of(step))));
    }

    private async Task<(IReadOnlyList<Observation> Steps, RunWords Words)> ReadAsync(Observation run, bool feedback, CancellationToken cancellationToken)
    {
        IReadOnlyList<Observation> steps = [run];
        if (run.TraceId.Length > 0)
        {
            if (_read.TryGetValue(run.TraceId, out var read) && (!feedback || read.Words != RunWords.None))
            {
                return read;
            }
            if (_read.Count >= MostTraces || _steps >= MostStepsInAll)
            {
                throw LangSmithRefusal.Invalid("trace_filter", $"or tree_filter would read more than {MostTraces} traces or {MostStepsInAll} steps; narrow filter or start_time");
            }
            var trace = await reader.ReadTraceAsync(new TraceRequest(project, run.TraceId, new TimeRange(run.StartTime - Longest, run.StartTime + Longest), TraceRequest.MostSteps), cancellationToken);
            steps = !trace.IsCut ? trace.Items : throw LangSmithRefusal.Invalid("trace_filter", $"or tree_filter meets a trace of more than {TraceRequest.MostSteps} steps");
        }
        _steps += steps.Count;
        var words = feedback ? await RunWords.OfAsync(reader, project, steps, cancellationToken) : RunWords.None;
        return _read[run.TraceId.Length > 0 ? run.TraceId : run.Id.ToString()] = (steps, words);
    }
}
