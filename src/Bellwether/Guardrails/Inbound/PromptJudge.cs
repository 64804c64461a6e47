using System.Collections.Immutable;
using Bellwether.Exchange;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>What a policy makes of a prompt; made only when there is something to say.</summary>
/// <param name="Findings">At most one for each guard, the worst.</param>
/// <param name="Refusal">Null: the call goes on.</param>
/// <param name="Route">Where it goes instead; null for where it was going.</param>
/// <param name="Change">The kinds of personal data that are to be replaced, one bit each.</param>
internal sealed record PromptJudgement(ImmutableArray<CallFinding> Findings, Refusal? Refusal, GuardRoute? Route, uint Change);

/// <summary>Judges the prompt of a call by a policy. Costs no allocation where every text was seen before and nothing is found.</summary>
internal sealed class PromptJudge(TextJudge texts, PromptMeters meters, IOptions<PromptOptions> options, TimeProvider clock)
{
    [ThreadStatic]
    private static PromptReader? s_reader;

    private readonly PromptOptions _options = options.Value;

    /// <summary>The reader of this thread, as <see cref="Judge"/> left it.</summary>
    public static PromptReader Reader => s_reader ??= new PromptReader();

    /// <returns>Null when there is nothing to say.</returns>
    public PromptJudgement? Judge(ReadOnlySpan<byte> body, Dialect dialect, CompiledPolicy policy) => Judge(body, dialect, policy, out _);

    /// <param name="doubt">Of which somebody else is to be asked before this counts; null for nothing.</param>
    public PromptJudgement? Judge(ReadOnlySpan<byte> body, Dialect dialect, CompiledPolicy policy, out HarmDoubt? doubt)
    {
        var reader = Reader;
        reader.Read(body, dialect, _options.CheckedBytes);
        var worst = new PromptFindings(policy);
        if (reader.Unread > 0)
        {
            Miss(ref worst, "too_large");
        }
        var start = clock.GetTimestamp();
        for (var i = 0; i < reader.Units.Length; i++)
        {
            ref readonly var unit = ref reader.Units[i];
            var wanted = policy.Detectors & unit.Origin.Detectors();
            if (wanted == 0 && policy.Patterns.IsEmpty)
            {
                continue;
            }
            // The clock is asked after the first text only, so that the usual call never asks it twice.
            if (i > 0 && clock.GetElapsedTime(start) > _options.CheckTime)
            {
                Miss(ref worst, "too_slow");
                break;
            }
            worst.Add(texts.Judge(body, reader.PartsOf(unit), unit, wanted, policy, out var patterns), patterns, i, unit.Origin);
        }
        if (worst.DetectorFailed)
        {
            meters.Unchecked("detector_failed");
        }
        doubt = worst.Doubt;
        return worst.IsClean ? null : new PromptVerdict(worst, reader, policy.Policy).Decide(body);
    }

    /// <summary>A text of the prompt that this thread read last.</summary>
    /// <param name="unit">Its index.</param>
    public static string TextOf(ReadOnlySpan<byte> body, int unit)
    {
        ref readonly var found = ref Reader.Units[unit];
        var text = TextJudge.Decode(body, Reader.PartsOf(found), found.Bytes);
        text.ToLines();
        return text.Text.ToString();
    }

    /// <summary>The highest scores of a prompt by detector and channel, whatever any threshold says. Personal data and patterns have none.</summary>
    public PromptScores Scores(ReadOnlySpan<byte> body, Dialect dialect, CompiledPolicy policy)
    {
        var reader = Reader;
        reader.Read(body, dialect, _options.CheckedBytes);
        var scores = new PromptScores();
        var start = clock.GetTimestamp();
        foreach (ref readonly var unit in reader.Units)
        {
            var wanted = unit.Origin.Detectors() & (PromptDetectors.Injection | PromptDetectors.Harm);
            if (wanted == 0)
            {
                continue;
            }
            if (clock.GetElapsedTime(start) > _options.CheckTime)
            {
                break;
            }
            scores.Add(texts.Judge(body, reader.PartsOf(unit), unit, wanted, policy, out _), wanted, unit.Origin.Channel());
        }
        return scores;
    }

    private void Miss(ref PromptFindings worst, string reason)
    {
        worst.Unchecked = reason;
        meters.Unchecked(reason);
    }
}
