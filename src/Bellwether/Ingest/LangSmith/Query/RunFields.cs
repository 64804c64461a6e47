using System.Collections.Frozen;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>How a field's literals are read and compared.</summary>
internal enum RunFieldKind { Text, Id, Number, Seconds, Time, Flag, Error, Tags, Metadata, MetadataKey, MetadataValue, FeedbackKey, FeedbackScore, FeedbackValue, FeedbackComment, FeedbackSource }

/// <summary>A field of LangSmith's filter language.</summary>
/// <param name="Stored">The store's field that holds exactly this value; null where only what was read can be asked.</param>
/// <param name="Text">What a text or an id is for an observation; empty for none.</param>
/// <param name="Number">What a number is; milliseconds for durations; null for unknown.</param>
/// <param name="Time">What an instant is; null while there is none.</param>
internal sealed record RunField(
    string Name, RunFieldKind Kind, string? Stored = null, Func<Observation, string>? Text = null, Func<Observation, double?>? Number = null, Func<Observation, DateTimeOffset?>? Time = null)
{
    public bool IsOfFeedback => Kind is RunFieldKind.FeedbackKey or RunFieldKind.FeedbackScore or RunFieldKind.FeedbackValue or RunFieldKind.FeedbackComment or RunFieldKind.FeedbackSource;
    public bool IsOfMetadata => Kind is RunFieldKind.MetadataKey or RunFieldKind.MetadataValue;
}

/// <summary>Every field that runs can be filtered by.</summary>
internal static class RunFields
{
    private static readonly FrozenDictionary<string, RunField> s_byName = new RunField[]
    {
        new("id", RunFieldKind.Id, "id", run => run.Id.ToString()),
        new("trace_id", RunFieldKind.Id, null, run => RunIds.Trace(run).ToString()),
        new("parent_run_id", RunFieldKind.Id, null, run => RunIds.Parent(run)?.ToString() ?? ""),
        new("name", RunFieldKind.Text, "name", run => run.Name),
        new("run_type", RunFieldKind.Text, null, RunFacts.Type),
        new("status", RunFieldKind.Text, null, RunFacts.Status),
        new("error", RunFieldKind.Error),
        new("thread_id", RunFieldKind.Text, "session", run => run.Session),
        new("model", RunFieldKind.Text, "model", run => run.Model),
        new("ls_model_name", RunFieldKind.Text, "model", run => run.Model),
        new("ls_provider", RunFieldKind.Text, "provider", run => run.Provider),
        new("is_root", RunFieldKind.Flag),
        new("start_time", RunFieldKind.Time, null, Time: run => run.StartTime),
        new("end_time", RunFieldKind.Time, null, Time: RunFacts.End),
        new("latency", RunFieldKind.Seconds, "latency_ms", Number: run => run.State == ObservationState.Running ? null : run.Timings.TotalMs),
        new("first_token_latency", RunFieldKind.Seconds, "ttft_ms", Number: run => run.Timings.TtftMs),
        new("time_to_first_token", RunFieldKind.Seconds, "ttft_ms", Number: run => run.Timings.TtftMs),
        new("total_tokens", RunFieldKind.Number, "total_tokens", Number: run => run.Usage.IsKnown ? run.Usage.TotalTokens : null),
        new("prompt_tokens", RunFieldKind.Number, "input_tokens", Number: run => run.Usage.InputTokens),
        new("completion_tokens", RunFieldKind.Number, "output_tokens", Number: run => run.Usage.OutputTokens),
        new("total_cost", RunFieldKind.Number, null, Number: run => (double?)run.Cost?.TotalUsd),
        new("prompt_cost", RunFieldKind.Number, null, Number: run => (double?)run.Cost?.InputUsd),
        new("completion_cost", RunFieldKind.Number, null, Number: run => (double?)run.Cost?.OutputUsd),
        new("reference_example_id", RunFieldKind.Id, null, run => RunFacts.Property(run, RunFacts.ExampleProperty)),
        new("tags", RunFieldKind.Tags),
        new("tag", RunFieldKind.Tags),
        new("metadata", RunFieldKind.Metadata),
        new("metadata_key", RunFieldKind.MetadataKey),
        new("metadata_value", RunFieldKind.MetadataValue),
        new("feedback_key", RunFieldKind.FeedbackKey),
        new("feedback_score", RunFieldKind.FeedbackScore),
        new("feedback_value", RunFieldKind.FeedbackValue),
        new("feedback_comment", RunFieldKind.FeedbackComment),
        new("feedback_source", RunFieldKind.FeedbackSource),
    }.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => s_byName.Keys.Order(StringComparer.Ordinal);

    public static RunField? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>Whether an operator makes sense on a field.</summary>
    public static bool Takes(RunField field, RunOperator op) => field.Kind switch
    {
        RunFieldKind.Text or RunFieldKind.MetadataKey or RunFieldKind.MetadataValue or RunFieldKind.FeedbackKey or RunFieldKind.FeedbackValue or RunFieldKind.FeedbackComment or RunFieldKind.FeedbackSource =>
            op is RunOperator.Eq or RunOperator.Neq or RunOperator.In or RunOperator.Search,
        RunFieldKind.Id => op is RunOperator.Eq or RunOperator.Neq or RunOperator.In,
        RunFieldKind.Number or RunFieldKind.Seconds or RunFieldKind.FeedbackScore => op is not (RunOperator.Has or RunOperator.Search),
        RunFieldKind.Time => op is not (RunOperator.Has or RunOperator.Search or RunOperator.In),
        RunFieldKind.Flag => op is RunOperator.Eq or RunOperator.Neq,
        RunFieldKind.Error => op is RunOperator.Eq or RunOperator.Neq or RunOperator.Search,
        RunFieldKind.Tags => op is RunOperator.Has or RunOperator.Eq or RunOperator.Neq or RunOperator.In,
        RunFieldKind.Metadata => op is RunOperator.Has,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Kind, null),
    };
}
