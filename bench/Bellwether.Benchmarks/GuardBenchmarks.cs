using System.Text;
using BenchmarkDotNet.Attributes;
using Bellwether.Detection;
using Bellwether.Exchange;
using Bellwether.Guardrails;
using Bellwether.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bellwether.Benchmarks;

/// <summary>What guards cost a call: a conversation whose texts were all seen before, and one whose last question of 1 KB is new. Everything is observed.</summary>
[MemoryDiagnoser]
public class GuardBenchmarks
{
    private const string Question = "Could you explain to me how the weekly report is put together, and who has to sign it before it is sent to the board? ";
    private readonly CompiledPolicy _policy = new(GuardPolicy.Default(ProjectId.Default));
    private readonly byte[][] _new = new byte[4_096][];
    private PromptJudge _judge = null!;
    private byte[] _seen = [];
    private int _next;

    [GlobalSetup]
    public void Make()
    {
        _judge = new ServiceCollection().AddLogging().AddMetrics().AddDetection().AddGuardrails().AddSingleton(TimeProvider.System).AddSingleton(Options.Create(new DetectionOptions())).AddSingleton(Options.Create(new PromptOptions { RememberedTexts = 1_024 }))
            .AddSingleton<PromptMeters>().AddSingleton<CleanValues>().AddSingleton<VerdictCache>().AddSingleton<TextJudge>().AddSingleton<PromptJudge>().BuildServiceProvider().GetRequiredService<PromptJudge>();
        _seen = Body("Thank you!");
        for (var i = 0; i < _new.Length; i++)
        {
            _new[i] = Body($"{i} {string.Concat(Enumerable.Repeat(Question, 9))}");
        }
    }

    [Benchmark(Baseline = true)]
    public object? Seen() => _judge.Judge(_seen, Dialect.OpenAiChat, _policy);

    [Benchmark]
    public object? NewQuestion() => _judge.Judge(_new[_next++ & (_new.Length - 1)], Dialect.OpenAiChat, _policy);

    private static byte[] Body(string last) => Encoding.UTF8.GetBytes(
        $$"""{"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful assistant. {{Question}}"},{"role":"user","content":"{{Question}}"},{"role":"assistant","content":"{{Question}}"},{"role":"user","content":"{{last}}"}]}""");
}
