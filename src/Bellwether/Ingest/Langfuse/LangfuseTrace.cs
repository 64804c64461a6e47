using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What a trace says of all its steps: Langfuse has user, session and tags on the trace only, and calls are counted by them here.</summary>
internal sealed record LangfuseFacts(string Name, string User, string Session, ImmutableArray<KeyValuePair<string, string>> Properties)
{
    public static readonly LangfuseFacts None = new("", "", "", []);

    // Of what a trace may have, what is useful to filter its calls by.
    private static readonly string[] s_inherited = ["tags", "release", "environment"];

    public static LangfuseFacts Of(Observation trace) => new(
        trace.Name, trace.User, trace.Session, [.. trace.Properties.Where(property => s_inherited.Contains(property.Key))]);

    public bool Says(LangfuseFacts other) => Name == other.Name && User == other.User && Session == other.Session && Properties.SequenceEqual(other.Properties);

    /// <summary>A step that came before its trace, with what the trace says.</summary>
    public Observation Apply(Observation step, string traceId) => step with
    {
        ParentId = step.ParentId.Length > 0 ? step.ParentId : LangfuseIds.TraceSpan(traceId),
        Endpoint = Name.Length > 0 ? Name : step.Endpoint,
        User = User.Length > 0 ? User : step.User,
        Session = Session.Length > 0 ? Session : step.Session,
        // Later tags take the place of earlier ones; what the step said itself it said under other names, or of itself.
        Properties = LangfuseAttributes.Join([.. step.Properties.Where(property => property.Key != "tags")], Properties),
    };
}

/// <summary>A trace as the step that all its steps belong to.</summary>
internal static class LangfuseTrace
{
    private const int LongestName = 256;
    // The end of the last step that ended: Langfuse's traces have none of their own.
    private static readonly string s_end = "bellwether.end";

    /// <param name="traceId">The trace.</param>
    /// <param name="trace">What is known of it, with what a request says.</param>
    /// <param name="isNewer">Whether the request is newer than what was known.</param>
    /// <param name="prior">The version that is known.</param>
    /// <param name="at">When the request's event was made; null when it has none of the trace itself.</param>
    /// <param name="end">When the last of its recent steps ended.</param>
    /// <param name="sender">Its sender.</param>
    /// <param name="corrected">True when its start was not believed.</param>
    public static TelemetryRecord Map(
        string traceId, JsonObject trace, bool isNewer, TelemetryRecord? prior, DateTimeOffset? at, DateTimeOffset? end, OtlpSender sender, out bool corrected)
    {
        var before = prior?.Observation;
        var start = LangfuseClock.Start(trace["timestamp"], before, at, sender, out corrected);
        var last = JsonFields.Time(trace[s_end]) is { } known && (end is null || known > end) ? known : end;
        if (last is { } ended)
        {
            trace[s_end] = ended.ToString("O", CultureInfo.InvariantCulture);
        }
        var texts = LangfuseTexts.Of(trace, isModel: false, "", prior, isNewer);
        var total = last is { } until ? Math.Max(0, (until - start).TotalMilliseconds) : 0;
        var observation = new Observation
        {
            Id = LangfuseIds.Trace(sender.Key.Project, traceId),
            Project = sender.Key.Project,
            KeyId = sender.Key.Id,
            StartTime = start,
            Kind = ObservationKind.Chain,
            State = ObservationState.Ok,
            TraceId = traceId,
            SpanId = LangfuseIds.TraceSpan(traceId),
            Name = Field(before?.Name, trace["name"]),
            Surface = sender.Surface,
            Endpoint = Field(before?.Name, trace["name"]),
            User = Field(before?.User, trace["userId"]),
            Session = Field(before?.Session, trace["sessionId"]),
            Timings = new Timings { TotalMs = total, UpstreamMs = total },
            RequestBytes = texts.Payload.Input.Length,
            ResponseBytes = texts.Payload.Output.Length,
            // By which lists of steps leave it out.
            Properties = [new(LangfuseView.TypeProperty, LangfuseView.TraceType), .. LangfuseAttributes.Properties(trace).Where(property => property.Key != LangfuseView.TypeProperty)],
        };
        return TelemetryRecord.Of(observation, texts.Payload with { Attributes = LangfuseAttributes.Write(trace) }, mayReplace: true);
    }

    private static string Field(string? before, JsonNode? said) => JsonFields.Text(said) is { Length: > 0 } text ? JsonFields.Short(text, LongestName) : before ?? "";
}
