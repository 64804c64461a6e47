using System.Collections.Immutable;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>What is chosen of one field: values that must, and values that must not, be there.</summary>
public sealed record FieldChoice(ImmutableHashSet<string> Included, ImmutableHashSet<string> Excluded)
{
    public bool IsEmpty => Included.IsEmpty && Excluded.IsEmpty;
}

/// <summary>Changes a search line by clicks: including and excluding values, and taking a field out.</summary>
internal static class RequestFilter
{
    public static FieldChoice Choice(FilterExpression expression, string field)
    {
        var included = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        var excluded = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var filter in expression.Where.Where(filter => filter.Field == field))
        {
            if (filter.Op is FilterOp.Eq or FilterOp.In)
            {
                included.UnionWith(filter.Values);
            }
            else if (filter.Op is FilterOp.Ne or FilterOp.NotIn)
            {
                excluded.UnionWith(filter.Values);
            }
            else if (filter.Op is FilterOp.Missing)
            {
                included.Add("");
            }
            else if (filter.Op is FilterOp.Exists)
            {
                excluded.Add("");
            }
        }
        return new(included.ToImmutable(), excluded.ToImmutable());
    }

    /// <summary>Adds a value to those that are asked for, or takes it away again.</summary>
    public static FilterExpression Include(FilterExpression expression, string field, string value)
    {
        var choice = Choice(expression, field);
        return Replace(expression, field, choice.Included.Contains(value)
            ? choice with { Included = choice.Included.Remove(value) }
            // "Not set" cannot stand in a list with values, so choosing one lets the other go.
            : new(value.Length == 0 ? [""] : choice.Included.Remove("").Add(value), choice.Excluded.Remove(value)));
    }

    /// <summary>Adds a value to those that must not be there, or takes it away again.</summary>
    public static FilterExpression Exclude(FilterExpression expression, string field, string value)
    {
        var choice = Choice(expression, field);
        return Replace(expression, field, choice.Excluded.Contains(value)
            ? choice with { Excluded = choice.Excluded.Remove(value) }
            : new(choice.Included.Remove(value), choice.Excluded.Add(value)));
    }

    /// <summary>The expression without any inclusion or exclusion of a field: what its facet is counted over.</summary>
    public static FilterExpression Without(FilterExpression expression, string field) => Replace(expression, field, new([], []));

    private static FilterExpression Replace(FilterExpression expression, string field, FieldChoice choice)
    {
        var kept = expression.Where.Where(filter => filter.Field != field
            || filter.Op is FilterOp.Gt or FilterOp.Gte or FilterOp.Lt or FilterOp.Lte or FilterOp.Contains);
        var where = ImmutableArray.CreateBuilder<Filter>();
        where.AddRange(kept);
        var included = choice.Included.Remove("").Order(StringComparer.Ordinal).ToImmutableArray();
        var excluded = choice.Excluded.Remove("").Order(StringComparer.Ordinal).ToImmutableArray();
        if (choice.Included.Contains("")) { where.Add(new(field, FilterOp.Missing, [])); }
        if (!included.IsEmpty) { where.Add(new(field, included.Length == 1 ? FilterOp.Eq : FilterOp.In, included)); }
        if (choice.Excluded.Contains("")) { where.Add(new(field, FilterOp.Exists, [])); }
        if (!excluded.IsEmpty) { where.Add(new(field, excluded.Length == 1 ? FilterOp.Ne : FilterOp.NotIn, excluded)); }
        return expression with { Where = where.DrainToImmutable() };
    }
}
