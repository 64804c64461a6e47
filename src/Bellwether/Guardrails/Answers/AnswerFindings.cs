using System.Globalization;
using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>What was found in an answer so far, and what was done.</summary>
internal sealed class AnswerFindings
{
    private int[]? _pieces;
    // Of texts that say once more what came in pieces; they count where nothing did.
    private int[]? _repeats;
    private PersonalDataAction _strongest;
    private double _leak;

    public bool Unreadable { get; set; }
    public bool Refused { get; set; }

    public void Leak(double score) => _leak = Math.Max(_leak, score);

    public void Note(Candidate candidate, bool repeat)
    {
        if (candidate.Type is not { } type) { return; }
        (repeat ? _repeats ??= new int[PersonalDataTypes.Count] : _pieces ??= new int[PersonalDataTypes.Count])[(int)type]++;
        _strongest = Rank(candidate.Action) > Rank(_strongest) ? candidate.Action : _strongest;
    }

    public IEnumerable<CallFinding> For(GuardPolicy policy)
    {
        var rule = policy.Leak;
        if (rule.Mode != GuardMode.Off && _leak >= Math.Min(rule.Answer.Flag ?? LeakDetector.FlagAt, rule.Answer.Block ?? LeakDetector.BlockAt))
        {
            var blocks = _leak >= (rule.Answer.Block ?? LeakDetector.BlockAt);
            var action = rule.Mode == GuardMode.Observe ? GuardActions.Observe : rule.Mode == GuardMode.Block && blocks ? GuardActions.Block : GuardActions.Flag;
            yield return new CallFinding("leak", action, blocks ? "block" : "flag", Math.Round(_leak, 4), "answer", "answer",
                _leak >= 1 ? "The answer holds a canary." : "The answer repeats the system prompt.", policy.Id);
        }
        if (Counts() is { Length: > 0 } counts)
        {
            yield return new CallFinding("pii", Action(_strongest), _strongest == PersonalDataAction.Block ? "block" : "flag", null, "answer", "answer", counts, policy.Id);
        }
        if (Unreadable)
        {
            yield return new CallFinding(rule.Mode == GuardMode.Off ? "pii" : "leak", Refused ? GuardActions.Block : GuardActions.Observe, "unknown", null, "answer", "answer",
                "A part of the answer could not be read.", policy.Id);
        }
    }

    private string Counts() => string.Join(", ", Enumerable.Range(0, _pieces is null && _repeats is null ? 0 : PersonalDataTypes.Count)
        .Select(type => (Type: (PersonalDataType)type, Count: Math.Max(_pieces?[type] ?? 0, _repeats?[type] ?? 0)))
        .Where(one => one.Count > 0).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Count} {one.Type.Name()}")));

    private static int Rank(PersonalDataAction action) => action switch
    {
        PersonalDataAction.Keep => 0,
        PersonalDataAction.Tokenise or PersonalDataAction.Mask => 1,
        PersonalDataAction.Hash => 2,
        PersonalDataAction.Block => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    private static string Action(PersonalDataAction action) => action switch
    {
        PersonalDataAction.Keep => GuardActions.Observe,
        // An answer has nobody to turn a token back.
        PersonalDataAction.Tokenise or PersonalDataAction.Mask => GuardActions.Mask,
        PersonalDataAction.Hash => GuardActions.Hash,
        PersonalDataAction.Block => GuardActions.Block,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
