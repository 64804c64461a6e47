using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>
/// What the journal holds and the store takes: an observation with its texts, or an annotation. Exactly one of
/// <see cref="Observation"/> and <see cref="Annotation"/> is set.
/// </summary>
public sealed record TelemetryRecord
{
    private TelemetryRecord() { }

    public Observation? Observation { get; private init; }
    public ObservationPayload Payload { get; private init; } = ObservationPayload.Empty;
    public Annotation? Annotation { get; private init; }

    /// <summary>
    /// What enrichers say of the observation, stored in the same transaction. Not in the journal: a replay runs them again, and
    /// ids made of the observation's own keep each once.
    /// </summary>
    public ImmutableArray<Annotation> Findings { get; init; } = [];

    /// <summary>
    /// True when an observation with the same id may have been stored before (ingest, replays of a client). False lets the
    /// store skip the look-up; the journal position alone then makes a replay a no-op.
    /// </summary>
    public bool MayReplace { get; private init; }

    public static TelemetryRecord Of(Observation observation, ObservationPayload payload, bool mayReplace = false) =>
        new() { Observation = observation, Payload = payload, MayReplace = mayReplace };

    public static TelemetryRecord Of(Annotation annotation) => new() { Annotation = annotation, MayReplace = true };

    public TelemetryRecord With(Observation observation, ObservationPayload payload) =>
        this with { Observation = observation, Payload = payload };
}
