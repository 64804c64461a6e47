using System.Collections.Immutable;
using Bellwether.Providers;
using Bellwether.Telemetry;

namespace Bellwether.Demo;

/// <summary>The steps around the calls of the demo, as LangChain would report them: an agent with a tool, and a chain that retrieves documents.</summary>
internal static class DemoTrace
{
    public static readonly string Agent = "TripPlannerAgent";
    public static readonly string Chain = "ProductSearchChain";

    /// <summary>The span that the calls of a run name as their parent.</summary>
    public static TelemetryRecord Root(DemoCall call, DateTimeOffset time, string trace, string span, ImmutableArray<TelemetryRecord> below, ref SimulatedDice dice)
    {
        var end = below.Max(record => record.Observation!.StartTime.AddMilliseconds(record.Observation.Timings.TotalMs));
        var last = below[^1].Observation!;
        var step = Step(call, time, trace, "", span, call.HasTools ? ObservationKind.Agent : ObservationKind.Chain, call.HasTools ? Agent : Chain, (end - time).TotalMilliseconds + 4, ref dice) with
        {
            // What fails inside fails the run.
            State = last.State == ObservationState.Refused ? ObservationState.ProviderError : last.State,
            ErrorType = last.ErrorType,
            ErrorCode = last.ErrorCode,
            ErrorMessage = last.ErrorMessage,
        };
        return TelemetryRecord.Of(step, new ObservationPayload
        {
            Input = SimulatedJson.Body(json => json.WriteString("input", Asked(call))),
            Output = SimulatedJson.Body(json =>
            {
                if (last.State == ObservationState.Ok) { json.WriteString("output", call.Answer); }
            }),
            Attributes = """{"ls_integration":"langchain","runtime":{"sdk":"langsmith-py","library":"langchain"}}"""u8.ToArray(),
        });
    }

    public static TelemetryRecord Retrieval(DemoCall call, DateTimeOffset time, string trace, string parent, ref SimulatedDice dice)
    {
        var took = 60 + dice.Next(240);
        var step = Step(call, time, trace, parent, DemoHistory.Hex(ref dice), ObservationKind.Retrieval, "VectorStoreRetriever", took, ref dice);
        var excerpts = call.Question.Split('\n').Where(line => line.StartsWith('[')).ToArray();
        var score = 0.93 - (dice.Unit() * 0.1);
        var fall = 0.02 + (dice.Unit() * 0.06);
        return TelemetryRecord.Of(step, new ObservationPayload
        {
            Input = SimulatedJson.Body(json => json.WriteString("query", Asked(call))),
            Output = SimulatedJson.Body(json =>
            {
                json.WriteStartArray("documents");
                for (var i = 0; i < excerpts.Length; i++)
                {
                    json.WriteStartObject();
                    json.WriteString("id", $"catalogue-{i + 1}");
                    json.WriteString("page_content", excerpts[i][(excerpts[i].IndexOf(']', StringComparison.Ordinal) + 2)..]);
                    json.WriteNumber("score", Math.Round(score - (i * fall), 3));
                    json.WriteStartObject("metadata");
                    json.WriteString("source", "catalogue.md");
                    json.WriteEndObject();
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }),
        });
    }

    public static TelemetryRecord Below(TelemetryRecord record, string parent) =>
        record.With(record.Observation! with { ParentId = parent }, record.Payload);

    // A question of the search comes with its excerpts; the person wrote only the last line.
    private static string Asked(DemoCall call) =>
        call.Question.LastIndexOf("Question: ", StringComparison.Ordinal) is >= 0 and var at ? call.Question[(at + "Question: ".Length)..] : call.Question;

    private static Observation Step(DemoCall call, DateTimeOffset time, string trace, string parent, string span, ObservationKind kind, string name, double took, ref SimulatedDice dice) => new()
    {
        Id = DemoHistory.Id(time, ref dice),
        Project = DemoFeature.Project,
        StartTime = time,
        Kind = kind,
        State = ObservationState.Ok,
        TraceId = trace,
        SpanId = span,
        ParentId = parent,
        Name = name,
        Surface = "langsmith",
        Endpoint = call.Scenario.Endpoint,
        User = call.User,
        Session = call.Session,
        Timings = new Timings { TotalMs = took, UpstreamMs = took },
        Properties = call.Properties,
    };
}
