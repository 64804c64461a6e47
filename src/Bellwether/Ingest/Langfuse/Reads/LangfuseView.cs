using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What Langfuse calls the parts of an observation, whatever dialect it came in.</summary>
internal static class LangfuseView
{
    public static readonly string TypeProperty = "langfuse.type";
    /// <summary>Of the row that stands for a trace, which is no observation for Langfuse.</summary>
    public static readonly string TraceType = "trace";
    public static readonly string UsualEnvironment = "default";

    // What has a place of its own beside the metadata.
    private static readonly string[] s_reserved = ["tags", "release", "version", "environment", "level", TypeProperty];

    /// <summary>What a dialect said of it beside its texts.</summary>
    public static JsonObject Said(ObservationPayload? payload) =>
        payload is { Attributes.IsEmpty: false } && LooseJson.TryParse(payload.Attributes.Span, out var node) && node is JsonObject said ? said : [];

    public static bool IsTrace(Observation step) => RunFacts.Property(step, TypeProperty) == TraceType;

    public static string Type(Observation step) => RunFacts.Property(step, TypeProperty) is { Length: > 0 } said ? said.ToUpperInvariant() : step.Kind switch
    {
        ObservationKind.Llm => "GENERATION",
        ObservationKind.Embedding => "EMBEDDING",
        ObservationKind.Tool => "TOOL",
        ObservationKind.Retrieval => "RETRIEVER",
        ObservationKind.Agent => "AGENT",
        ObservationKind.Chain or ObservationKind.Moderation or ObservationKind.Other => "SPAN",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Kind, null),
    };

    /// <summary>Conditions for a type, the same that <see cref="Type"/> reads; null when there is no such type.</summary>
    public static ImmutableArray<Filter>? OfType(string type) => type switch
    {
        "GENERATION" => [Filter.Eq("kind", "llm")],
        "EMBEDDING" => [Filter.Eq("kind", "embedding")],
        "TOOL" => [Filter.Eq("kind", "tool")],
        "RETRIEVER" => [Filter.Eq("kind", "retrieval")],
        "AGENT" => [Filter.Eq("kind", "agent")],
        "SPAN" => [new Filter("kind", FilterOp.In, ["chain", "moderation", "other"]), new Filter(FilterField.PropertyPrefix + TypeProperty, FilterOp.Missing, [])],
        "EVENT" or "CHAIN" or "EVALUATOR" or "GUARDRAIL" => [Filter.Eq("kind", "chain"), Filter.Eq(FilterField.PropertyPrefix + TypeProperty, type.ToLowerInvariant())],
        _ => null,
    };

    /// <summary>Calls of the gateway have no span id: their own stands for it.</summary>
    public static string Id(Observation step) => step.SpanId.Length > 0 ? step.SpanId : step.Id.ToString();

    /// <summary>The trace's id in the spelling of its sender, where that is known.</summary>
    public static string TraceId(Observation step, JsonObject said) =>
        step.TraceId.Length == 0 ? step.Id.ToString("N")
        : JsonFields.Text(said[IsTrace(step) ? "id" : "traceId"]) is { Length: > 0 } own && LangfuseIds.TraceId(own) == step.TraceId ? own
        : step.TraceId;

    /// <summary>Null for the first steps of a trace.</summary>
    public static string? ParentId(Observation step) => step.ParentId.Length == 0 || step.ParentId == LangfuseIds.TraceSpan(step.TraceId) ? null : step.ParentId;

    public static string Level(Observation step) => step.IsError ? "ERROR" : RunFacts.Property(step, "level") is { Length: > 0 } level ? level : "DEFAULT";

    public static string Environment(Observation step) => RunFacts.Property(step, "environment") is { Length: > 0 } environment ? environment : UsualEnvironment;

    public static JsonArray Tags(Observation step) =>
        new([.. RunFacts.Property(step, "tags").Split(',', StringSplitOptions.RemoveEmptyEntries).Concat(RunFacts.Tags(step)).Distinct().Select(tag => (JsonNode)tag)]);

    public static JsonNode? Metadata(Observation step, JsonObject said)
    {
        if (said["metadata"] is { } own)
        {
            return own.DeepClone();
        }
        var found = RunFacts.Metadata(step).Where(property => !s_reserved.Contains(property.Key)).ToList();
        return found.Count == 0 ? null : new JsonObject([.. found.DistinctBy(property => property.Key).Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value))]);
    }

    public static string? Property(Observation step, string name) => Known(RunFacts.Property(step, name));

    public static string? Known(string text) => text.Length > 0 ? text : null;

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
