using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>An observation as Phoenix shows a span, with what OpenInference calls its parts.</summary>
internal static class PhoenixSpanJson
{
    public static JsonObject Write(Observation step, ObservationPayload payload)
    {
        var attributes = Unmapped(payload);
        attributes["openinference.span.kind"] = Kind(step.Kind);
        Text("llm.model_name", step.Model);
        Text("llm.provider", step.Provider);
        Text("session.id", step.Session);
        Text("user.id", step.User);
        Value("input", payload.Input);
        Value("output", payload.Output);
        if (step.Usage.IsKnown)
        {
            attributes["llm.token_count.prompt"] = step.Usage.InputTokens;
            attributes["llm.token_count.completion"] = step.Usage.OutputTokens;
            attributes["llm.token_count.total"] = step.Usage.TotalTokens;
        }
        if (step.Cost is { } cost)
        {
            attributes["llm.cost.total"] = cost.TotalUsd;
        }
        if (step.Properties.Length > 0)
        {
            attributes["metadata"] = new JsonObject([.. step.Properties.DistinctBy(property => property.Key).Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value))]);
        }
        return new JsonObject
        {
            ["id"] = PhoenixIds.Of("Span", step.Id),
            ["name"] = step.Name,
            ["context"] = new JsonObject { ["trace_id"] = step.TraceId, ["span_id"] = SpanId(step) },
            ["span_kind"] = Kind(step.Kind),
            ["parent_id"] = step.ParentId.Length > 0 ? step.ParentId : null,
            ["start_time"] = Time(step.StartTime),
            ["end_time"] = Time(step.StartTime + TimeSpan.FromMilliseconds(step.Timings.TotalMs)),
            ["status_code"] = step.IsError ? "ERROR" : step.State == ObservationState.Ok ? "OK" : "UNSET",
            ["status_message"] = step.ErrorMessage,
            ["attributes"] = attributes,
            ["events"] = new JsonArray(),
        };

        void Text(string name, string value)
        {
            if (value.Length > 0)
            {
                attributes[name] = value;
            }
        }

        void Value(string name, ReadOnlyMemory<byte> text)
        {
            if (!text.IsEmpty)
            {
                attributes[name + ".value"] = Encoding.UTF8.GetString(text.Span);
                attributes[name + ".mime_type"] = text.Span[0] is (byte)'{' or (byte)'[' ? "application/json" : "text/plain";
            }
        }
    }

    /// <summary>Calls of the gateway have no span id: the second half of their own stands for it.</summary>
    public static string SpanId(Observation step) => step.SpanId.Length > 0 ? step.SpanId : step.Id.ToString("n")[16..];

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);

    /// <summary>The kinds that are kept apart, by OpenInference's names.</summary>
    public static ObservationKind? Kind(string name) => name.ToUpperInvariant() switch
    {
        "LLM" => ObservationKind.Llm,
        "EMBEDDING" => ObservationKind.Embedding,
        "TOOL" => ObservationKind.Tool,
        "RETRIEVER" or "RERANKER" => ObservationKind.Retrieval,
        "AGENT" => ObservationKind.Agent,
        "CHAIN" or "EVALUATOR" or "GUARDRAIL" or "PROMPT" or "UNKNOWN" => ObservationKind.Chain,
        _ => null,
    };

    private static string Kind(ObservationKind kind) => kind switch
    {
        ObservationKind.Llm => "LLM",
        ObservationKind.Embedding => "EMBEDDING",
        ObservationKind.Tool => "TOOL",
        ObservationKind.Retrieval => "RETRIEVER",
        ObservationKind.Agent => "AGENT",
        ObservationKind.Moderation => "GUARDRAIL",
        _ => "CHAIN",
    };

    // What no field of ours has room for; the sender's resource and our own notes are no attributes of the span.
    private static JsonObject Unmapped(ObservationPayload payload)
    {
        if (payload.Attributes.IsEmpty || !LooseJson.TryParse(payload.Attributes.Span, out var node) || node is not JsonObject all)
        {
            return [];
        }
        foreach (var name in all.Select(member => member.Key).Where(name => name.StartsWith("resource.", StringComparison.Ordinal) || name.StartsWith("bellwether.", StringComparison.Ordinal)).ToArray())
        {
            all.Remove(name);
        }
        return all;
    }
}
