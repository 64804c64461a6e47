using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Asks a filter of one run. A search of texts holds: the store has answered it before (<see cref="RunPushdown"/>).</summary>
internal static class RunPredicate
{
    // What properties keep of a longer one.
    private const int LongestValue = 1_000;

    public static bool Holds(RunFilter filter, in RunRow row) => filter switch
    {
        RunFilter.And and => All(and.Parts, row),
        RunFilter.Or or => Any(or.Parts, row),
        RunFilter.Not not => !Holds(not.Part, row),
        RunFilter.Compare compare => Compare(compare, row),
        RunFilter.Search => true,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, null),
    };

    /// <summary>Whether a filter asks for feedback, which lists do not read otherwise.</summary>
    public static bool NeedsFeedback(RunFilter? filter) => filter switch
    {
        RunFilter.And and => and.Parts.Any(NeedsFeedback),
        RunFilter.Or or => or.Parts.Any(NeedsFeedback),
        RunFilter.Not not => NeedsFeedback(not.Part),
        RunFilter.Compare compare => compare.Field.IsOfFeedback,
        _ => false,
    };

    // and(eq(feedback_key, "score"), gt(feedback_score, 0.5)) means one word of feedback of that key with that score.
    private static bool All(IReadOnlyList<RunFilter> parts, in RunRow row)
    {
        List<RunFilter.Compare>? feedback = null;
        List<RunFilter.Compare>? metadata = null;
        foreach (var part in parts)
        {
            if (part is RunFilter.Compare { Field.IsOfFeedback: true } ofFeedback)
            {
                (feedback ??= []).Add(ofFeedback);
            }
            else if (part is RunFilter.Compare { Field.IsOfMetadata: true } ofMetadata)
            {
                (metadata ??= []).Add(ofMetadata);
            }
            else if (!Holds(part, row))
            {
                return false;
            }
        }
        return (feedback is null || AnyFeedback(feedback, row)) && (metadata is null || AnyMetadata(metadata, row));
    }

    private static bool Any(IReadOnlyList<RunFilter> parts, in RunRow row)
    {
        foreach (var part in parts)
        {
            if (Holds(part, row))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Compare(RunFilter.Compare compare, in RunRow row)
    {
        var field = compare.Field;
        switch (field.Kind)
        {
            case RunFieldKind.Text or RunFieldKind.Id:
                return Texts(compare, field.Text!(row.Run));
            case RunFieldKind.Number or RunFieldKind.Seconds:
                return Numbers(compare, field.Number!(row.Run));
            case RunFieldKind.Time:
                return Numbers(compare, field.Time!(row.Run)?.UtcTicks);
            case RunFieldKind.Flag:
                return (compare.Value.Flag == (row.Run.ParentId.Length == 0)) == (compare.Operator == RunOperator.Eq);
            case RunFieldKind.Error:
                return Error(compare, row.Run);
            case RunFieldKind.Tags:
                var wanted = compare.Values;
                var found = RunFacts.Tags(row.Run).Any(tag => wanted.Any(value => value.Text == tag));
                return found == (compare.Operator != RunOperator.Neq);
            case RunFieldKind.Metadata:
                return HasMetadata(compare.Value.Text!, row.Run);
            case RunFieldKind.MetadataKey or RunFieldKind.MetadataValue:
                return AnyMetadata([compare], row);
            case RunFieldKind.FeedbackKey or RunFieldKind.FeedbackScore or RunFieldKind.FeedbackValue or RunFieldKind.FeedbackComment or RunFieldKind.FeedbackSource:
                return AnyFeedback([compare], row);
            default:
                throw new ArgumentOutOfRangeException(nameof(compare), field.Kind, null);
        }
    }

    // eq(error, null) is the usual way to ask for runs that did not fail.
    private static bool Error(RunFilter.Compare compare, Observation run)
    {
        if (compare.Operator == RunOperator.Search)
        {
            return run.ErrorMessage.Contains(compare.Value.Text!, StringComparison.OrdinalIgnoreCase);
        }
        var equal = compare.Value.IsNull ? !run.IsError
            : compare.Value.Flag is { } flag ? run.IsError == flag
            : run.ErrorMessage == compare.Value.Text;
        return equal == (compare.Operator == RunOperator.Eq);
    }

    private static bool Texts(RunFilter.Compare compare, string text)
    {
        switch (compare.Operator)
        {
            case RunOperator.Search:
                return text.Contains(compare.Value.Text!, StringComparison.OrdinalIgnoreCase);
            case RunOperator.Eq or RunOperator.In:
                foreach (var value in compare.Values)
                {
                    if (text == (value.Text ?? ""))
                    {
                        return true;
                    }
                }
                return false;
            case RunOperator.Neq:
                return text != (compare.Value.Text ?? "");
            default:
                throw new ArgumentOutOfRangeException(nameof(compare), compare.Operator, null);
        }
    }

    private static bool Numbers(RunFilter.Compare compare, double? number)
    {
        if (compare.Operator is RunOperator.Eq or RunOperator.In or RunOperator.Neq)
        {
            var equal = false;
            foreach (var value in compare.Values)
            {
                equal |= value.IsNull ? number is null : number == Of(value);
            }
            return equal == (compare.Operator != RunOperator.Neq);
        }
        var bound = Of(compare.Value);
        return compare.Operator switch
        {
            RunOperator.Gt => number > bound,
            RunOperator.Gte => number >= bound,
            RunOperator.Lt => number < bound,
            RunOperator.Lte => number <= bound,
            _ => throw new ArgumentOutOfRangeException(nameof(compare), compare.Operator, null),
        };
    }

    private static double? Of(RunValue value) => value.Time?.UtcTicks ?? value.Number;

    private static bool AnyFeedback(List<RunFilter.Compare> parts, in RunRow row) => row.Feedback.Any(said => parts.All(part => part.Field.Kind switch
    {
        RunFieldKind.FeedbackKey => Texts(part, said.Name),
        RunFieldKind.FeedbackScore => Numbers(part, said.Number),
        RunFieldKind.FeedbackValue => Texts(part, said.Category),
        RunFieldKind.FeedbackComment => Texts(part, said.Text),
        _ => Texts(part, RunFeedback.SourceType(said.Source)),
    }));

    private static bool AnyMetadata(List<RunFilter.Compare> parts, in RunRow row) => RunFacts.Metadata(row.Run).Any(pair => parts.All(part =>
        Texts(part.Field.Kind == RunFieldKind.MetadataKey ? part : Shortened(part), part.Field.Kind == RunFieldKind.MetadataKey ? pair.Key : pair.Value)));

    private static RunFilter.Compare Shortened(RunFilter.Compare compare) => compare.Values.All(value => value.Text is null || value.Text.Length <= LongestValue) ? compare
        : compare with { Values = [.. compare.Values.Select(value => value with { Text = value.Text is { } text ? JsonFields.Short(text, LongestValue) : null })] };

    // has(metadata, '{"user": "ann"}')
    private static bool HasMetadata(string json, Observation run) =>
        LooseJson.TryParse(Encoding.UTF8.GetBytes(json), out var node) && node is JsonObject wanted
        && wanted.All(pair => RunFacts.Property(run, pair.Key) is { } value && value == JsonFields.Short(Convert.ToString(JsonFields.Scalar(pair.Value), CultureInfo.InvariantCulture) ?? "", LongestValue) && value.Length > 0);
}
