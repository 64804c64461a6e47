using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// What of a filter the store can decide: conditions that hold for every run that the filter lets through, a window of start times,
/// and the text to search for. <see cref="RunPredicate"/> decides the rest; only a search must be answered here.
/// </summary>
internal sealed class RunPushdown
{
    private readonly ImmutableArray<Filter>.Builder _where = ImmutableArray.CreateBuilder<Filter>();

    public ImmutableArray<Filter> Where => _where.ToImmutable();
    /// <summary>Null for none.</summary>
    public string? Text { get; private set; }
    public DateTimeOffset From { get; private set; } = DateTimeOffset.UnixEpoch;
    /// <summary>Exclusive.</summary>
    public DateTimeOffset To { get; private set; } = AnnotationQuery.AllTime.To;

    public TimeRange Window => new(From, To > From ? To : From.AddTicks(1));

    /// <summary>True when nothing can be in the window.</summary>
    public bool IsEmpty => To <= From;

    public void Add(Filter filter) => _where.Add(filter);

    /// <summary>Takes what it can of a filter. Throws <see cref="RunFilterException"/> for a search that the store cannot answer.</summary>
    public void Add(RunFilter filter)
    {
        switch (filter)
        {
            case RunFilter.And and:
                foreach (var part in and.Parts)
                {
                    Add(part);
                }
                MetadataPair(and.Parts);
                break;
            case RunFilter.Search search:
                Search(search.Text, search.At);
                break;
            case RunFilter.Compare compare:
                Compare(compare);
                break;
            default:
                RefuseSearch(filter, "search(\"…\") can stand alone or in and(…), not in or(…) or not(…)");
                break;
        }
    }

    /// <param name="text">What prompts or answers must contain.</param>
    /// <param name="at">Where it stands in the filter.</param>
    public void Search(string text, int at = 1) =>
        Text = Text is null ? text : throw new RunFilterException(at, "one text can be searched for, not several; put the words in one search");

    /// <summary>Runs that started at this instant or later.</summary>
    public void NotBefore(DateTimeOffset time) => From = time > From ? time : From;

    /// <summary>Runs that started before this instant.</summary>
    public void Before(DateTimeOffset time) => To = time < To ? time : To;

    /// <summary>Throws <see cref="RunFilterException"/> for a filter that searches texts where they are not read.</summary>
    public static void RefuseSearch(RunFilter filter, string why)
    {
        switch (filter)
        {
            case RunFilter.Search:
                throw new RunFilterException(filter.At, why);
            case RunFilter.And and:
                foreach (var part in and.Parts) { RefuseSearch(part, why); }
                break;
            case RunFilter.Or or:
                foreach (var part in or.Parts) { RefuseSearch(part, why); }
                break;
            case RunFilter.Not not:
                RefuseSearch(not.Part, why);
                break;
            default:
                break;
        }
    }

    private void Compare(RunFilter.Compare compare)
    {
        var value = compare.Value;
        switch (compare.Field)
        {
            case { Name: "start_time" } when value.Time is { } time:
                Started(compare.Operator, time);
                break;
            case { Name: "run_type" } when compare.Operator is RunOperator.Eq or RunOperator.In:
                In("kind", compare.Values.SelectMany(wanted => RunFacts.KindsOf(wanted.Text ?? "")).Distinct().Select(kind => kind.ToString().ToLowerInvariant()));
                break;
            case { Name: "status" } when compare.Operator is RunOperator.Eq or RunOperator.In:
                In("state", compare.Values.SelectMany(wanted => RunFacts.StatesOf(wanted.Text ?? "")).Distinct().Select(ObservationStates.Name));
                break;
            case { Kind: RunFieldKind.Error } when value.IsNull || value.Flag is not null:
                Add(Filter.Eq("error", (value.Flag ?? false) == (compare.Operator == RunOperator.Eq) ? "true" : "false"));
                break;
            case { Kind: RunFieldKind.Flag }:
                Add(new Filter("parent_id", value.Flag == (compare.Operator == RunOperator.Eq) ? FilterOp.Missing : FilterOp.Exists, []));
                break;
            case { Kind: RunFieldKind.Tags } when compare.Operator is RunOperator.Has or RunOperator.Eq && IsPlain(value.Text!):
                Add(Filter.Eq(FilterField.PropertyPrefix + RunFacts.TagPrefix + value.Text, "true"));
                break;
            case { Kind: RunFieldKind.MetadataKey } when compare.Operator == RunOperator.Eq && value.Text is { } key && IsPlain(key):
                Add(new Filter(FilterField.PropertyPrefix + key, FilterOp.Exists, []));
                break;
            case { Name: "reference_example_id" } when compare.Operator is RunOperator.Eq or RunOperator.In && compare.Values.All(wanted => !wanted.IsNull):
                In(FilterField.PropertyPrefix + RunFacts.ExampleProperty, compare.Values.Select(wanted => wanted.Text!));
                break;
            case { Stored: { } stored, Kind: RunFieldKind.Text or RunFieldKind.Id }:
                Texts(stored, compare);
                break;
            case { Stored: { } stored, Kind: RunFieldKind.Number or RunFieldKind.Seconds }:
                Numbers(stored, compare);
                break;
            default:
                break;
        }
    }

