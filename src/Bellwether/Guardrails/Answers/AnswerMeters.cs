using System.Diagnostics.Metrics;
using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>What guards did with answers, and the vault of tokens, at <c>/metrics</c>.</summary>
internal sealed class AnswerMeters
{
    private readonly Counter<long> _findings;
    private readonly Counter<long> _unread;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _notKept;

    public AnswerMeters(IMeterFactory factory)
    {
        var meter = factory.Create(MeterReadings.MeterName);
        _findings = meter.CreateCounter<long>("guardrails.answer_findings", description: "Answers in which a guard found something, by guard and what was done.");
        _unread = meter.CreateCounter<long>("guardrails.answers_unread", description: "Parts of guarded answers that could not be read: too long, encoded, or broken.");
        _tokens = meter.CreateCounter<long>("guardrails.tokens", description: "Values that were kept in the vault under a token.");
        _notKept = meter.CreateCounter<long>("guardrails.tokens_not_kept", description: "Tokens that cannot be revealed later, because the vault's queue was full or the state store failed for too long.");
    }

    public void Found(CallFinding finding) => _findings.Add(1, new("guard", finding.Guard), new("action", finding.Action));

    public void Unread() => _unread.Add(1);

    public void Kept(int tokens) => _tokens.Add(tokens);

    public void NotKept(int tokens) => _notKept.Add(tokens);
}
