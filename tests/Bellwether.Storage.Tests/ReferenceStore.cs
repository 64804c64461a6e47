using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.Tests;

/// <summary>What a store must answer, said as plainly as possible: a list and LINQ.</summary>
public sealed class ReferenceStore
{
    private readonly Dictionary<(ProjectId Project, Guid Id), TelemetryRecord> _records = [];

    private readonly Dictionary<(ProjectId Project, Guid Id), Annotation> _annotations = [];

    public IEnumerable<Observation> Observations => _records.Values.Select(record => record.Observation!);

    public void Append(IEnumerable<SequencedRecord> batch)
    {
        foreach (var record in batch)
        {
            if (record.Record.Annotation is { } annotation)
            {
                _annotations[(annotation.Project, annotation.Id)] = annotation;
                if (annotation.Retracted)
                {
                    _annotations.Remove((annotation.Project, annotation.Id));
                }
                continue;
            }
            var observation = record.Record.Observation!;
            var key = (observation.Project, observation.Id);
            if (observation.State != ObservationState.Running || !_records.TryGetValue(key, out var former) || former.Observation!.State == ObservationState.Running)
            {
                _records[key] = record.Record;
            }
        }
    }

    public int Erase(ProjectId project, TimeRange window, ImmutableArray<Filter> where)
    {
        var gone = Matching(project, window, where, null).Select(observation => observation.Id).ToList();
        gone.ForEach(id => _records.Remove((project, id)));
        return gone.Count;
    }

    public RepriceResult Reprice(RepriceRequest request, Func<PricedCall, Cost?> price)
    {
        var result = RepriceResult.None;
        foreach (var call in Matching(request.Project, request.Window, request.Where, null).Where(call => call.Usage.IsKnown).ToList())
        {
            var cost = price(PricedCall.Of(call));
            var changed = cost == call.Cost ? RepriceResult.None
                : new RepriceResult(0, 1, call.Cost?.TotalUsd ?? 0, cost?.TotalUsd ?? 0, call.Cost is null ? 1 : 0, cost is null ? 1 : 0);
            result = result.Add(changed with { Calls = 1 });
            var record = _records[(call.Project, call.Id)];
            _records[(call.Project, call.Id)] = record.With(call with { Cost = cost }, record.Payload);
        }
        return result;
    }

    public List<Observation> Newest(ProjectId project, TimeRange window, ImmutableArray<Filter> where, string? text) =>
        [.. Matching(project, window, where, text).OrderByDescending(observation => observation.StartTime).ThenByDescending(observation => observation.Id)];

    public List<Observation> Trace(TraceRequest request) =>
        [.. Matching(request.Project, request.Window, [], null).Where(observation => observation.TraceId == request.TraceId).OrderBy(observation => observation.StartTime).ThenBy(observation => observation.Id)];