    private void Started(RunOperator op, DateTimeOffset time)
    {
        switch (op)
        {
            case RunOperator.Gt or RunOperator.Gte:
                NotBefore(time);
                break;
            case RunOperator.Lt:
                Before(time);
                break;
            case RunOperator.Lte:
                Before(time.AddTicks(1));
                break;
            case RunOperator.Eq:
                NotBefore(time);
                Before(time.AddTicks(1));
                break;
            default:
                break;
        }
    }

    private void Texts(string stored, RunFilter.Compare compare)
    {
        var value = compare.Value;
        switch (compare.Operator)
        {
            case RunOperator.Eq or RunOperator.Neq when value.IsNull:
                Add(new Filter(stored, compare.Operator == RunOperator.Eq ? FilterOp.Missing : FilterOp.Exists, []));
                break;
            case RunOperator.Eq or RunOperator.In:
                In(stored, compare.Values.Select(wanted => wanted.Text!));
                break;
            case RunOperator.Neq:
                Add(new Filter(stored, FilterOp.Ne, [value.Text!]));
                break;
            case RunOperator.Search:
                Add(new Filter(stored, FilterOp.Contains, [value.Text!]));
                break;
            default:
                break;
        }
    }

    private void Numbers(string stored, RunFilter.Compare compare)
    {
        FilterOp? op = compare.Operator switch
        {
            RunOperator.Gt => FilterOp.Gt,
            RunOperator.Gte => FilterOp.Gte,
            RunOperator.Lt => FilterOp.Lt,
            RunOperator.Lte => FilterOp.Lte,
            RunOperator.Eq when !compare.Value.IsNull => FilterOp.Eq,
            _ => null,
        };
        if (op is { } known)
        {
            Add(new Filter(stored, known, [compare.Value.Number!.Value.ToString("R", CultureInfo.InvariantCulture)]));
        }
    }

    // and(eq(metadata_key, "user"), eq(metadata_value, "ann")): the key alone is asked for by its own comparison.
    private void MetadataPair(IReadOnlyList<RunFilter> parts)
    {
        var ofMetadata = parts.OfType<RunFilter.Compare>().Where(part => part.Field.IsOfMetadata).ToList();
        if (ofMetadata is [{ Operator: RunOperator.Eq }, { Operator: RunOperator.Eq }]
            && ofMetadata.Find(part => part.Field.Kind == RunFieldKind.MetadataKey)?.Value.Text is { } key && IsPlain(key)
            && ofMetadata.Find(part => part.Field.Kind == RunFieldKind.MetadataValue)?.Value.Text is { Length: < 1_000 } value)
        {
            Add(Filter.Eq(FilterField.PropertyPrefix + key, value));
        }
    }

    private void In(string field, IEnumerable<string> values)
    {
        ImmutableArray<string> all = [.. values];
        // No kind or state has such a name: the store has nothing to compare with, and the predicate finds nothing.
        Add(all.Length == 0 ? Filter.Eq(field, "none") : all.Length == 1 ? Filter.Eq(field, all[0]) : new Filter(field, FilterOp.In, all));
    }

    // The names of properties become part of a path in the store: those that could be read in two ways are left to the predicate.
    private static bool IsPlain(string name) => name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':');
}
