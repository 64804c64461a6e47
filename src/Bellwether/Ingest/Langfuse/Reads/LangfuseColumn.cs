using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What a condition is asked of.</summary>
/// <param name="Step">An observation, or the root of a trace.</param>
/// <param name="Answer">As the API answers it.</param>
/// <param name="Steps">Of a trace: all of its steps, where a column needs them.</param>
/// <param name="Scores">Of a trace: its scores, where a column needs them.</param>
internal sealed record LangfuseSubject(Observation Step, JsonObject Answer, IReadOnlyList<Observation> Steps, IReadOnlyList<Annotation> Scores);

/// <summary>What must be read before a column can be.</summary>
[Flags]
internal enum LangfuseNeeds { Nothing = 0, Texts = 1, Steps = 2, Scores = 4 }

/// <summary>A column that filters name.</summary>
/// <param name="Name">As Langfuse names it.</param>
/// <param name="Types">Types of conditions that it can be asked with.</param>
/// <param name="Read">Its value, of the key where there are keys.</param>
internal sealed record LangfuseColumn(string Name, string[] Types, Func<LangfuseSubject, string, JsonNode?> Read)
{
    private static readonly string[] s_text = ["string", "stringOptions", "null"];
    private static readonly string[] s_number = ["number", "null"];
    private static readonly string[] s_time = ["datetime", "null"];
    private static readonly string[] s_flag = ["boolean"];
    private static readonly string[] s_list = ["arrayOptions", "null"];
    private static readonly string[] s_fields = ["stringObject", "numberObject", "categoryOptions"];
    private static readonly string[] s_severity = ["DEBUG", "DEFAULT", "WARNING", "ERROR"];

    /// <summary>Field of the store that has the same value; empty when there is none. <see cref="Start"/> is the time of the window.</summary>
    public string Field { get; init; } = "";

    /// <summary>How a value is written in the store, where that is not as it is answered.</summary>
    public Func<string, string>? Stored { get; init; }

    /// <summary>What stands for no value; empty for nothing.</summary>
    public string Usual { get; init; } = "";

    public LangfuseNeeds Needs { get; init; }

    public static readonly string Start = "start_time";

    public static readonly IReadOnlyDictionary<string, LangfuseColumn> OfObservations = Table(
        Text("id"), Text("type"), Text("level"), Text("parentObservationId"),
        Text("name") with { Field = "name" }, Text("userId") with { Field = "user" }, Text("sessionId") with { Field = "session" },
        Text("traceId") with { Field = "trace_id", Stored = LangfuseIds.TraceId }, Text("version") with { Field = Property("version") },
        Environment("environment"), Environment("traceEnvironment"),
        Text("statusMessage") with { Needs = LangfuseNeeds.Texts }, Text("traceName") with { Needs = LangfuseNeeds.Texts },
        Text("input") with { Needs = LangfuseNeeds.Texts }, Text("output") with { Needs = LangfuseNeeds.Texts },
        Text("model") with { Field = "model" }, Text("providedModelName", "model") with { Field = "model" }, Text("promptName") with { Field = "prompt_name" },
        Time("startTime") with { Field = Start }, Time("endTime"), Flag("isRootObservation"), List("traceTags"), List("tags"), Metadata(),
        Number("promptVersion", step => step.Answer["promptVersion"]), Number("latency", step => step.Answer["latency"]), Number("timeToFirstToken", step => step.Answer["timeToFirstToken"]),
        Number("tokensPerSecond", step => step.Step.Timings.TokensPerSecond),
        Number("inputTokens", step => step.Step.Usage.InputTokens), Number("outputTokens", step => step.Step.Usage.OutputTokens),
        Number("totalTokens", Total), Number("tokens", Total),
        Number("inputCost", step => step.Step.Cost?.InputUsd), Number("outputCost", step => step.Step.Cost?.OutputUsd), Number("totalCost", step => step.Step.Cost?.TotalUsd));

