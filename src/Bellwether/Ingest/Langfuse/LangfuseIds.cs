using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// Langfuse's ids are any text, mostly a UUID, and its updates do not repeat the start of what they update: ids are made of the text alone.
/// </summary>
internal static class LangfuseIds
{
    private const int Longest = 128;

    /// <summary>A UUID without its hyphens is a W3C trace id, which other clients of the same application name too.</summary>
    public static string TraceId(string id)
    {
        if (Guid.TryParse(id, CultureInfo.InvariantCulture, out var uuid))
        {
            return uuid.ToString("N");
        }
        return id.Length <= Longest && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
            ? id
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16));
    }

    /// <summary>Of the step that stands for a trace: a trace and a step of it may have the same id.</summary>
    public static Guid Trace(ProjectId project, string traceId) => ObservationIds.Of("langfuse-trace", DateTimeOffset.UnixEpoch, project.Value, traceId);

    /// <summary>What the first steps of a trace name as their parent.</summary>
    public static string TraceSpan(string traceId) => "trace:" + traceId;

    public static Guid Step(ProjectId project, string id) => Any("langfuse", project, id);

    /// <summary>
    /// What a score of a step names as its observation. A UUID is the step's own id here; by any other text, which may be the id of a span that comes by
    /// OpenTelemetry, readers of the step look for it too.
    /// </summary>
    public static Guid Target(ProjectId project, string id) =>
        Guid.TryParse(id, CultureInfo.InvariantCulture, out var uuid) && uuid != Guid.Empty ? uuid : ObservationIds.OfSpan(project, StepName(id));

    /// <summary>Everything by which scores of a step may name it.</summary>
    public static IEnumerable<Guid> Targets(ProjectId project, string id) => new[] { Target(project, id), Step(project, id), ObservationIds.OfSpan(project, StepName(id)) }.Distinct();

    public static Guid Score(ProjectId project, string id) => Any("langfuse-score", project, id);

    /// <summary>What a step is called among the steps of its trace: a UUID in one spelling, another text as it is.</summary>
    public static string StepName(string id) => Guid.TryParse(id, CultureInfo.InvariantCulture, out var uuid) ? uuid.ToString() : JsonFields.Short(id, Longest);

    private static Guid Any(string scope, ProjectId project, string id) =>
        Guid.TryParse(id, CultureInfo.InvariantCulture, out var uuid) && uuid != Guid.Empty ? uuid : ObservationIds.Of(scope, DateTimeOffset.UnixEpoch, project.Value, id);
}
