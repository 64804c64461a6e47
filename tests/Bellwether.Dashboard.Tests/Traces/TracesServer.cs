using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Dashboard.Tests;

/// <summary>The dashboard over traces: an agent with tools, RAG chains in a session, orphans, a running one, and one of 5,000 spans.</summary>
public sealed class TracesServer : DashboardServer
{
    public static readonly string Agent = "0af7651916cd43dd8448eb211c80319c";
    /// <summary>A project with 230 sessions of 230 users.</summary>
    public static readonly string Crowd = "crowd";
    public static readonly string Deep = "60606060606060606060606060606060";
    public static readonly string Big = "5000aaaa5000aaaa5000aaaa5000aaaa";
    public static readonly string Hostile = "<script>alert(1)</script>/../x?y=1#z";
    public static readonly string Rag = "7a6000000000000000000000000000a1";

    private readonly Dictionary<string, Guid> _ids = new(StringComparer.Ordinal);
    private long _sequence = 1_000;

    public DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>Id of the step with this span id.</summary>
    public Guid Id(string span) => _ids[span];

    public async Task AppendAsync(Observation step)
    {
        await Store.AppendAsync([new(++_sequence, TelemetryRecord.Of(step, ObservationPayload.Empty, mayReplace: true))], CancellationToken.None);
        Changes.Announce(step.Project, step.StartTime, 1);
    }

    /// <summary>A trace of so many spans, ten below each.</summary>
    public static IEnumerable<Observation> Tree(string trace, DateTimeOffset start, int spans)
    {
        for (var i = 0; i < spans; i++)
        {
            yield return Step(trace, i == 0 ? "" : Span((i - 1) / 10), Span(i), start.AddMilliseconds(i), i % 10 == 9 && (i * 10) + 1 >= spans ? ObservationKind.Llm : ObservationKind.Chain, "step " + i.ToString(CultureInfo.InvariantCulture), 5_000 - (i / 2));
        }

        static string Span(int index) => index.ToString("x16", CultureInfo.InvariantCulture);
    }

    public static Observation Step(string trace, string parent, string span, DateTimeOffset start, ObservationKind kind, string name, double ms) => new()
    {
        Id = ObservationIds.Of("span", start, trace, span, name), Project = ProjectId.Default, StartTime = start, Kind = kind, State = ObservationState.Ok,
        TraceId = trace, ParentId = parent, SpanId = span, Name = name, Surface = "langsmith", User = "grace", Session = "chat-17",
        Timings = new() { TotalMs = ms, UpstreamMs = ms, TtftMs = kind == ObservationKind.Llm ? ms / 4 : null },
        Model = kind == ObservationKind.Llm ? "gpt-4.1" : "",
        Usage = kind == ObservationKind.Llm ? new() { InputTokens = 900, OutputTokens = 100 } : Usage.None,
        Cost = kind == ObservationKind.Llm ? new(0.0018m, 0.0008m, "test@1") : null,
    };

    protected override void Configure(IServiceCollection services) => services.AddAttachmentList();