    public static readonly IReadOnlyDictionary<string, LangfuseColumn> OfTraces = Table(
        Text("id") with { Field = "trace_id", Stored = LangfuseIds.TraceId }, Text("name") with { Field = "name" },
        Text("userId") with { Field = "user" }, Text("sessionId") with { Field = "session" },
        Text("version") with { Field = Property("version") }, Text("release") with { Field = Property("release") }, Environment("environment"),
        Time("timestamp") with { Field = Start }, Flag("bookmarked"), Flag("public"), List("tags"), Metadata(),
        OfSteps("latency", trace => ((trace.Steps.Select(step => RunFacts.End(step) ?? step.StartTime).Append(trace.Step.StartTime)).Max() - trace.Step.StartTime).TotalSeconds),
        OfSteps("inputTokens", trace => Sum(trace, step => step.Usage.InputTokens)), OfSteps("outputTokens", trace => Sum(trace, step => step.Usage.OutputTokens)),
        OfSteps("totalTokens", Tokens), OfSteps("tokens", Tokens),
        OfSteps("inputCost", trace => Sum(trace, step => step.Cost?.InputUsd)), OfSteps("outputCost", trace => Sum(trace, step => step.Cost?.OutputUsd)), OfSteps("totalCost", trace => Sum(trace, step => step.Cost?.TotalUsd)),
        new LangfuseColumn("level", s_text, (trace, _) => Levels(trace).MaxBy(level => Array.IndexOf(s_severity, level))) { Needs = LangfuseNeeds.Steps },
        OfSteps("errorCount", trace => Levels(trace).Count(level => level == "ERROR")), OfSteps("warningCount", trace => Levels(trace).Count(level => level == "WARNING")),
        OfSteps("defaultCount", trace => Levels(trace).Count(level => level == "DEFAULT")), OfSteps("debugCount", trace => Levels(trace).Count(level => level == "DEBUG")),
        Averages("scores_avg"), Averages("scores"),
        new LangfuseColumn("score_categories", ["categoryOptions"], (trace, key) => new JsonArray([.. Scores(trace, key, "CATEGORICAL").Select(said => (JsonNode)said.Category)])) { Needs = LangfuseNeeds.Scores },
        new LangfuseColumn("score_booleans", ["booleanObject"], (trace, key) => Scores(trace, key, "BOOLEAN").Select(said => (JsonNode?)JsonValue.Create(said.Number == 1)).FirstOrDefault()) { Needs = LangfuseNeeds.Scores });

    private static Dictionary<string, LangfuseColumn> Table(params ReadOnlySpan<LangfuseColumn> columns) => columns.ToArray().ToDictionary(column => column.Name, StringComparer.Ordinal);

    private static LangfuseColumn Text(string name, string? member = null) => new(name, s_text, (subject, _) => subject.Answer[member ?? name]);

    private static LangfuseColumn Environment(string name) => Text(name, "environment") with { Field = Property("environment"), Usual = LangfuseView.UsualEnvironment };

    private static LangfuseColumn Number(string name, Func<LangfuseSubject, JsonNode?> read) => new(name, s_number, (subject, _) => read(subject));

    private static LangfuseColumn OfSteps(string name, Func<LangfuseSubject, JsonNode?> read) => Number(name, read) with { Needs = LangfuseNeeds.Steps };

    private static LangfuseColumn Time(string name) => new(name, s_time, (subject, _) => subject.Answer[name]);

    private static LangfuseColumn Flag(string name) => new(name, s_flag, (subject, _) => subject.Answer[name]);

    private static LangfuseColumn List(string name) => new(name, s_list, (subject, _) => subject.Answer["tags"]);

    private static LangfuseColumn Metadata() => new("metadata", s_fields, (subject, key) => JsonFields.Get(subject.Answer["metadata"], key)) { Needs = LangfuseNeeds.Texts };

    private static LangfuseColumn Averages(string name) => new(name, ["numberObject"], (trace, key) =>
        Scores(trace, key, "NUMERIC").Select(said => said.Number).Where(number => number is { } some && double.IsFinite(some)).Average()) { Needs = LangfuseNeeds.Scores };

    private static string Property(string name) => FilterField.PropertyPrefix + name;

    private static JsonNode? Total(LangfuseSubject subject) => subject.Step.Usage.IsKnown ? subject.Step.Usage.TotalTokens : null;

    private static JsonNode? Tokens(LangfuseSubject trace) => Sum(trace, step => step.Usage.IsKnown ? step.Usage.TotalTokens : null);

    // Chains repeat the tokens and the cost of their calls.
    private static decimal Sum(LangfuseSubject trace, Func<Observation, decimal?> read) => trace.Steps.Sum(step => step.IsCall ? read(step) ?? 0 : 0);

    private static IEnumerable<string> Levels(LangfuseSubject trace) => trace.Steps.Where(step => !LangfuseView.IsTrace(step)).Select(LangfuseView.Level);

    private static IEnumerable<Annotation> Scores(LangfuseSubject trace, string key, string type) => trace.Scores.Where(said => said.Name == key && LangfuseScoreJson.Type(said) == type);
}
