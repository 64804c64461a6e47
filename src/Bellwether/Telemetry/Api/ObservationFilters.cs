using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Telemetry;

/// <summary>
/// The query string of the observation endpoints. <c>model=gpt-4o</c> filters a field, a repeated one means "any of",
/// <c>-state=ok</c> excludes, number fields take <c>&gt;</c>, <c>&gt;=</c>, <c>&lt;</c>, <c>&lt;=</c> before the number
/// (<c>latency_ms=&gt;500</c>), <c>q</c> takes a whole search line (<see cref="FilterSyntax"/>). A mistake throws
/// <see cref="TelemetryQueryException"/> with the parameter.
/// </summary>
internal static class ObservationFilters
{
    private static readonly HashSet<string> Reserved = ["from", "to", "limit", "cursor", "project", "q"];

    public static FilterExpression Read(IQueryCollection parameters)
    {
        var expression = FilterExpression.Empty;
        if (parameters["q"].ToString() is { Length: > 0 } line && !FilterSyntax.TryParse(line, out expression, out var problem))
        {
            throw new TelemetryQueryException("q", problem!.Message);
        }
        var where = expression.Where.ToBuilder();
        foreach (var (name, values) in parameters)
        {
            if (Reserved.Contains(name))
            {
                continue;
            }
            var excluded = name.StartsWith('-');
            if (FilterField.Find(excluded ? name[1..] : name) is not { } field)
            {
                var near = FilterField.Nearest(excluded ? name[1..] : name);
                throw new TelemetryQueryException(name, $"There is no field '{name}'{(near is null ? "." : $"; did you mean '{near}'?")}");
            }
            where.AddRange(Filters(field, excluded, [.. values.Select(value => value ?? "")]));
        }
        return expression with { Where = where.ToImmutable() };
    }

    public static TimeRange Window(IQueryCollection parameters, DateTimeOffset now)
    {
        var to = Time("to", now);
        var from = Time("from", to - TimeSpan.FromDays(1));
        return from < to ? new TimeRange(from, to) : throw new TelemetryQueryException("from", "'from' is not before 'to'.");

        DateTimeOffset Time(string name, DateTimeOffset fallback) =>
            parameters[name].ToString() is not { Length: > 0 } text ? fallback
            : TimeText.TryParse(text, now, out var time) ? time
            : throw new TelemetryQueryException(name, "RFC 3339 such as 2026-11-23T10:00:00Z, or relative such as now-6h. A plus sign in a URL is %2B.");
    }

    public static int Limit(IQueryCollection parameters) =>
        parameters["limit"].ToString() is not { Length: > 0 } text ? 50
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= 1_000 ? limit
        : throw new TelemetryQueryException("limit", "A whole number from 1 to 1,000.");

    private static IEnumerable<Filter> Filters(FilterField field, bool excluded, ImmutableArray<string> values)
    {
        if (field.Kind is FilterFieldKind.Number or FilterFieldKind.Milliseconds && !excluded && values.All(value => value is ['>' or '<', ..]))
        {
            // latency_ms=>500&latency_ms=<1000 is a range: of two bounds both hold.
            return values.Select(value => Compare(field, value));
        }
        return values.Length == 1
            ? [new Filter(field.Name, excluded ? FilterOp.Ne : FilterOp.Eq, values)]
            : [new Filter(field.Name, excluded ? FilterOp.NotIn : FilterOp.In, values)];
    }

    private static Filter Compare(FilterField field, string compared)
    {
        var op = compared switch
        {
            ['>', '=', ..] => FilterOp.Gte,
            ['<', '=', ..] => FilterOp.Lte,
            ['>', ..] => FilterOp.Gt,
            _ => FilterOp.Lt,
        };
        return new Filter(field.Name, op, [compared[(op is FilterOp.Gte or FilterOp.Lte ? 2 : 1)..]]);
    }
}
