using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Finds what is known of a step that arrives in pieces, stored or not yet.</summary>
internal static class PriorVersions
{
    /// <summary>The version that is journalled and not yet stored, or null.</summary>
    public static TelemetryRecord? Pending(ITelemetryIntake intake, ProjectId project, Guid id) =>
        intake.FindPending(id) is { Observation: { } pending } record && pending.Project == project ? record : null;

    /// <summary>The latest version, stored or not yet, or null. The store is asked only when nothing is pending.</summary>
    public static async ValueTask<TelemetryRecord?> FindAsync(ITelemetryIntake intake, TelemetryReader reader, ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        if (Pending(intake, project, id) is { } record)
        {
            return record;
        }
        return await reader.ReadAsync(project, id, cancellationToken) is { } stored
            ? TelemetryRecord.Of(stored.Observation, stored.Payload, mayReplace: true)
            : null;
    }
}
