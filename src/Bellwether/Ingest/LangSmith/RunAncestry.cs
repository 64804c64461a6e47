using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// Which trace a run belongs to that names its parent and neither a trace nor a <c>dotted_order</c>, as older and hand-written clients send
/// them: that of its ancestors, in the request first and then as far as they are known.
/// </summary>
/// <param name="runs">The request's.</param>
/// <param name="known">The version of a run that is known from before, or null.</param>
internal sealed class RunAncestry(IEnumerable<RunWrite> runs, Func<Guid, ValueTask<Observation?>> known)
{
    // A chain of parents may be a circle.
    private const int MostAncestors = 1_000;

    private readonly Dictionary<Guid, RunWrite> _runs = runs.ToDictionary(run => run.Id);

    /// <summary>Says the trace of such a run in its fields; of all others it says nothing.</summary>
    /// <param name="run">What the request says.</param>
    /// <param name="prior">The version that is known, or null.</param>
    public async ValueTask NameTraceAsync(RunWrite run, Observation? prior)
    {
        // A patch that came before its post made the run a trace of its own.
        if (Says(run) || JsonFields.Id(run.Fields["parent_run_id"]) is not { } parent || (prior is { TraceId.Length: > 0 } && prior.TraceId != run.Id.ToString("N")))
        {
            return;
        }
        run.Fields["trace_id"] = (await TraceAsync(parent)).ToString();
    }

    private async ValueTask<Guid> TraceAsync(Guid at)
    {
        for (var i = 0; i < MostAncestors && _runs.TryGetValue(at, out var ancestor); i++)
        {
            if (RunMapper.Trace(ancestor.Fields) is { } said)
            {
                return said;
            }
            if (JsonFields.Id(ancestor.Fields["parent_run_id"]) is not { } next)
            {
                break;
            }
            at = next;
        }
        // One of whom nothing is known yet is taken for the root.
        return await known(at) is { } stored && Guid.TryParse(stored.TraceId, System.Globalization.CultureInfo.InvariantCulture, out var trace) ? trace : at;
    }

    private static bool Says(RunWrite run) => RunMapper.Trace(run.Fields) is not null;
}
