using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using CsCheck;

namespace Bellwether.Tests.Ingest;

/// <summary>LangSmith's filter language: what it means, what of it the store decides, and what a mistake is answered with.</summary>
public sealed class RunFilterTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid s_id = Guid.Parse("01a20991-96d4-7000-8000-0000000000a1");
    private static readonly Guid s_parent = Guid.Parse("01a20991-96d4-7000-8000-0000000000a0");

    private static readonly Observation s_call = new()
    {
        Id = s_id, Project = ProjectId.Default, StartTime = s_noon, Kind = ObservationKind.Llm, State = ObservationState.Ok, TraceId = s_parent.ToString("N"), ParentId = s_parent.ToString(),
        SpanId = s_id.ToString(), Name = "ask", Model = "gpt-4o", Provider = "openai", Session = "thread 1", Endpoint = "my-app", Timings = new Timings { TotalMs = 2_500, TtftMs = 300 },
        Usage = new Usage { InputTokens = 1_000, OutputTokens = 500 }, Cost = new Cost(0.1m, 0.2m, "x"),
        Properties = [new("langsmith.project", "my-app"), new("tag.nightly", "true"), new("tag.beta", "true"), new("user", "ann"), new("plan", "pro"), new("reference_example_id", s_parent.ToString())],
    };

    private static readonly Observation s_failed = s_call with
    {
        Kind = ObservationKind.Chain, State = ObservationState.ProviderError, ErrorMessage = "TypeError: no thermometer", ParentId = "", Properties = [new("langsmith.run_type", "parser")], Session = "",
        Usage = Usage.None, Cost = null,
    };

    private static readonly Observation s_running = s_call with { State = ObservationState.Running, Timings = default };

    private static readonly Annotation[] s_said =
    [
        new() { Id = Guid.CreateVersion7(s_noon), Project = ProjectId.Default, Time = s_noon, ObservationId = s_id, Name = "correctness", Source = "evaluator", Number = 1, Text = "very good" },
        new() { Id = Guid.CreateVersion7(s_noon), Project = ProjectId.Default, Time = s_noon, ObservationId = s_id, Name = "style", Source = "user", Number = 0.2, Category = "dry" },
    ];

    private static bool Holds(string filter, Observation run) => RunPredicate.Holds(RunFilterParser.Parse(filter), new RunRow(run, run == s_call ? s_said : []));

    [Theory]
    [InlineData("""eq(run_type, "llm")""", true)]
    [InlineData("""neq(run_type, "llm")""", false)]
    [InlineData("""eq(name, 'ask')""", true)]
    [InlineData("""eq(name,"a\u0073k")""", true)]
    [InlineData("""in(name, ["x", "ask"])""", true)]
    [InlineData("""in(name, ["x", "y"])""", false)]
    [InlineData("""search(name, "SK")""", true)]
    [InlineData("""search(name, "sky")""", false)]
    [InlineData("""gt(latency, "2s")""", true)]
    [InlineData("""gt(latency, 2.5)""", false)]
    [InlineData("""gte(latency, 2.5)""", true)]
    [InlineData("""lt(latency, "2500ms")""", false)]
    [InlineData("""lte(latency, "2500ms")""", true)]
    [InlineData("""lt(latency, "1m")""", true)]
    [InlineData("""lt(first_token_latency, 0.4)""", true)]
    [InlineData("""eq(total_tokens, 1500)""", true)]
    [InlineData("""gt(total_tokens, "1499")""", true)]
    [InlineData("""lt(prompt_tokens, 1e3)""", false)]
    [InlineData("""gte(completion_tokens, 500)""", true)]
    [InlineData("""gt(total_cost, 0.29)""", true)]
    [InlineData("""in(total_tokens, [1, 1500])""", true)]
    [InlineData("""gt(start_time, "2026-11-26T11:59:59Z")""", true)]
    [InlineData("""lt(start_time, "2026-11-26T12:00:00")""", false)]
    [InlineData("""gte(start_time, "2026-11-26")""", true)]
    [InlineData("""lt(end_time, "2026-11-26T12:00:03Z")""", true)]
    [InlineData("""eq(status, "success")""", true)]
    [InlineData("""eq(error, null)""", true)]
    [InlineData("""neq(error, null)""", false)]
    [InlineData("""eq(error, true)""", false)]
    [InlineData("""eq(is_root, false)""", true)]
    [InlineData("""has(tags, "nightly")""", true)]
    [InlineData("""has(tags, "night")""", false)]
    [InlineData("""eq(tag, "beta")""", true)]
    [InlineData("""neq(tags, "beta")""", false)]
    [InlineData("""in(tags, ["x", "beta"])""", true)]
    [InlineData("""eq(metadata_key, "user")""", true)]
    [InlineData("""and(eq(metadata_key, "user"), eq(metadata_value, "ann"))""", true)]
    [InlineData("""and(eq(metadata_key, "user"), eq(metadata_value, "pro"))""", false)]
    [InlineData("""and(in(metadata_key, ["plan", "user"]), search(metadata_value, "NN"))""", true)]
    [InlineData("""has(metadata, '{"user": "ann", "plan": "pro"}')""", true)]
    [InlineData("""has(metadata, '{"user": "bob"}')""", false)]
    [InlineData("""eq(feedback_key, "style")""", true)]
    [InlineData("""and(eq(feedback_key, "style"), gt(feedback_score, 0.5))""", false)]
    [InlineData("""and(eq(feedback_key, "correctness"), gt(feedback_score, 0.5))""", true)]
    [InlineData("""and(eq(feedback_key, "correctness"), eq(feedback_source, "model"), search(feedback_comment, "good"))""", true)]
    [InlineData("""eq(feedback_value, "dry")""", true)]
    [InlineData("""eq(thread_id, "thread 1")""", true)]
    [InlineData("""eq(id, "01A20991-96D4-7000-8000-0000000000A1")""", true)]
    [InlineData("""eq(trace_id, "01a20991-96d4-7000-8000-0000000000a0")""", true)]
    [InlineData("""eq(parent_run_id, "01a20991-96d4-7000-8000-0000000000a0")""", true)]
    [InlineData("""eq(reference_example_id, "01a20991-96d4-7000-8000-0000000000a0")""", true)]
    [InlineData("""neq(parent_run_id, null)""", true)]
    [InlineData("""eq(ls_model_name, "gpt-4o")""", true)]
    [InlineData("""search("anything")""", true)]
    [InlineData("""not(eq(name, "ask"))""", false)]
    [InlineData("""or(eq(name, "x"), has(tags, "beta"))""", true)]
    [InlineData("""and(eq(run_type,"llm"), gt(latency,"2s"), has(tags,"beta"), or(eq(error, null), eq(status, "error")))""", true)]
    [InlineData("  and ( eq ( name , \"ask\" ) )  ", true)]
    public void Every_operator_means_what_it_says(string filter, bool expected) => Assert.Equal(expected, Holds(filter, s_call));

    [Theory]
    [InlineData("""eq(run_type, "parser")""", true)]
    [InlineData("""eq(run_type, "chain")""", false)]
    [InlineData("""eq(status, "error")""", true)]
    [InlineData("""neq(error, null)""", true)]
    [InlineData("""search(error, "THERMO")""", true)]
    [InlineData("""eq(error, "TypeError: no thermometer")""", true)]
    [InlineData("""eq(is_root, true)""", true)]
    [InlineData("""eq(thread_id, null)""", true)]
    [InlineData("""eq(total_cost, null)""", true)]
    [InlineData("""neq(total_cost, 1)""", true)]
    [InlineData("""lt(total_cost, 1)""", false)]
    [InlineData("""eq(feedback_key, "style")""", false)]
    public void What_is_missing_equals_null_and_nothing_else(string filter, bool expected) => Assert.Equal(expected, Holds(filter, s_failed));

    [Fact]
    public void A_run_that_goes_on_has_neither_latency_nor_end()
    {
        Assert.True(Holds("""and(eq(status, "pending"), eq(end_time, null), eq(latency, null), eq(error, null))""", s_running));
        Assert.False(Holds("""lt(latency, 1)""", s_running));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("nonsense", 9)]
    [InlineData("""eq(name, "ask"))""", 16)]
    [InlineData("""eq(name, "ask" """, 16)]
    [InlineData("""eq(name "ask")""", 9)]
    [InlineData("""eq(colour, "red")""", 4)]
    [InlineData("""like(name, "%a%")""", 1)]
    [InlineData("""eq(name, ask)""", 10)]
    [InlineData("""eq(name, "ask)""", 10)]
    [InlineData("""gt(name, "ask")""", 1)]
    [InlineData("""has(latency, 2)""", 1)]
    [InlineData("""gt(latency, "fast")""", 13)]
    [InlineData("""gt(latency, null)""", 13)]
    [InlineData("""eq(start_time, "yesterday")""", 16)]
    [InlineData("""eq(id, "7")""", 8)]
    [InlineData("""in(name, "ask")""", 10)]
    [InlineData("""in(name, [])""", 11)]
    [InlineData("""and()""", 5)]
    [InlineData("""and(eq(name, "a"),)""", 19)]
    [InlineData("""not(eq(name, "a"), eq(name, "b"))""", 18)]
    [InlineData("""has(metadata, "user")""", 15)]
    [InlineData("""search("")""", 8)]
    [InlineData("""eq(is_root, "perhaps")""", 13)]
    [InlineData("""eq(name, "a\u0000b")""", 17)]
    public void A_mistake_is_named_with_its_place(string filter, int at)
    {
        var mistake = Assert.Throws<RunFilterException>(() => RunFilterParser.Parse(filter));
        Assert.Equal(at, mistake.At);
        Assert.StartsWith($"at character {at}: ", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_length_and_number_of_conditions_are_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("not(", 10_000));
        Assert.Contains("nested", Assert.Throws<RunFilterException>(() => RunFilterParser.Parse(deep.AsSpan(0, 15_000))).Message, StringComparison.Ordinal);
        Assert.Contains("at most 16000 characters", Assert.Throws<RunFilterException>(() => RunFilterParser.Parse(deep)).Message, StringComparison.Ordinal);
        var many = $"and({string.Join(',', Enumerable.Repeat("eq(error,null)", 600))})";
        Assert.Contains("conditions", Assert.Throws<RunFilterException>(() => RunFilterParser.Parse(many)).Message, StringComparison.Ordinal);
        var values = $"in(total_tokens,[{string.Join(',', Enumerable.Range(0, 1_001))}])";
        Assert.Contains("values", Assert.Throws<RunFilterException>(() => RunFilterParser.Parse(values)).Message, StringComparison.Ordinal);
        var quoted = $"eq(name, \"{new string('a', 15_000)}\")";
        Assert.False(Holds(quoted, s_call));
    }

    [Fact]
    public void Any_text_is_read_or_refused_with_a_place_in_it() =>
        Gen.String[Gen.Char["andorteqgth(),[]\"'\\ 0.1_u-é{}:"], 0, 80].Sample(text =>
        {
            try
            {
                RunFilterParser.Parse(text);
            }
            catch (RunFilterException mistake)
            {
                Assert.InRange(mistake.At, 1, text.Length + 1);
            }
        }, iter: 20_000);

    [Fact]
    public void Broken_off_anywhere_a_filter_is_refused()
    {
        const string Whole = """and(eq(run_type, "llm"), in(name, ["a", 'b']), not(or(has(tags, "x"), search(error, "y"))), gt(latency, 2.5))""";
        RunFilterParser.Parse(Whole);
        for (var length = 0; length < Whole.Length; length++)
        {
            Assert.Throws<RunFilterException>(() => RunFilterParser.Parse(Whole.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("""eq(run_type, "llm")""", "kind:llm")]
    [InlineData("""eq(run_type, "chain")""", "kind:moderation,chain,agent,other")]
    [InlineData("""eq(status, "pending")""", "state:running")]
    [InlineData("""and(gt(latency, "2s"), lte(total_tokens, 10))""", "latency_ms:>2000 total_tokens:<=10")]
    [InlineData("""eq(error, null)""", "error:false")]
    [InlineData("""neq(error, null)""", "error:true")]
    [InlineData("""eq(is_root, true)""", "-parent_id:*")]
    [InlineData("""has(tags, "nightly")""", "property.tag.nightly:true")]
    [InlineData("""has(tags, "a\"/b")""", "")]
    [InlineData("""and(eq(metadata_key, "user"), eq(metadata_value, "ann"))""", "property.user:* property.user:ann")]
    [InlineData("""eq(thread_id, "t")""", "session:t")]
    [InlineData("""neq(name, "ask")""", "-name:ask")]
    [InlineData("""search(name, "as")""", "name:~as")]
    [InlineData("""in(name, ["a", "b"])""", "name:a,b")]
    [InlineData("""eq(thread_id, null)""", "-session:*")]
    [InlineData("""or(eq(name, "a"), eq(name, "b"))""", "")]
    [InlineData("""not(eq(name, "a"))""", "")]
    [InlineData("""eq(feedback_key, "a")""", "")]
    [InlineData("""eq(status, "odd")""", "state:none")]
    public void The_store_decides_what_it_can(string filter, string line)
    {
        var pushed = new RunPushdown();
        pushed.Add(RunFilterParser.Parse(filter));
        Assert.Equal(line, FilterSyntax.Write(new FilterExpression(pushed.Where, pushed.Text)));
    }

    [Fact]
    public void Times_of_the_start_become_the_window()
    {
        var pushed = new RunPushdown();
        pushed.Add(RunFilterParser.Parse("""and(gte(start_time, "2026-11-26T10:00:00Z"), gt(start_time, "2026-11-26T09:00:00Z"), lte(start_time, "2026-11-26T11:00:00Z"), search("cold"))"""));
        Assert.Equal((s_noon.AddHours(-2), s_noon.AddHours(-1).AddTicks(1), "cold"), (pushed.From, pushed.To, pushed.Text));
        pushed.Add(RunFilterParser.Parse("""lt(start_time, "2026-11-26T10:00:00Z")"""));
        Assert.True(pushed.IsEmpty);
    }

    [Theory]
    [InlineData("""or(search("a"), eq(name, "b"))""", 4)]
    [InlineData("""not(and(search("a")))""", 9)]
    [InlineData("""and(search("a"), search("b"))""", 18)]
    public void A_search_that_the_store_cannot_answer_is_refused(string filter, int at) =>
        Assert.Equal(at, Assert.Throws<RunFilterException>(() => new RunPushdown().Add(RunFilterParser.Parse(filter))).At);
}
