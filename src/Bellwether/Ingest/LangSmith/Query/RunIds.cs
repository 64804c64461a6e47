using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>LangSmith's ids are UUIDs; those of other dialects are made into some, always the same ones.</summary>
internal static class RunIds
{
    /// <summary>The id that a project of this name has unless it was made with another.</summary>
    public static Guid Project(ProjectId project, string name) => ObservationIds.Of("langsmith.project", DateTimeOffset.UnixEpoch, project.Value, name);

    /// <summary>LangSmith's tenant is our project.</summary>
    public static Guid Tenant(ProjectId project) => ObservationIds.Of("langsmith.tenant", DateTimeOffset.UnixEpoch, project.Value);

    public static Guid Trace(Observation run) => Guid.TryParseExact(run.TraceId, "N", out var id) ? id : run.Id;

    /// <summary>Null for a root. A W3C span id stands in the last half, as LangSmith itself writes it.</summary>
    public static Guid? Parent(Observation run) =>
        run.ParentId.Length == 0 ? null
        : Guid.TryParse(run.ParentId, CultureInfo.InvariantCulture, out var id) ? id
        : run.ParentId.Length == 16 && Guid.TryParseExact("0000000000000000" + run.ParentId, "N", out var span) ? span
        : ObservationIds.Of("span", DateTimeOffset.UnixEpoch, run.ParentId);

    /// <summary>As the store keeps it.</summary>
    public static string StoredTrace(Guid trace) => trace.ToString("N");
}
