using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Bellwether.Feedback;
using Bellwether.Telemetry;
using Microsoft.Extensions.Options;

namespace Bellwether.Quality;

/// <summary>
/// Checks answers as they are stored, within <see cref="CheckBudget"/>. What says something is kept: warnings and failures, and
/// passes of validators that only some calls allow (schema, groundedness, citations). A refusal and a broken schema become the
/// call's error type where it has none.
/// </summary>
internal sealed class AnswerEnricher : IObservationEnricher
{
    private readonly AnswerValidators _validators;
    private readonly QualityOptions _options;
    private readonly Counter<long> _checked;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _unchecked;
    private readonly CheckBudget _budget;

    public AnswerEnricher(AnswerValidators validators, IOptions<QualityOptions> options, IMeterFactory meters, TimeProvider clock)
    {
        _validators = validators;
        _options = options.Value;
        _budget = new CheckBudget(clock, _options.CpuShare);
        var meter = meters.Create(MeterReadings.MeterName);
        _checked = meter.CreateCounter<long>("quality.checked", description: "Answers that the validators looked at.");
        _skipped = meter.CreateCounter<long>("quality.shortened", description: "Answers of which only the first part was looked at.");
        _unchecked = meter.CreateCounter<long>("quality.unchecked", description: "Answers that were stored without a check, because checks had used their share of time.");
        meter.CreateObservableCounter("quality.failed", () => validators.Failed, description: "Times that a validator failed; the answer was stored without its verdict.");
    }

    public int Order => 400;

    public TelemetryRecord Enrich(TelemetryRecord record)
    {
        if (!_options.CheckAnswers || record.Observation is not { Kind: ObservationKind.Llm, State: ObservationState.Ok, IsOwn: false } observation || record.Payload.Output.IsEmpty
            || observation.Operation is "count_tokens" or "models" or "moderations" or "embeddings" or "other")
        {
            return record;
        }
        if (!_budget.Allows())
        {
            _unchecked.Add(1);
            return record;
        }
        try
        {
            return Check(record, observation);
        }
        finally
        {
            _budget.Spend();
        }
    }

    private TelemetryRecord Check(TelemetryRecord record, Observation observation)
    {
        if (CallUnderTest.Of(observation, record.Payload, _options.CheckedCharacters, out var shortened) is not { } test) { return record; }
        _checked.Add(1);
        if (shortened) { _skipped.Add(1); }
        var results = _validators.Check(test, LengthLimits.Default with { Most = _options.LongestAnswer });
        observation = observation with { Checks = Marks(results) };
        ImmutableArray<Annotation> findings = [.. results.Where(result => IsWorthKeeping(result)).Select(result => Finding(observation, result))];
        var error = observation.ErrorType.Length > 0 ? observation.ErrorType : ErrorOf(results);
        var said = record.With(observation with { ErrorType = error }, record.Payload);
        return said with { Findings = said.Findings.AddRange(findings) };
    }

    // Whatever was judged, also what is not worth a finding: passes are counted by this.
    private static long Marks(ImmutableArray<ValidatorResult> results)
    {
        var marks = 0L;
        foreach (var result in results)
        {
            marks = CheckMarks.With(marks, result.Validator, result.Verdict switch
            {
                ValidatorVerdict.Pass => CheckMark.Pass,
                ValidatorVerdict.Warn => CheckMark.Warn,
                ValidatorVerdict.Fail => CheckMark.Fail,
                ValidatorVerdict.Unknown => CheckMark.None,
                _ => throw new ArgumentOutOfRangeException(nameof(results), result.Verdict, null),
            });
        }
        return marks;
    }

    /// <summary>The error of M2's taxonomy that the results prove: off-topic and ungrounded are guesses, and stay findings.</summary>
    private static string ErrorOf(ImmutableArray<ValidatorResult> results)
    {
        return Failed(ValidatorNames.Schema) ? ErrorTypes.ValidationSchema : Failed(ValidatorNames.Refusal) ? ErrorTypes.SemanticRefusal : "";

        bool Failed(string validator) => results.Any(result => result.Verdict == ValidatorVerdict.Fail && result.Validator == validator);
    }

    private static bool IsWorthKeeping(ValidatorResult result) => result.Verdict switch
    {
        ValidatorVerdict.Fail or ValidatorVerdict.Warn => true,
        ValidatorVerdict.Pass => result.Validator == ValidatorNames.Schema || result.Validator == ValidatorNames.Groundedness || result.Validator == ValidatorNames.Citations,
        _ => false,
    };

    private static Annotation Finding(Observation observation, ValidatorResult result) => new()
    {
        // One for each validator and observation: a replay, and a later version of the observation, replace it. Versions may differ in their
        // start: a log record that comes before its span has a time of its own.
        Id = ObservationIds.Of("validator", DateTimeOffset.UnixEpoch, observation.Project.Value, observation.Id.ToString(), result.Validator),
        Project = observation.Project, Time = observation.StartTime, ObservationId = observation.Id, TraceId = observation.TraceId,
        Name = result.Validator, Source = FeedbackSources.Validator, Author = Annotation.Own, Number = result.Score is { } score ? Math.Round(score, 4) : null, Category = ValidatorNames.VerdictName(result.Verdict), Text = Describe(result),
    };

    private static string Describe(ValidatorResult result) => result.Spans.IsEmpty ? result.Reason
        : $"{result.Reason} At {string.Join(", ", result.Spans.Take(10).Select(span => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{span.Start}–{span.End}")))}.".TrimStart();
}
