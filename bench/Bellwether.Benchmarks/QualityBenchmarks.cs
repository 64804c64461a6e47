using System.Text;
using System.Text.Json;
using Bellwether.Detection;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.Telemetry;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bellwether.Benchmarks;

/// <summary>What is done for every answer that is stored, by validator and together: an answer of 2 KB to a question of one line.</summary>
[MemoryDiagnoser]
public class QualityBenchmarks
{
    private static readonly AnswerValidators s_validators = new();
    private readonly AnswerEnricher _enricher = new(s_validators, Options.Create(new QualityOptions()), new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), TimeProvider.System);
    private AnswerUnderTest _test = new("");
    private AnswerUnderTest _grounded = new("");
    private TelemetryRecord? _record;

    [GlobalSetup]
    public void Setup()
    {
        var answer = new StringBuilder();
        for (var i = 0; answer.Length < 2_000; i++)
        {
            answer.Append(System.Globalization.CultureInfo.InvariantCulture, $"Step {i}: check the valve number {i * 37 % 101} of the pump (see the manual) and note the pressure that the {Things[i % Things.Length]} shows. ");
        }
        _test = new(answer.ToString(0, 2_000)) { Question = "How do I service the pump, and which pressure should the valves have?" };
        _grounded = _test with { Context = string.Join(' ', Enumerable.Repeat("The pump has twelve valves. Check each valve and note the pressure that the gauge shows; the manual has a table of them.", 16)) };
        _record = TelemetryRecord.Of(
            new Observation { Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Project = new ProjectId("p"), StartTime = DateTimeOffset.UnixEpoch, Kind = ObservationKind.Llm, State = ObservationState.Ok, Operation = "chat" },
            new ObservationPayload
            {
                Input = Encoding.UTF8.GetBytes($$$"""{"model":"m","messages":[{"role":"user","content":{{{JsonSerializer.Serialize(_test.Question)}}}}]}"""),
                Output = Encoding.UTF8.GetBytes($$$"""{"choices":[{"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(_test.Answer)}}}}}]}"""),
            });
    }

    private static readonly string[] Things = ["gauge", "display", "meter beside it", "panel", "sensor", "column", "needle"];

    [Benchmark(Baseline = true)]
    public int Always() => s_validators.Check(_test).Length;

    [Benchmark]
    public int WithContextOf2Kb() => s_validators.Check(_grounded).Length;

    [Benchmark]
    public bool StoredCall() => _enricher.Enrich(_record!).Findings.IsEmpty;

    [Benchmark]
    public double Repetition() => RepetitionValidator.Score(_test.Answer, out _);

    [Benchmark]
    public int Formatting() => (int)FormattingValidator.Check(_test).Verdict;

    [Benchmark]
    public int Language() => (int)LanguageValidator.Check(_test).Verdict;
}

/// <summary>The comparison with a system prompt of 4 KB: an answer of 1 KB without a leak, with one, and a megabyte made to be slow.</summary>
[MemoryDiagnoser]
public class LeakBenchmarks
{
    private readonly LeakDetector _detector = new();
    private string _prompt = "";
    private string _clean = "";
    private string _leaking = "";
    private string _hostile = "";

    [GlobalSetup]
    public void Setup()
    {
        _prompt = string.Join('\n', Enumerable.Range(0, 60).Select(i => $"- Rule {i}: when a traveller asks about harbour {i * 7}, tell the fare of line {i % 9} first."));
        _clean = string.Join(' ', Enumerable.Range(0, 20).Select(i => $"The pump of hall {i} was serviced in spring, and the gauge now shows {i * 3}."))[..1_000];
        _leaking = _clean[..500] + _prompt[..500];
        _hostile = string.Concat(Enumerable.Repeat("when a traveller asks about harbour 14x", (1 << 20) / 39));
    }

    [Benchmark(Baseline = true)]
    public double Clean() => Check(_clean);

    [Benchmark]
    public double Leaking() => Check(_leaking);

    [Benchmark]
    public double HostileMegabyte() => Check(_hostile);

    private double Check(string answer) => _detector.Check(new DetectorInput(answer, TextChannel.Answer) { System = _prompt }).Score;
}
