using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>A kind of step in the words, the colour and the shape of the pages.</summary>
internal static class StepKind
{
    public static string Name(ObservationKind kind) => kind switch
    {
        ObservationKind.Llm => "model call",
        ObservationKind.Embedding => "embedding",
        ObservationKind.Moderation => "moderation",
        ObservationKind.Tool => "tool",
        ObservationKind.Retrieval => "retrieval",
        ObservationKind.Chain => "chain",
        ObservationKind.Agent => "agent",
        _ => "other call",
    };

    /// <summary>What a step is called. A call of the gateway is named by its route, which says less than its model.</summary>
    public static string Label(Observation step) =>
        step.IsCall && step.Model.Length > 0 && (step.Name.Length == 0 || step.Name.Contains(" /", StringComparison.Ordinal)) ? step.Model
        : step.Name.Length > 0 ? step.Name : Name(step.Kind);

    public static string Icon(ObservationKind kind) => kind switch
    {
        ObservationKind.Llm => "message",
        ObservationKind.Embedding => "columns",
        ObservationKind.Moderation => "lock",
        ObservationKind.Tool => "tool",
        ObservationKind.Retrieval => "search",
        ObservationKind.Chain => "list",
        ObservationKind.Agent => "user",
        _ => "plug",
    };

    /// <summary>A series of the palette.</summary>
    public static string Tone(ObservationKind kind) => kind switch
    {
        ObservationKind.Llm => "1",
        ObservationKind.Embedding => "4",
        ObservationKind.Moderation => "7",
        ObservationKind.Tool => "3",
        ObservationKind.Retrieval => "2",
        ObservationKind.Agent => "5",
        _ => "8",
    };
}
