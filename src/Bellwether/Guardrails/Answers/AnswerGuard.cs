using System.Buffers;
using Bellwether.Detection;
using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>What one policy does with the answer of one call.</summary>
internal sealed class AnswerGuard(ModelCall call, LeakDetector leaks, PersonalDataHash hash, CleanValues clean, AnswerMeters meters) : IAnswerGuard
{
    private static readonly Refusal s_unreadable = new(403, "permission_error", ErrorTypes.BlockedPrefix + "unknown",
        "The answer could not be checked, and this project lets nothing through unchecked.", ErrorTypes.BlockedPrefix + "unknown") { ShouldRetry = false };

    [ThreadStatic]
    private static FindingBuffer? s_found;

    private readonly AnswerFindings _findings = new();
    private GuardPolicy? _policy;
    private string _system = "";
    // Most calls have none.
    private CallTokens? _tokens;

    /// <summary>Of what was taken out of the prompt.</summary>
    public CallTokens Tokens => _tokens ??= new CallTokens();

    public bool Holds => HasTokens || Blocks;

    private bool HasTokens => _tokens is { Count: > 0 };

    // Whether there is more to do than to turn tokens back.
    private bool Blocks => _policy is { } policy && (LeakBlocks(policy) || !policy.PersonalData.Answer.KeepsAll);

    public void Follow(GuardPolicy policy, string system) => (_policy, _system) = (policy, system);

    public IAnswerText Open(AnswerLane lane)
    {
        var watches = new List<ITextWatch>(4);
        if (HasTokens) { watches.Add(new TokenWatch(Tokens)); }
        // What the provider says back of the request is the caller's own.
        if (_policy is { } policy && lane.Kind != AnswerTextKind.Echo) { Watch(policy, lane, watches); }
        return new GuardedText(watches, candidate => _findings.Note(candidate, IsRepeat(lane)));
    }

    public Refusal? Unreadable()
    {
        _findings.Unreadable = true;
        meters.Unread();
        _findings.Refused = _policy is { Unknown: UnknownVerdict.Block } && Blocks;
        return _findings.Refused ? s_unreadable : null;
    }

    public void Ended(AnswerFacts facts)
    {
        if (_policy is not { } policy) { return; }
        if (!Holds && !facts.Output.IsEmpty && !facts.IsError)
        {
            Review(policy, facts);
        }
        foreach (var finding in _findings.For(policy))
        {
            call.Findings = call.Findings.Add(finding);
            meters.Found(finding);
        }
    }

    // Everything is out: one look at the whole, which costs a fraction of looking at every piece.
    private void Review(GuardPolicy policy, AnswerFacts facts)
    {
        var chars = ArrayPool<char>.Shared.Rent(facts.Output.Length + 2);
        try
        {
            var text = chars.AsSpan(0, AnswerTexts.Read(facts.OutputAssembled ? Dialect.Opaque : call.Dialect, facts.Output.Span, chars, out var fields));
            if (text.IsEmpty && facts.OutputTruncated)
            {
                // More than is kept of an answer, and half a body is no JSON.
                _findings.Unreadable = true;
                meters.Unread();
            }
            if (policy.Leak.Mode != GuardMode.Off && _system.Length > 0)
            {
                _findings.Leak(leaks.Check(new DetectorInput(text, TextChannel.Answer) { System = _system }).Score);
            }
            foreach (var canary in policy.Leak.Mode == GuardMode.Off ? [] : policy.Canaries)
            {
                if (text.Contains(canary, StringComparison.Ordinal)) { _findings.Leak(1); }
            }
            if (policy.PersonalData.Observe && !clean.ContainsAll(facts.Output.Span, fields))
            {
                var found = s_found ??= new FindingBuffer();
                PersonalDataScanner.Scan(text, found);
                foreach (var finding in found.Items) { _findings.Note(new Candidate(finding.Start, finding.End, null, finding.Type, PersonalDataAction.Keep), repeat: false); }
                // Spares whoever looks through the record its scan, and the next turn of the conversation too.
                if (found.Count == 0) { clean.AddAll(facts.Output.Span, fields); }
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars, clearArray: true);
        }
    }

    private void Watch(GuardPolicy policy, AnswerLane lane, List<ITextWatch> watches)
    {
        if (policy.Leak.Mode != GuardMode.Off)
        {
            var blocks = policy.Leak.Mode == GuardMode.Block;
            if (_system.Length > 0)
            {
                watches.Add(new LeakWatch(leaks.Stream(_system, policy.Leak.Answer.Block ?? LeakDetector.BlockAt), blocks, _findings.Leak));
            }
            if (!policy.Canaries.IsEmpty) { watches.Add(new CanaryWatch(policy.Canaries, blocks, _findings.Leak)); }
        }
        if (!policy.PersonalData.Answer.KeepsAll)
        {
            watches.Add(new PersonalDataWatch(policy.PersonalData.Answer, Replacement));
        }
        else if (policy.PersonalData.Observe)
        {
            watches.Add(new PersonalDataObserver(candidate => _findings.Note(candidate, IsRepeat(lane))));
        }
    }

    private bool LeakBlocks(GuardPolicy policy) => policy.Leak.Mode == GuardMode.Block && (_system.Length > 0 || !policy.Canaries.IsEmpty);

    private string Replacement(PersonalDataType type, PersonalDataAction action, string value) =>
        action == PersonalDataAction.Hash ? hash.Placeholder(type, value) : Placeholders.Of(type);

    private static bool IsRepeat(AnswerLane lane) => lane.Kind is AnswerTextKind.Whole or AnswerTextKind.WholeArguments;
}
