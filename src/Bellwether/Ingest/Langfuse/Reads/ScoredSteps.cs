using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Some steps by everything by which scores may name them.</summary>
internal sealed class ScoredSteps
{
    private readonly Dictionary<Guid, Observation> _byTarget = [];

    public ScoredSteps(IReadOnlyList<Observation> steps)
    {
        Steps = steps;
        foreach (var step in steps)
        {
            foreach (var target in ObservationIds.Targets(step))
            {
                _byTarget.TryAdd(target, step);
            }
        }
    }

    public IReadOnlyList<Observation> Steps { get; }

    /// <summary>The step that a score is of; null when it is of a whole trace or session, or of none of these.</summary>
    public Observation? Of(Annotation said) => said.ObservationId == Guid.Empty ? null : _byTarget.GetValueOrDefault(said.ObservationId);

    /// <summary>Whether a score is of a trace or of one of its steps.</summary>
    public bool IsOf(Annotation said, Observation root) =>
        (said.TraceId.Length > 0 && said.TraceId == root.TraceId) || (Of(said) is { } step && (root.TraceId.Length > 0 ? step.TraceId == root.TraceId : step.Id == root.Id));
}
