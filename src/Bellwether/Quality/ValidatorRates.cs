using System.Collections.Immutable;
using Bellwether.Feedback;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Quality;

/// <summary>How a validator judged in a time range, or in a bucket of it.</summary>
/// <param name="Bucket">Start of the bucket; null without a step.</param>
/// <param name="Checked">Answers that it judged.</param>
public sealed record ValidatorRate(string Validator, DateTimeOffset? Bucket, long Checked, long Warned, long Failed)
{
    /// <summary>Share of the judged answers that passed; null when none was.</summary>
    public double? PassRate => Checked > 0 ? (double)Math.Max(0, Checked - Warned - Failed) / Checked : null;
}

/// <summary>
/// Pass rates over time out of what is stored anyway: findings are annotations with the time of their call, so that their
/// buckets are those of the calls.
/// </summary>
public sealed class ValidatorRates(TelemetryReader reader)
{
    private static readonly ImmutableArray<Measure> s_calls = [Measure.Count];

    /// <summary>Whether only some answers can be judged by it; its passes are stored and counted.</summary>
    public static bool IsOccasional(string validator) => validator == ValidatorNames.Schema || validator == ValidatorNames.Groundedness || validator == ValidatorNames.Citations;

    /// <param name="step">Length of a bucket; null for the range as one.</param>
    public async Task<ImmutableArray<ValidatorRate>> ReadAsync(ProjectId project, TimeRange window, TimeSpan? step, CancellationToken cancellationToken)
    {
        var findings = await reader.CountAnnotationsAsync(new AnnotationQuery(project, window) { Authors = [Annotation.Own], Sources = [FeedbackSources.Validator] }, step, cancellationToken);
        var calls = await reader.QueryAsync(new TelemetryQuery(project, window, s_calls) { Where = [Filter.Eq("kind", "llm"), Filter.Eq("state", "ok")], Step = step }, cancellationToken);
        var answers = calls.Rows.GroupBy(row => step is null ? null : row.Bucket).ToDictionary(group => group.Key ?? DateTimeOffset.MinValue, group => (long)group.Sum(row => row.Values[0] ?? 0));
        var rates = ImmutableArray.CreateBuilder<ValidatorRate>();
        foreach (var bucket in answers.Keys.Concat(findings.Select(count => count.Bucket ?? DateTimeOffset.MinValue)).Distinct().Order())
        {
            foreach (var validator in ValidatorNames.All)
            {
                long Count(ValidatorVerdict verdict) => findings.Where(count => count.Name == validator && (count.Bucket ?? DateTimeOffset.MinValue) == bucket && count.Category == ValidatorNames.VerdictName(verdict)).Sum(count => count.Total);
                var (warned, failed) = (Count(ValidatorVerdict.Warn), Count(ValidatorVerdict.Fail));
                var judged = IsOccasional(validator) ? Count(ValidatorVerdict.Pass) + warned + failed : answers.GetValueOrDefault(bucket);
                rates.Add(new ValidatorRate(validator, step is null ? null : bucket, judged, warned, failed));
            }
        }
        return rates.DrainToImmutable();
    }
}
