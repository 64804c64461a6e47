using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Finds what is known of a step that arrives in pieces, stored or not yet.</summary>
internal static class PriorVersions
{
    public static async ValueTask<TelemetryRecord?> FindAsync(ITelemetryIntake intake, TelemetryReader reader, ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        if (intake.FindPending(id) is { Observation: { } pending } record && pending.Project == project)
        {
            return record;
        }
        return await reader.ReadAsync(project, id, cancellationToken) is { } stored
            ? TelemetryRecord.Of(stored.Observation, stored.Payload, mayReplace: true)
            : null;
    }
}