    protected override async Task FillAsync(ITelemetryStore store)
    {
        var records = new List<TelemetryRecord>();
        void Add(Observation step, string input, string output, string attributes = "")
        {
            _ids[step.SpanId] = step.Id;
            records.Add(TelemetryRecord.Of(step, new() { Input = Utf8(input), Output = Utf8(output), Attributes = Utf8(attributes), OutputAssembled = step.IsCall }));
        }

        var at = Now.AddMinutes(-8);
        Add(Step(Agent, "", "a1", at, ObservationKind.Agent, "AgentExecutor", 5_400), """{"input":"What is the weather in Bergen on Saturday?"}""", """{"output":"Showers after 15:00, 14 °C. Take a rain jacket."}""", """{"langgraph_step":1,"ls_method":"traceable"}""");
        Add(Step(Agent, "a1", "a2", at.AddMilliseconds(40), ObservationKind.Llm, "ChatOpenAI", 1_900), """{"model":"gpt-4.1","messages":[{"role":"system","content":"Use the tools."},{"role":"user","content":"What is the weather in Bergen on Saturday?"}]}""", """{"tool_calls":[{"id":"call_1","name":"get_weather","arguments":"{\"place\":\"Bergen\"}"}]}""");
        Add(Step(Agent, "a1", "a3", at.AddMilliseconds(2_000), ObservationKind.Tool, "get_weather", 320), """{"place":"Bergen"}""", """{"summary":"showers after 15:00","max_c":14}""",
            """{"attachments":{"rain chart":{"content_type":"image/png","bytes":20480},"all readings":{"content_type":"text/csv","bytes":73400320}}}""");
        Keep(Id("a3"), "rain chart");
        Add(Step(Agent, "a1", "a4", at.AddMilliseconds(2_400), ObservationKind.Tool, "check_stock", 900) with { State = ObservationState.ProviderError, ErrorType = "unavailable", ErrorMessage = "ConnectionError: stock service did not answer" }, """{"item":"Skarv rain jacket"}""", "");
        Add(Step(Agent, "a1", "a5", at.AddMilliseconds(3_400), ObservationKind.Llm, "ChatOpenAI", 1_950), """{"model":"gpt-4.1","messages":[{"role":"user","content":"What is the weather in Bergen on Saturday?"},{"role":"tool","tool_call_id":"call_1","content":"showers after 15:00"}]}""", """{"text":"Showers after 15:00, 14 °C. Take a **rain jacket**."}""");
        Add(Step(Agent, "elsewhere", "a6", at.AddMilliseconds(5_300), ObservationKind.Chain, "log_result", 60), """{"x":1}""", "");
        Add(Step(Agent, "a1", "a7", at.AddMilliseconds(5_360), ObservationKind.Tool, "notify", 0) with { State = ObservationState.Running }, "{}", "");
        for (var turn = 0; turn < 3; turn++)
        {
            var trace = Rag[..^1] + (turn + 1).ToString(CultureInfo.InvariantCulture);
            var start = Now.AddMinutes(-6 + turn);
            Add(Step(trace, "", "b1" + turn, start, ObservationKind.Chain, "ProductSearchChain", 2_600), $$"""{"question":"Is the Tarn tent good in wind? ({{turn}})"}""", """{"answer":"Yes: it holds up to 90 km/h when pegged out fully."}""");
            Add(Step(trace, "b1" + turn, "b2" + turn, start.AddMilliseconds(30), ObservationKind.Retrieval, "VectorStoreRetriever", 240), """{"query":"Tarn tent wind"}""", """{"documents":[{"page_content":"Tarn two-person tent: tested in wind up to 90 km/h.","metadata":{"source":"catalogue.md","score":0.87}},{"page_content":"Guy lines and pegs are included.","metadata":{"source":"manual.md"}}]}""");
            Add(Step(trace, "b1" + turn, "b3" + turn, start.AddMilliseconds(300), ObservationKind.Llm, "ChatOpenAI", 2_200), """{"model":"gpt-4.1","messages":[{"role":"user","content":"Excerpts … Is the Tarn tent good in wind?"}]}""", """{"text":"Yes: it holds up to 90 km/h when pegged out fully."}""");
        }
        // Everything hostile: a trace id that is a path and a query, names that are markup, text that hides.
        var bad = "\u202Egpj.exe <img src=http://127.0.0.1:9/?e onerror=alert(1)>";
        Add(Step(Hostile, "", "h1", Now.AddMinutes(-3), ObservationKind.Retrieval, bad, 40) with { User = "<b>mallory</b>/..", Session = "../../settings?x=<svg onload=alert(1)>", ErrorMessage = "\u001b]52;c;AAAA\u0007 [x](javascript:alert(1))", ErrorType = "bad", State = ObservationState.ProviderError, Properties = [new("<b>p</b>", "![](http://127.0.0.1:9/?d=1)")] },
            """{"query":"</script><script>alert(1)</script>"}""", """{"documents":[{"id":"javascript:alert(1)","page_content":"<iframe src=http://127.0.0.1:9></iframe>","score":1e308,"metadata":{"source":"<script>"}}]}""", """{"<script>":"</script>","attachments":{"</a><script>alert(2)</script>&name=x/../\u202Egpj.exe":{"content_type":"text/html\"><img src=x>","bytes":7}}}""");
        records.Add(TelemetryRecord.Of(Note(Now.AddMinutes(-5), "user_feedback", 1, "", "Just what I needed.", "grace") with { ObservationId = Id("a5") }));
        records.Add(TelemetryRecord.Of(Note(Now.AddMinutes(-5), "user_feedback", 0, "incorrect", "", "linus") with { ObservationId = Id("a2") }));
        records.Add(TelemetryRecord.Of(Note(Now.AddMinutes(-4), "user_feedback", 1, "", "The whole chat helped.", "grace") with { Session = "chat-17" }));
        records.Add(TelemetryRecord.Of(Note(Now.AddMinutes(-4), "groundedness", 0.62, "", "", "") with { TraceId = Rag, Source = "evaluator" }));
        records.AddRange(Tree(Big, Now.AddMinutes(-20), 5_000).Select(step => TelemetryRecord.Of(step with { Session = "", User = "" }, ObservationPayload.Empty)));
        // More sessions and users than a page of a list shows; the newest are those with the smallest number.
        records.AddRange(Enumerable.Range(0, 230).Select(i => TelemetryRecord.Of(
            Step(i.ToString("x32", CultureInfo.InvariantCulture), "", "c" + i, Now.AddMinutes(-1 - i), ObservationKind.Llm, "call", 100) with { Project = new(Crowd), User = $"user-{i:000}", Session = $"session-{i:000}" }, ObservationPayload.Empty)));
        records.AddRange(Enumerable.Range(0, 60).Select(level => TelemetryRecord.Of(Step(Deep, level == 0 ? "" : $"d{level - 1}", $"d{level}", Now.AddMinutes(-30).AddMilliseconds(level), ObservationKind.Chain, $"delegate to sub-agent {level}", 9_000 - level) with { Session = "", User = "" }, ObservationPayload.Empty)));
        foreach (var batch in records.Chunk(1_000)) { await store.AppendAsync([.. batch.Select(record => new SequencedRecord(++_sequence, record))], CancellationToken.None); }
    }

    private static Annotation Note(DateTimeOffset time, string name, double number, string category, string text, string author) => new()
    {
        Id = Guid.CreateVersion7(time), Project = ProjectId.Default, Time = time, ObservationId = Guid.Empty, Name = name, Source = "user", Number = number, Category = category, Text = text, Author = author,
    };

    // As the receiver keeps it: files under hashes of what a client may choose.
    private void Keep(Guid run, string attachment)
    {
        var folder = Path.Combine(Services.GetRequiredService<DataFolder>().Sub("attachments"), Hash(ProjectId.Default.Value), run.ToString("N"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Hash(attachment)), "kept");

        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Utf8(text)).AsSpan(0, 16));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

[Xunit.CollectionDefinition(nameof(TracesCollection))]
public sealed class TracesCollection : Xunit.ICollectionFixture<TracesServer>, Xunit.ICollectionFixture<Browser>;
