using Bellwether.Primitives;

namespace Bellwether.Ingest;

/// <summary>
/// The traces that were written lately and their steps, for what the store cannot answer yet: a step that is still in the journal is
/// in no trace there. Bounded: what was not touched for long is forgotten.
/// </summary>
internal sealed class RecentTraces
{
    private const int MostTraces = 20_000;
    private const int MostSteps = 1_000;

    private Dictionary<(ProjectId, string), RecentTrace> _young = [];
    private Dictionary<(ProjectId, string), RecentTrace> _old = [];

    /// <summary>Not for two at a time.</summary>
    public RecentTrace Get(ProjectId project, string traceId)
    {
        if (_young.TryGetValue((project, traceId), out var trace))
        {
            return trace;
        }
        if (_young.Count >= MostTraces)
        {
            (_old, _young) = (_young, []);
        }
        trace = _old.GetValueOrDefault((project, traceId)) ?? new RecentTrace();
        _young.Add((project, traceId), trace);
        return trace;
    }

    internal sealed class RecentTrace
    {
        private readonly HashSet<Guid> _steps = [];

        /// <summary>Whether the step that stands for the trace is there; null when nobody looked.</summary>
        public bool? IsThere { get; set; }

        /// <summary>When the last of its steps ended, of those that said so.</summary>
        public DateTimeOffset? End { get; set; }

        public IReadOnlyCollection<Guid> Steps => _steps;

        public void Add(Guid step)
        {
            if (_steps.Count < MostSteps)
            {
                _steps.Add(step);
            }
        }
    }
}
