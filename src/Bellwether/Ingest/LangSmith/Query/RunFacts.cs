using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What LangSmith calls the fields of an observation, whatever dialect it came in.</summary>
internal static class RunFacts
{
    /// <summary>Prefix of the properties that are tags.</summary>
    public static readonly string TagPrefix = "tag.";
    public static readonly string ExampleProperty = "reference_example_id";
    /// <summary>Set where LangSmith's type is not seen from the kind of step: <c>prompt</c>, <c>parser</c>.</summary>
    public static readonly string TypeProperty = "langsmith.run_type";
    public static readonly string ProjectProperty = "langsmith.project";

    public static string Type(Observation run) => Property(run, TypeProperty) is { Length: > 0 } said ? said : run.Kind switch
    {
        ObservationKind.Llm => "llm",
        ObservationKind.Embedding => "embedding",
        ObservationKind.Tool => "tool",
        ObservationKind.Retrieval => "retriever",
        ObservationKind.Moderation or ObservationKind.Chain or ObservationKind.Agent or ObservationKind.Other => "chain",
        _ => throw new ArgumentOutOfRangeException(nameof(run), run.Kind, null),
    };

    public static IReadOnlyList<ObservationKind> KindsOf(string type) => type switch
    {
        "llm" => [ObservationKind.Llm],
        "embedding" => [ObservationKind.Embedding],
        "tool" => [ObservationKind.Tool],
        "retriever" => [ObservationKind.Retrieval],
        _ => [ObservationKind.Moderation, ObservationKind.Chain, ObservationKind.Agent, ObservationKind.Other],
    };

    public static string Status(Observation run) => run.State == ObservationState.Running ? "pending" : run.IsError ? "error" : "success";

    public static IEnumerable<ObservationState> StatesOf(string status) => Enum.GetValues<ObservationState>().Where(state => status switch
    {
        "pending" => state == ObservationState.Running,
        "success" => state is ObservationState.Ok or ObservationState.ClientDisconnect,
        "error" => state is not (ObservationState.Running or ObservationState.Ok or ObservationState.ClientDisconnect),
        _ => false,
    });

    public static DateTimeOffset? End(Observation run) =>
        run.State == ObservationState.Running ? null : run.StartTime.AddMilliseconds(Math.Min(run.Timings.TotalMs, TimeSpan.FromDays(365).TotalMilliseconds));

    public static string Property(Observation run, string name)
    {
        foreach (var (key, value) in run.Properties)
        {
            if (key == name)
            {
                return value;
            }
        }
        return "";
    }

    public static IEnumerable<string> Tags(Observation run) =>
        run.Properties.Where(property => property.Key.StartsWith(TagPrefix, StringComparison.Ordinal)).Select(property => property.Key[TagPrefix.Length..]);

    /// <summary>Keys and values that the sender chose.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Metadata(Observation run) => run.Properties.Where(property =>
        !property.Key.StartsWith(TagPrefix, StringComparison.Ordinal) && property.Key != ProjectProperty && property.Key != TypeProperty && property.Key != ExampleProperty);
}
