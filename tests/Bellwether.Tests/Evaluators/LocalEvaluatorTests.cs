using System.Diagnostics.CodeAnalysis;
using Bellwether.Evaluators;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.State;
using Bellwether.Telemetry;
using Bellwether.Tests.Telemetry;

namespace Bellwether.Tests;

/// <summary>Evaluators that ask no model.</summary>
public sealed class LocalEvaluatorTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static Change<Evaluator> Read(EvaluatorDraft draft) => draft.Read(Guid.CreateVersion7(s_now), ProjectId.Default, s_now, s_now, ["openai"]);

    private static PreparedEvaluator Prepared(EvaluatorDraft draft) => new(Read(draft with { Name = "e" }).Value!, CaptureFilters.None);

    [Theory]
    [InlineData("(?<=price: )\\d+", "look-around")]
    [InlineData("(a)\\1", "back-reference")]
    [InlineData("(?=x)", "without backtracking")]
    [InlineData("[a-", "is not a regular expression")]
    [InlineData("(a{1000}){1000}", "too large")]
    public void A_pattern_that_could_be_slow_is_refused_with_the_reason(string pattern, string reason)
    {
        var problem = Assert.Single(Read(new EvaluatorDraft { Name = "e", Kind = EvaluatorKind.Regex, Pattern = pattern }).Errors["pattern"]);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_says_what_it_was_told_to_say()
    {
        var wanted = new EvaluatorDraft { Kind = EvaluatorKind.Regex, Pattern = @"\bEUR \d+" };
        Assert.Equal(new Verdict(1, true, ""), Prepared(wanted).Judge(new AnswerUnderTest("It costs EUR 12.")));
        Assert.Equal(new Verdict(0, false, "The pattern is not found."), Prepared(wanted).Judge(new AnswerUnderTest("It costs a lot.")));
        Assert.Equal(new Verdict(0, false, "The pattern is found."), Prepared(wanted with { PassOnMatch = false }).Judge(new AnswerUnderTest("It costs EUR 12.")));
        Assert.Equal(new Verdict(1, true, ""), Prepared(wanted with { Target = EvaluatedText.Question }).Judge(new AnswerUnderTest("") { Question = "Is EUR 5 enough?" }));
        // A call without a context is not judged by it.
        Assert.Null(Prepared(wanted with { Target = EvaluatedText.Context }).Judge(new AnswerUnderTest("EUR 5")));
    }

    [Theory]
    [InlineData("contains", "ferry", "The ferry leaves.", true)]
    [InlineData("contains", "ferry", "The Ferry leaves.", false)]
    [InlineData("not_contains", "TODO", "Done.", true)]
    [InlineData("starts_with", "Dear", "Dear Ann", true)]
    [InlineData("ends_with", ".", "No end", false)]
    [InlineData("equals", "yes", " yes\n", true)]
    [InlineData("min_length", "3", "ab", false)]
    [InlineData("max_length", "3", "abcd", false)]
    [InlineData("is_json", "", "[1,2]", true)]
    [InlineData("is_json", "", "[1,2", false)]
    [InlineData("json_schema", """{"type":"object","required":["a"]}""", """{"a":1}""", true)]
    [InlineData("json_schema", """{"type":"object","required":["a"]}""", """{"b":1}""", false)]
    [InlineData("matches", "^[a-z ]+$", "only small letters", true)]
    [InlineData("not_matches", "[0-9]{4}", "in 1923", false)]
    public void A_condition_holds_or_says_why_not(string check, string value, string answer, bool holds)
    {
        var verdict = Prepared(new EvaluatorDraft { Kind = EvaluatorKind.Code, Checks = [new("min_length", "1"), new(check, value)] }).Judge(new AnswerUnderTest(answer))!.Value;
        Assert.Equal((holds, holds ? 1.0 : 0.0, holds), (verdict.Passed, verdict.Score, verdict.Reason.Length == 0));
    }

    [Theory]
    [InlineData("rhymes", "")]
    [InlineData("min_length", "many")]
    [InlineData("matches", "(?!x)")]
    [InlineData("json_schema", "{")]
    [InlineData("contains", "")]
    public void A_condition_that_makes_no_sense_is_refused(string check, string value) =>
        Assert.Contains("checks", Read(new EvaluatorDraft { Name = "e", Kind = EvaluatorKind.Code, Checks = [new(check, value)] }).Errors.Keys);

    [Fact]
    [SuppressMessage("Performance", "CA1861", Justification = "Once.")]
    public void Every_mistake_of_a_judge_is_named_by_its_field()
    {
        var errors = Read(new EvaluatorDraft
        {
            Name = " ", Kind = EvaluatorKind.Judge, Rubric = "beauty", Share = 1.5, Threshold = -1, Provider = "nobody", MaxUsdPerDay = -1, MaxTokensPerDay = -5, Filter = "modell:x",
        }).Errors;
        Assert.Equal(new[] { "filter", "max_tokens_per_day", "max_usd_per_day", "model", "name", "provider", "rubric", "share", "threshold" }, errors.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("instructions", Read(new EvaluatorDraft { Name = "e", Kind = EvaluatorKind.Judge, Rubric = "custom", Model = "m" }).Errors.Keys);
        Assert.Contains("free text", Assert.Single(Read(new EvaluatorDraft { Name = "e", Kind = EvaluatorKind.Regex, Pattern = "x", Filter = "some words" }).Errors["filter"]), StringComparison.Ordinal);
        Assert.Contains("cost_usd", Assert.Single(Read(new EvaluatorDraft { Name = "e", Kind = EvaluatorKind.Regex, Pattern = "x", Filter = "cost_usd:>1" }).Errors["filter"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_is_kept_to_and_is_the_same_calls_each_time()
    {
        var evaluator = Prepared(new EvaluatorDraft { Kind = EvaluatorKind.Regex, Pattern = "x", Share = 0.1 });
        var calls = Enumerable.Range(0, 20_000).Select(i => Call(Guid.CreateVersion7(s_now.AddMilliseconds(i)))).ToList();
        var taken = calls.Where(evaluator.Wants).Select(call => call.Id).ToList();
        // Four standard deviations of a binomial of 20,000 and 0.1.
        Assert.InRange(taken.Count, 2_000 - 170, 2_000 + 170);
        Assert.Equal(taken, calls.Where(evaluator.Wants).Select(call => call.Id));
    }

    [Fact]
    public void Only_finished_answers_of_others_that_fit_the_filter_are_judged()
    {
        var evaluator = Prepared(new EvaluatorDraft { Kind = EvaluatorKind.Regex, Pattern = "x", Filter = "endpoint:search -model:gpt-4o output_tokens:>5 property.tier:gold" });
        var call = Call(Guid.CreateVersion7(s_now)) with { Endpoint = "search", Model = "o3", Usage = new Usage { OutputTokens = 9 }, Properties = [new("tier", "gold")] };
        Assert.True(evaluator.Wants(call));
        foreach (var other in new[]
        {
            call with { Endpoint = "chat" }, call with { Model = "gpt-4o" }, call with { Usage = Usage.None }, call with { Properties = [] }, call with { State = ObservationState.Running }, call with { Kind = ObservationKind.Tool },
            call with { Project = new ProjectId("other") }, call with { KeyId = Observation.OwnKeyPrefix + "evaluator:e" },
        })
        {
            Assert.False(evaluator.Wants(other));
        }
        Assert.False(Prepared(new EvaluatorDraft { Kind = EvaluatorKind.Regex, Pattern = "x", Enabled = false }).Wants(call));
    }

    [Fact]
    public void A_filter_names_a_user_as_the_sender_did_or_as_the_user_is_stored()
    {
        var call = Call(Guid.CreateVersion7(s_now)) with { User = "hash of jane@example.com", Session = "hash of s@example.com" };
        foreach (var (filter, wanted) in new[]
        {
            ("user:jane@example.com", true), ("user:\"hash of jane@example.com\"", true), ("session:s@example.com user:jane@example.com,john@example.com", true), ("user:john@example.com", false), ("-user:jane@example.com", false),
        })
        {
            var evaluator = new PreparedEvaluator(Read(new EvaluatorDraft { Name = "e", Kind = EvaluatorKind.Regex, Pattern = "x", Filter = filter }).Value!, new CaptureFilters([new HashingFilter()]));
            Assert.True(evaluator.IsUsable, filter);
            Assert.Equal(wanted, evaluator.Wants(call));
        }
    }

    private static Observation Call(Guid id) => new() { Id = id, Project = ProjectId.Default, StartTime = s_now, Kind = ObservationKind.Llm, State = ObservationState.Ok };
}
