using System.Runtime.CompilerServices;
using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>How bad: what a threshold was reached of.</summary>
internal enum GuardLevel : byte { None, Flag, Block }

/// <summary>The worst that one guard saw in a prompt.</summary>
internal struct WorstFinding
{
    public GuardLevel Level;
    public DetectorReport? Report;
    public TextChannel Channel;
    /// <summary>Index of the text.</summary>
    public int Unit;

    public void Take(GuardLevel level, DetectorReport report, TextChannel channel, int unit)
    {
        if (level > Level || (level == Level && level > GuardLevel.None && report.Score > Report!.Score))
        {
            (Level, Report, Channel, Unit) = (level, report, channel, unit);
        }
    }
}

/// <summary>Gathers what the texts of one prompt showed, without allocating while that is nothing.</summary>
internal struct PromptFindings(CompiledPolicy policy)
{
    private readonly CompiledPolicy _policy = policy;

    public WorstFinding Injection;
    public WorstFinding Harm;
    public uint Types;
    public TypeCounts Counts;
    /// <summary>The first text with personal data.</summary>
    public int PersonalUnit;
    public uint Patterns;
    public int PatternUnit;
    public PromptOrigin PatternOrigin;
    public bool DetectorFailed;
    /// <summary>The text with the highest local score of which nobody else was asked, and somebody is to be; null for none.</summary>
    public HarmDoubt? Doubt;
    /// <summary>Why a part was not looked at; null when all was.</summary>
    public string? Unchecked;

    public readonly bool IsClean => Injection.Level == GuardLevel.None && Harm.Level == GuardLevel.None && Types == 0 && Patterns == 0 && !DetectorFailed && Unchecked is null;

    public void Add(TextVerdict verdict, PatternMemo? patterns, int unit, PromptOrigin origin)
    {
        var (channel, policy) = (origin.Channel(), _policy.Policy);
        if ((verdict.Ran & _policy.Detectors & PromptDetectors.Injection) != 0)
        {
            Judge(policy.Injection, verdict.Injection, channel, unit, ref Injection);
            Judge(policy.Injection, verdict.Embedded, TextChannel.Document, unit, ref Injection);
        }
        if ((verdict.Ran & _policy.Detectors & PromptDetectors.Harm) != 0)
        {
            Judge(policy.Harm, Opinion(policy.Harm.SecondOpinion, verdict, unit), channel, unit, ref Harm);
        }
        DetectorFailed |= verdict.PersonalDataFailed && (_policy.Detectors & PromptDetectors.PersonalData) != 0;
        if (verdict.Types != 0 && (_policy.Detectors & PromptDetectors.PersonalData) != 0)
        {
            AddPersonalData(verdict, unit, policy.PersonalData);
        }
        if (patterns is { } memo)
        {
            DetectorFailed |= memo.Failed;
            if (Patterns == 0 && memo.Matches != 0)
            {
                (PatternUnit, PatternOrigin) = (unit, origin);
            }
            Patterns |= memo.Matches;
        }
    }

    private DetectorReport Opinion(SecondOpinion? from, TextVerdict verdict, int unit)
    {
        if (from is null || verdict.Harm.Verdict == DetectorVerdict.Unknown || verdict.Harm.Score < from.From || verdict.Harm.Score > from.To)
        {
            return verdict.Harm;
        }
        // Read once: another call's policy may put its own in the place.
        if (verdict.Opinion is { } memo && memo.From == from)
        {
            return memo.Report;
        }
        if (Doubt is null || verdict.Harm.Score > Doubt.Verdict.Harm.Score)
        {
            Doubt = new HarmDoubt(unit, verdict);
        }
        return verdict.Harm;
    }

    private void AddPersonalData(TextVerdict verdict, int unit, PersonalDataRule rule)
    {
        var seen = rule.Observe ? verdict.Types : verdict.Types & rule.Upstream.Changing;
        if (seen == 0)
        {
            return;
        }
        PersonalUnit = Types == 0 ? unit : PersonalUnit;
        Types |= seen;
        for (var type = 0; type < PersonalDataTypes.Count; type++)
        {
            Counts[type] += (seen >> type & 1) != 0 ? verdict.Counts![type] : 0;
        }
    }

    private void Judge(GuardRule rule, DetectorReport report, TextChannel channel, int unit, ref WorstFinding worst)
    {
        if (report.Verdict == DetectorVerdict.Unknown)
        {
            DetectorFailed = true;
            return;
        }
        worst.Take(LevelOf(rule, channel, report), report, channel, unit);
    }

    internal static GuardLevel LevelOf(GuardRule rule, TextChannel channel, DetectorReport report)
    {
        var set = channel switch
        {
            TextChannel.User => rule.User,
            TextChannel.Document => rule.Document,
            TextChannel.System => rule.System,
            TextChannel.Answer => rule.Answer,
            _ => throw new InvalidOperationException(),
        };
        var blocks = set.Block is { } block ? report.Score >= block : report.Verdict == DetectorVerdict.Block;
        var flags = set.Flag is { } flag ? report.Score >= flag : report.Verdict is DetectorVerdict.Flag or DetectorVerdict.Block;
        return blocks ? GuardLevel.Block : flags ? GuardLevel.Flag : GuardLevel.None;
    }

    [InlineArray(Length)]
    public struct TypeCounts
    {
        // As many as there are kinds, with room; a test holds it to that.
        public const int Length = 32;
        private int _first;
    }
}
