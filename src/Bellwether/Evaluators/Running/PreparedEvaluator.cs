using System.Buffers.Binary;
using System.Security.Cryptography;
using Bellwether.Quality;
using Bellwether.Telemetry;

namespace Bellwether.Evaluators;

/// <summary>An evaluator with its filter and its patterns read once.</summary>
internal sealed class PreparedEvaluator
{
    private readonly FilterExpression _filter;
    private readonly Func<string, string?>? _local;
    private long _judged;
    private long _failed;
    private long _overBudget;
    private long _dropped;

    /// <param name="evaluator">What is kept of it.</param>
    /// <param name="names">Calls are judged as they are stored: users and sessions that the filter names become what they are stored as.</param>
    public PreparedEvaluator(Evaluator evaluator, CaptureFilters names)
    {
        Evaluator = evaluator;
        // It was checked when it was saved; a field that is gone since then leaves an evaluator that looks at nothing.
        IsUsable = FilterSyntax.TryParse(evaluator.Filter, out _filter, out _) && CallFilter.WhyNot(_filter) is null;
        _filter = _filter with { Where = names.Translate(_filter.Where) };
        _local = evaluator.Kind switch
        {
            EvaluatorKind.Regex when SafePattern.Compile(evaluator.Pattern) is var pattern => text => pattern.IsMatch(text) == evaluator.PassOnMatch ? null : evaluator.PassOnMatch ? "The pattern is not found." : "The pattern is found.",
            EvaluatorKind.Code when evaluator.Checks.Select(CodeChecks.Compile).ToArray() is var checks => text => checks.Select(check => check(text)).FirstOrDefault(problem => problem is not null),
            _ => null,
        };
    }

    public Evaluator Evaluator { get; }

    public bool IsUsable { get; }

    /// <summary>Since the start of the process.</summary>
    public EvaluatorCounts Counts => new(Interlocked.Read(ref _judged), Interlocked.Read(ref _failed), Interlocked.Read(ref _overBudget), Interlocked.Read(ref _dropped));

    public void CountJudged() => Interlocked.Increment(ref _judged);
    public void CountFailed() => Interlocked.Increment(ref _failed);
    public void CountOverBudget() => Interlocked.Increment(ref _overBudget);
    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Carries on the counts of the version that this one takes the place of.</summary>
    public void Inherit(PreparedEvaluator former) => (_judged, _failed, _overBudget, _dropped) = (former.Counts.Judged, former.Counts.Failed, former.Counts.OverBudget, former.Counts.Dropped);

    /// <summary>Whether a call is one to judge. The call's id decides whether it is in the share, so that a repeat decides alike.</summary>
    public bool Wants(Observation call) =>
        Evaluator.Enabled && IsUsable && call is { Kind: ObservationKind.Llm, State: ObservationState.Ok, IsOwn: false } && call.Project == Evaluator.Project && CallFilter.Holds(_filter, call) && IsSampled(call.Id);

    /// <summary>The verdict of an evaluator that asks no model; null when the call lacks the text.</summary>
    public Verdict? Judge(AnswerUnderTest call)
    {
        var text = Evaluator.Target switch { EvaluatedText.Question => call.Question, EvaluatedText.Context => call.Context, _ => call.Answer };
        if (_local is null || (text.Length == 0 && Evaluator.Target != EvaluatedText.Answer)) { return null; }
        var problem = _local(text);
        return new Verdict(problem is null ? 1 : 0, problem is null, problem ?? "");
    }

    private bool IsSampled(Guid call)
    {
        if (Evaluator.Share >= 1) { return true; }
        Span<byte> ids = stackalloc byte[32];
        Evaluator.Id.TryWriteBytes(ids);
        call.TryWriteBytes(ids[16..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(ids, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash) < Evaluator.Share * ulong.MaxValue;
    }
}

/// <summary>What became of the calls that an evaluator wanted, since the start of the process.</summary>
/// <param name="Failed">No verdict came, after all tries.</param>
/// <param name="OverBudget">Left out because the day's money or tokens were used up.</param>
/// <param name="Dropped">Left out because too many were waiting.</param>
public readonly record struct EvaluatorCounts(long Judged, long Failed, long OverBudget, long Dropped);
