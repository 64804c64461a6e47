using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Langfuse's kinds of steps.</summary>
internal static class LangfuseKinds
{
    /// <summary>Member under which the kind that an update claims is kept.</summary>
    public static readonly string Hint = "bellwether.updated_as";

    private static readonly string[] s_known = ["SPAN", "GENERATION", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "EMBEDDING", "GUARDRAIL"];

    /// <summary><c>generation</c> of <c>generation-create</c>; empty for <c>observation</c>, whose body says it; null for what is none.</summary>
    public static string? OfEvent(string name) => name == "observation" ? "" : s_known.FirstOrDefault(kind => kind.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The kind's name in capitals.</summary>
    public static string Name(JsonObject step) => JsonFields.First(step["type"], step[Hint]) is { Length: > 0 } said ? said.ToUpperInvariant() : "SPAN";

    public static (ObservationKind Kind, string Operation) Of(string name) => name switch
    {
        "GENERATION" => (ObservationKind.Llm, "chat"),
        "EMBEDDING" => (ObservationKind.Embedding, "embeddings"),
        "TOOL" => (ObservationKind.Tool, "execute_tool"),
        "RETRIEVER" => (ObservationKind.Retrieval, "retrieval"),
        "AGENT" => (ObservationKind.Agent, "invoke_agent"),
        _ => (ObservationKind.Chain, ""),
    };
}
