using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>A text to try a policy with.</summary>
/// <param name="System">The system prompt that an answer is held against; null for none.</param>
/// <param name="Context">What an answer was given to work with; null for none.</param>
public sealed record TrialText(string Text, TextChannel Channel, string? System, string? Context);

/// <summary>A stretch of the text that a guard points at, in UTF-16 units; <paramref name="End"/> is exclusive.</summary>
/// <param name="Label">A kind of personal data, the name of a pattern, or the guard.</param>
public readonly record struct TrialSpan(string Guard, string Label, int Start, int End);

/// <summary>What one guard says of a text, and what the policy would do about it.</summary>
/// <param name="Verdict">Against the policy's thresholds, where it has them.</param>
/// <param name="Score">Null where there is none, as for patterns.</param>
/// <param name="Action">One of <see cref="GuardActions"/>; null: nothing, because nothing is found or nobody looks.</param>
/// <param name="Looks">False when this guard does not look at texts of that channel, or is off.</param>
/// <param name="Reasons">Short sentences that quote nothing.</param>
public sealed record TrialFinding(string Guard, DetectorVerdict Verdict, double? Score, string? Action, bool Looks, ImmutableArray<string> Reasons);

/// <param name="Action">The strongest; null when the policy would do nothing at all.</param>
/// <param name="Code">What a refused caller would be told, such as <c>blocked.injection</c>; else null.</param>
/// <param name="Spans">By their start; they may overlap.</param>
public sealed record TrialResult(ImmutableArray<TrialFinding> Findings, ImmutableArray<TrialSpan> Spans, string? Action, string? Code);