    public List<Annotation> Annotations(AnnotationQuery query)
    {
        static bool In<T>(ImmutableArray<T> wanted, T value) => wanted.IsEmpty || wanted.Contains(value);
        return [.. _annotations.Values
            .Where(annotation => annotation.Project == query.Project && query.Window.Contains(annotation.Time)
                && In(query.Ids, annotation.Id) && In(query.Names, annotation.Name) && In(query.Sources, annotation.Source) && In(query.Categories, annotation.Category) && In(query.Authors, annotation.Author) && !(query.OthersOnly && annotation is ({ Source: "validator" or "evaluator", Author: "bellwether" } or { Source: "guard" }))
                && In(query.Observations, annotation.ObservationId) && In(query.Traces, annotation.TraceId) && In(query.Sessions, annotation.Session)
                && (query.Where.IsEmpty || Matching(query.Project, new TimeRange(query.Window.From - AnnotationQuery.LookBack, query.Window.To), query.Where, null)
                    .Any(call => call.Id == annotation.ObservationId || (annotation.RequestId.Length > 0 && call.RequestId == annotation.RequestId)))
                && (query.Up is null || (annotation.Number is { } number && (number >= 0.5) == query.Up))
                && (query.Text is null || annotation.Text.Contains(query.Text, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(annotation => annotation.Time).ThenByDescending(annotation => annotation.Id)];
    }

    public List<AnnotationCount> AnnotationCounts(AnnotationQuery query, TimeSpan? step) =>
        [.. Annotations(query)
            .GroupBy(annotation => (
                Bucket: step is { } width ? DateTimeOffset.UnixEpoch + (width * Math.Floor((annotation.Time - DateTimeOffset.UnixEpoch) / width)) : (DateTimeOffset?)null,
                annotation.Name, annotation.Source, annotation.Category))
            .OrderBy(group => group.Key.Bucket).ThenBy(group => group.Key.Name, StringComparer.Ordinal).ThenBy(group => group.Key.Source, StringComparer.Ordinal).ThenBy(group => group.Key.Category, StringComparer.Ordinal)
            .Select(group => new AnnotationCount(group.Key.Bucket, group.Key.Name, group.Key.Source, group.Key.Category,
                group.Count(), group.Count(annotation => annotation.Number >= 0.5), group.Count(annotation => annotation.Number < 0.5), group.Average(annotation => annotation.Number)))];

    public List<QueryRow> Query(TelemetryQuery query)
    {
        var matching = Matching(query.Project, query.Window, query.Where, query.Text)
            .Where(observation => observation.IsCall || query.EveryKind || query.Where.Any(filter => filter.Field == "kind") || query.By.Contains(new Dimension("kind")))
            .ToList();
        string Name(IEnumerable<string> group) => string.Join('\u0001', group);
        string[] GroupOf(Observation observation) => [.. query.By.Select(dimension => Text(observation, dimension.Name) ?? "")];
        var rows = matching
            .GroupBy(observation => (
                Bucket: query.Step is { } step ? DateTimeOffset.UnixEpoch + (step * Math.Floor((observation.StartTime - DateTimeOffset.UnixEpoch) / step)) : (DateTimeOffset?)null,
                Group: Name(GroupOf(observation))))
            .Select(cell => new QueryRow(cell.Key.Bucket, [.. GroupOf(cell.First())], [.. query.Measures.Select(measure => Value(measure, [.. cell]))]))
            .ToList();
        if (rows.Count == 0 && query.Step is null && query.By.IsEmpty)
        {
            rows.Add(new QueryRow(null, [], [.. query.Measures.Select(measure => Value(measure, []))]));
        }
        if (query.Limit is { } limit)
        {
            var kept = matching
                .GroupBy(observation => Name(GroupOf(observation)))
                .OrderByDescending(group => Value(query.Measures[0], [.. group]) ?? double.NegativeInfinity)
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .Take(limit)
                .Select(group => group.Key)
                .ToHashSet();
            rows.RemoveAll(row => !query.By.IsEmpty && !kept.Contains(Name(row.Group)));
        }
        return [.. rows
            .OrderBy(row => row.Bucket)
            .ThenByDescending(row => row.Values[0] ?? double.NegativeInfinity)
            .ThenBy(row => Name(row.Group), StringComparer.Ordinal)];
    }

    private IEnumerable<Observation> Matching(ProjectId project, TimeRange window, ImmutableArray<Filter> where, string? text) => _records.Values
        .Where(record => record.Observation!.Project == project && window.Contains(record.Observation.StartTime))
        .Where(record => text is null || record.Payload.SearchText.Contains(text, StringComparison.OrdinalIgnoreCase))
        .Select(record => record.Observation!)
        .Where(observation => where.All(filter => Holds(filter, observation)));

    private static bool Holds(Filter filter, Observation observation)
    {
        if (Amount(observation, filter.Field, out var amount))
        {
            double At(int index) => double.Parse(filter.Values[index], CultureInfo.InvariantCulture);
            return filter.Op switch
            {
                FilterOp.Eq => amount == At(0),
                FilterOp.Ne => amount != At(0),
                FilterOp.Gt => amount > At(0),
                FilterOp.Gte => amount >= At(0),
                FilterOp.Lt => amount < At(0),
                FilterOp.Lte => amount <= At(0),
                FilterOp.Exists => amount is not null,
                FilterOp.Missing => amount is null,
                _ => throw new ArgumentOutOfRangeException(nameof(filter)),
            };
        }
        var text = Text(observation, filter.Field) ?? throw new ArgumentOutOfRangeException(nameof(filter));
        return filter.Op switch
        {
            FilterOp.Eq => text == filter.Values[0],
            FilterOp.Ne => text != filter.Values[0],
            FilterOp.In => filter.Values.Contains(text),
            FilterOp.NotIn => !filter.Values.Contains(text),
            FilterOp.Contains => text.Contains(filter.Values[0], StringComparison.OrdinalIgnoreCase),
            FilterOp.Exists => text.Length > 0,
            FilterOp.Missing => text.Length == 0,
            _ => throw new ArgumentOutOfRangeException(nameof(filter)),
        };
    }

    private static bool Amount(Observation observation, string field, out double? amount)
    {
        (var known, amount) = field switch
        {
            "latency_ms" => (true, (double?)observation.Timings.TotalMs),
            "ttft_ms" => (true, observation.Timings.TtftMs),
            "cost_usd" => (true, (double?)observation.Cost?.TotalUsd),
            "input_tokens" => (true, observation.Usage.InputTokens),
            "output_tokens" => (true, observation.Usage.OutputTokens),
            "total_tokens" => (true, observation.Usage.IsKnown ? observation.Usage.TotalTokens : null),
            "http_status" => (true, observation.HttpStatus),
            _ => (false, null),
        };
        return known;
    }

    private static string? Text(Observation observation, string field) => field switch
    {
        "model" => observation.Model,
        "provider" => observation.Provider,
        "endpoint" => observation.Endpoint,
        "operation" => observation.Operation,
        "surface" => observation.Surface,
        "state" => ObservationStates.Name(observation.State),
        "error_type" => observation.ErrorType,
        "user" => observation.User,
        "session" => observation.Session,
        "key" => observation.KeyId,
        "stream" => observation.Stream ? "true" : "false",
        "error" => observation.IsError ? "true" : "false",
        "priced" => observation.Cost is null ? "false" : "true",
        "estimated" => observation.Usage.Estimated ? "true" : "false",
        "checked" => observation.Checks == 0 ? "false" : "true",
        "checks" => observation.Checks.ToString(CultureInfo.InvariantCulture),
        _ when field.StartsWith(CheckMarks.FieldPrefix, StringComparison.Ordinal) =>
            CheckMarks.Of(observation.Checks, field[CheckMarks.FieldPrefix.Length..]) is not CheckMark.None and var mark ? mark.ToString().ToLowerInvariant() : "",
        "kind" => observation.Kind.ToString().ToLowerInvariant(),
        "http_status" => observation.HttpStatus.ToString(CultureInfo.InvariantCulture),
        _ when field.StartsWith("property.", StringComparison.Ordinal) =>
            observation.Properties.FirstOrDefault(pair => pair.Key == field["property.".Length..]).Value ?? "",
        _ => null,
    };

    private static double? Value(Measure measure, List<Observation> cell) => measure switch
    {
        Measure.Count => cell.Count,
        Measure.Errors => cell.Count(observation => observation.IsError),
        Measure.ErrorRate => cell.Count == 0 ? null : (double)cell.Count(observation => observation.IsError) / cell.Count,
        Measure.LatencyMean => Mean(cell.Select(Latency)),
        Measure.LatencyP50 => Percentile(cell.Select(Latency), 0.5),
        Measure.LatencyP95 => Percentile(cell.Select(Latency), 0.95),
        Measure.LatencyP99 => Percentile(cell.Select(Latency), 0.99),
        Measure.TtftP50 => Percentile(cell.Select(observation => observation.Timings.TtftMs), 0.5),
        Measure.TtftP95 => Percentile(cell.Select(observation => observation.Timings.TtftMs), 0.95),
        Measure.TtftP99 => Percentile(cell.Select(observation => observation.Timings.TtftMs), 0.99),
        Measure.InputTokens => Sum(cell.Select(observation => (double?)observation.Usage.InputTokens)),
        Measure.OutputTokens => Sum(cell.Select(observation => (double?)observation.Usage.OutputTokens)),
        Measure.TotalTokens => Sum(cell.Select(observation => observation.Usage.IsKnown ? (double?)observation.Usage.TotalTokens : null)),
        Measure.CacheReadTokens => Sum(cell.Select(observation => observation.Usage.IsKnown ? (double?)observation.Usage.CacheReadTokens : null)),
        Measure.ReasoningTokens => Sum(cell.Select(observation => observation.Usage.IsKnown ? (double?)observation.Usage.ReasoningTokens : null)),
        Measure.TokensPerSecond => Mean(cell.Select(observation => observation.Timings.TokensPerSecond)),
        Measure.CostUsd => Money(cell.Select(observation => observation.Cost?.TotalUsd)),
        Measure.InputCostUsd => Money(cell.Select(observation => observation.Cost?.InputUsd)),
        Measure.OutputCostUsd => Money(cell.Select(observation => observation.Cost?.OutputUsd)),
        Measure.CostMean => cell.Any(observation => observation.Cost is not null) ? (double?)(cell.Sum(observation => observation.Cost?.TotalUsd) / cell.Count(observation => observation.Cost is not null)) : null,
        Measure.CostP95 => Percentile(cell.Select(observation => (double?)observation.Cost?.TotalUsd), 0.95),
        Measure.Unpriced => cell.Count(observation => observation.Usage.IsKnown && observation.Cost is null),
        Measure.Users => cell.Select(observation => observation.User).Where(user => user.Length > 0).Distinct().Count(),
        Measure.Sessions => cell.Select(observation => observation.Session).Where(session => session.Length > 0).Distinct().Count(),
        Measure.LastSeen => cell.Count == 0 ? null : cell.Max(observation => observation.StartTime).ToUnixTimeMilliseconds(),
        Measure.FirstSeen => cell.Count == 0 ? null : cell.Min(observation => observation.StartTime).ToUnixTimeMilliseconds(),
        _ => throw new ArgumentOutOfRangeException(nameof(measure)),
    };

    // A run that is still going has none yet.
    private static double? Latency(Observation observation) => observation.State == ObservationState.Running ? null : observation.Timings.TotalMs;

    private static double? Sum(IEnumerable<double?> values) => values.Any(value => value is not null) ? values.Sum() : null;

    private static double? Money(IEnumerable<decimal?> values) => values.Any(value => value is not null) ? (double?)values.Sum() : null;

    private static double? Mean(IEnumerable<double?> values) => values.Average();

    private static double? Percentile(IEnumerable<double?> values, double quantile)
    {
        var sorted = values.OfType<double>().Order().ToList();
        return sorted.Count == 0 ? null : LogBuckets.Value(LogBuckets.Of(sorted[Math.Max(1, (int)Math.Ceiling(quantile * sorted.Count)) - 1]));
    }
}
