using System.Collections.Immutable;
using System.Numerics;
using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>Turns what was seen in a prompt into what is done about it.</summary>
internal readonly ref struct PromptVerdict(in PromptFindings seen, PromptReader reader, GuardPolicy policy)
{
    private readonly PromptFindings _seen = seen;

    public PromptJudgement? Decide(ReadOnlySpan<byte> body)
    {
        var findings = ImmutableArray.CreateBuilder<CallFinding>();
        Refusal? refusal = null;
        GuardRoute? route = null;
        Detector("injection", policy.Injection, _seen.Injection, GuardRefusals.Injection, body, findings, ref refusal, ref route);
        Detector("harm", policy.Harm, _seen.Harm, GuardRefusals.Harm, body, findings, ref refusal, ref route);
        var change = PersonalData(body, findings, ref refusal);
        Patterns(body, findings, ref refusal);
        Unchecked(findings, ref refusal);
        return findings.Count == 0 ? null : new PromptJudgement(findings.DrainToImmutable(), refusal, refusal is null ? route : null, refusal is null ? change : 0);
    }

    /// <summary>What a mode does about a finding of some level.</summary>
    internal static string ActionOf(GuardMode mode, GuardLevel level) => mode switch
    {
        GuardMode.Block when level == GuardLevel.Block => GuardActions.Block,
        GuardMode.Route => GuardActions.Route,
        GuardMode.Flag or GuardMode.Block => GuardActions.Flag,
        GuardMode.Observe => GuardActions.Observe,
        GuardMode.Off => throw new InvalidOperationException(),
        _ => throw new InvalidOperationException(),
    };

    private void Detector(
        string guard, GuardRule rule, in WorstFinding worst, Refusal no, ReadOnlySpan<byte> body, ImmutableArray<CallFinding>.Builder findings, ref Refusal? refusal, ref GuardRoute? route)
    {
        if (worst.Level == GuardLevel.None)
        {
            return;
        }
        var action = ActionOf(rule.Mode, worst.Level);
        if (action == GuardActions.Block)
        {
            refusal ??= no;
        }
        else if (action == GuardActions.Route)
        {
            route ??= rule.Route;
        }
        var report = worst.Report!;
        var place = PromptPlace.Of(body, reader, worst.Unit, report.Spans.IsEmpty ? null : report.Spans[0]);
        var reason = report.Reasons.IsEmpty ? "Its score reaches the policy's threshold." : string.Join(' ', report.Reasons);
        findings.Add(new CallFinding(guard, action, worst.Level == GuardLevel.Block ? "block" : "flag", Math.Round(report.Score, 4), place, PromptOrigins.Name(worst.Channel), reason, policy.Id));
    }

    private uint PersonalData(ReadOnlySpan<byte> body, ImmutableArray<CallFinding>.Builder findings, ref Refusal? refusal)
    {
        if (_seen.Types == 0)
        {
            return 0;
        }
        var upstream = policy.PersonalData.Upstream;
        var strongest = PersonalDataActions.Strongest(upstream, _seen.Types);
        var kinds = new List<string>();
        for (var types = _seen.Types; types != 0; types &= types - 1)
        {
            var type = (PersonalDataType)BitOperations.TrailingZeroCount(types);
            kinds.Add($"{_seen.Counts[(int)type]} {type.Name()}");
        }
        if (strongest == PersonalDataAction.Block)
        {
            refusal ??= GuardRefusals.PersonalData;
        }
        var unit = reader.Units[_seen.PersonalUnit];
        findings.Add(new CallFinding("pii", PersonalDataActions.Name(strongest), "flag", null, PromptPlace.Of(body, reader, _seen.PersonalUnit, null), PromptOrigins.Name(unit.Origin.Channel()), string.Join(", ", kinds), policy.Id));
        return _seen.Types & upstream.Changing;
    }

    private void Patterns(ReadOnlySpan<byte> body, ImmutableArray<CallFinding>.Builder findings, ref Refusal? refusal)
    {
        if (_seen.Patterns == 0)
        {
            return;
        }
        var strongest = GuardMode.Observe;
        var names = new List<string>();
        for (var matches = _seen.Patterns; matches != 0; matches &= matches - 1)
        {
            var pattern = policy.Patterns[BitOperations.TrailingZeroCount(matches)];
            strongest = pattern.Mode > strongest ? pattern.Mode : strongest;
            names.Add(pattern.Name);
        }
        if (strongest == GuardMode.Block)
        {
            refusal ??= GuardRefusals.Pattern;
        }
        var action = strongest == GuardMode.Block ? GuardActions.Block : strongest == GuardMode.Flag ? GuardActions.Flag : GuardActions.Observe;
        findings.Add(new CallFinding("pattern", action, strongest == GuardMode.Block ? "block" : "flag", null,
            PromptPlace.Of(body, reader, _seen.PatternUnit, null), PromptOrigins.Name(_seen.PatternOrigin.Channel()), string.Join(", ", names), policy.Id));
    }

    private void Unchecked(ImmutableArray<CallFinding>.Builder findings, ref Refusal? refusal)
    {
        if (!_seen.DetectorFailed && _seen.Unchecked is null)
        {
            return;
        }
        var blocks = policy.Unknown == UnknownVerdict.Block;
        if (blocks)
        {
            refusal ??= GuardRefusals.Unknown;
        }
        var reason = _seen.Unchecked switch
        {
            "too_large" => "There is more text than is checked of one call.",
            "too_slow" => "Checking took longer than it may.",
            _ => "A detector failed or took too long.",
        };
        findings.Add(new CallFinding("unknown", blocks ? GuardActions.Block : GuardActions.Observe, "unknown", null, "", "user", reason, policy.Id));
    }
}