/// <summary>Runs a policy over a text that somebody wrote to try it. Nothing is kept, not even a verdict.</summary>
public sealed class GuardTrial
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public static readonly int MostText = 20_000;

    private const int MostSpans = 200;
    private readonly GuardrailChecks _checks;
    private readonly TextJudge _judge;

    internal GuardTrial(GuardrailChecks checks, TextJudge judge) => (_checks, _judge) = (checks, judge);

    /// <summary>Texts that are longer than <see cref="MostText"/> are cut.</summary>
    public TrialResult Run(GuardPolicy policy, TrialText tried)
    {
        tried = tried with { Text = tried.Text.Length > MostText ? tried.Text[..MostText] : tried.Text };
        var spans = new List<TrialSpan>();
        var findings = ImmutableArray.CreateBuilder<TrialFinding>();
        var reports = _checks.Check(new DetectorInput(tried.Text, tried.Channel) { System = tried.System, Context = tried.Context }).ToDictionary(pair => pair.Detector, pair => pair.Report, StringComparer.Ordinal);
        // As on a live call: a detector that is not in this build finds nothing, and personal data is looked for whatever is.
        DetectorReport Of(string guard) => reports.GetValueOrDefault(guard, DetectorReport.Clean);
        findings.Add(Detector("injection", policy.Injection, WithEmbedded(Of("injection"), tried), tried.Channel, tried.Channel != TextChannel.Answer, spans));
        findings.Add(Detector("harm", policy.Harm, Of("harm"), tried.Channel, tried.Channel == TextChannel.User, spans));
        findings.Add(PersonalData(policy.PersonalData, Of("pii"), tried, spans));
        findings.Add(Detector("leak", policy.Leak, Of("leak"), tried.Channel, tried.Channel == TextChannel.Answer, spans));
        if (tried.Channel == TextChannel.Answer && policy.Leak.Mode != GuardMode.Off)
        {
            Canaries(policy, tried.Text, findings, spans);
        }
        if (!policy.Patterns.IsEmpty)
        {
            findings.Add(Patterns(policy, tried, spans));
        }
        var acted = findings.Where(finding => finding.Action is not null).OrderByDescending(finding => GuardActions.All.IndexOf(finding.Action!)).FirstOrDefault();
        var unknown = policy.Unknown == UnknownVerdict.Block && findings.Any(finding => finding.Looks && finding.Verdict == DetectorVerdict.Unknown);
        var action = unknown ? GuardActions.Block : acted?.Action;
        return new TrialResult(
            findings.ToImmutable(), [.. spans.OrderBy(span => span.Start).ThenByDescending(span => span.End).Take(MostSpans)], action,
            action == GuardActions.Block ? Telemetry.ErrorTypes.BlockedPrefix + (acted?.Action == GuardActions.Block ? acted.Guard : "unknown") : null);
    }

    // As on a live call: what a person's text marks as a document is judged as one.
    private (DetectorReport Report, TextChannel Channel) WithEmbedded(DetectorReport report, TrialText tried)
    {
        var embedded = tried.Channel == TextChannel.User ? _judge.Embedded(tried.Text) : DetectorReport.Clean;
        return embedded.Verdict > report.Verdict && embedded.Verdict != DetectorVerdict.Unknown ? (embedded, TextChannel.Document) : (report, tried.Channel);
    }

    private static TrialFinding Detector(string guard, GuardRule rule, (DetectorReport Report, TextChannel Channel) seen, TextChannel channel, bool looks, List<TrialSpan> spans) =>
        Detector(guard, rule, seen.Report, looks ? seen.Channel : channel, looks, spans);

    private static TrialFinding Detector(string guard, GuardRule rule, DetectorReport report, TextChannel channel, bool looks, List<TrialSpan> spans)
    {
        if (!looks || rule.Mode == GuardMode.Off || report.Verdict == DetectorVerdict.Unknown)
        {
            return new TrialFinding(guard, report.Verdict, report.Score, null, looks && rule.Mode != GuardMode.Off, report.Reasons);
        }
        var level = PromptFindings.LevelOf(rule, channel, report);
        if (level != GuardLevel.None)
        {
            spans.AddRange(report.Spans.Select(span => new TrialSpan(guard, guard, span.Start, span.End)));
        }
        return new TrialFinding(
            guard, level switch { GuardLevel.Block => DetectorVerdict.Block, GuardLevel.Flag => DetectorVerdict.Flag, _ => DetectorVerdict.Pass }, report.Score,
            level == GuardLevel.None ? null : PromptVerdict.ActionOf(rule.Mode, level), true, report.Reasons);
    }

    private static TrialFinding PersonalData(PersonalDataRule rule, DetectorReport report, TrialText tried, List<TrialSpan> spans)
    {
        var table = tried.Channel == TextChannel.Answer ? rule.Answer : rule.Upstream;
        if (table.KeepsAll && !rule.Observe)
        {
            return new TrialFinding("pii", report.Verdict, report.Score, null, false, report.Reasons);
        }
        var found = new FindingBuffer();
        PersonalDataScanner.Scan(tried.Text, found);
        var types = 0u;
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in found.Items)
        {
            if (!rule.Observe && table[item.Type] == PersonalDataAction.Keep)
            {
                continue;
            }
            types |= 1u << (int)item.Type;
            spans.Add(new TrialSpan("pii", item.Type.Name(), item.Start, item.End));
            var reason = $"{item.Type.Name()}: {GuardPolicyReader.NameOf(table[item.Type])}";
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
        }
        return new TrialFinding(
            "pii", types == 0 ? DetectorVerdict.Pass : DetectorVerdict.Flag, report.Score, types == 0 ? null : PersonalDataActions.Name(PersonalDataActions.Strongest(table, types)), true,
            [.. reasons.Select(reason => $"{reason.Value} × {reason.Key}.")]);
    }

    private static void Canaries(GuardPolicy policy, string text, ImmutableArray<TrialFinding>.Builder findings, List<TrialSpan> spans)
    {
        var index = findings.ToList().FindIndex(finding => finding.Guard == "leak");
        foreach (var canary in policy.Canaries)
        {
            if (text.IndexOf(canary, StringComparison.Ordinal) is >= 0 and var at && index >= 0)
            {
                spans.Add(new TrialSpan("leak", "canary", at, at + canary.Length));
                findings[index] = findings[index] with
                {
                    Verdict = DetectorVerdict.Block, Score = 1, Action = PromptVerdict.ActionOf(policy.Leak.Mode, GuardLevel.Block), Reasons = [.. findings[index].Reasons, "It holds a canary of this policy."],
                };
                return;
            }
        }
    }

    private static TrialFinding Patterns(GuardPolicy policy, TrialText tried, List<TrialSpan> spans)
    {
        var (strongest, names, failed) = (GuardMode.Off, new List<string>(), false);
        // Patterns are looked for in prompts only.
        if (tried.Channel == TextChannel.Answer)
        {
            return new TrialFinding("pattern", DetectorVerdict.Pass, null, null, false, []);
        }
        foreach (var pattern in policy.Patterns)
        {
            try
            {
                var before = spans.Count;
                foreach (var match in PatternText.Compile(pattern.Pattern).EnumerateMatches(tried.Text))
                {
                    spans.Add(new TrialSpan("pattern", pattern.Name, match.Index, match.Index + match.Length));
                    if (spans.Count - before == MostSpans)
                    {
                        break;
                    }
                }
                if (spans.Count > before)
                {
                    names.Add(pattern.Name);
                    strongest = pattern.Mode > strongest ? pattern.Mode : strongest;
                }
            }
            catch (RegexMatchTimeoutException)
            {
                failed = true;
            }
        }
        var verdict = failed ? DetectorVerdict.Unknown : strongest == GuardMode.Off ? DetectorVerdict.Pass : strongest == GuardMode.Block ? DetectorVerdict.Block : DetectorVerdict.Flag;
        return new TrialFinding(
            "pattern", verdict, null, strongest == GuardMode.Off ? null : PromptVerdict.ActionOf(strongest, strongest == GuardMode.Block ? GuardLevel.Block : GuardLevel.Flag), true,
            names.Count == 0 ? [] : [$"Matches {string.Join(", ", names)}."]);
    }
}
