using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Telemetry;

namespace Bellwether.Storage.Sql;

/// <summary>Turns filters into a condition. Throws <see cref="TelemetryQueryException"/> naming the field for what makes no sense.</summary>
internal static class FilterCompiler
{
    private static readonly int s_mostValues = 1_000;

    /// <param name="sql">Takes the values.</param>
    /// <param name="expression">What stands for a field: its own expression, or the value column of a rollup slice.</param>
    public static string Compile(SqlText sql, ImmutableArray<Filter> filters, Func<Field, string> expression)
    {
        var conditions = new List<string>(filters.Length);
        foreach (var filter in filters)
        {
            var field = FieldCatalog.Find(filter.Field);
            conditions.Add(Condition(sql, filter, field, expression(field)));
        }
        return conditions.Count == 0 ? "TRUE" : string.Join(" AND ", conditions);
    }

    /// <summary>Throws if the filters make no sense, whether or not there is anything to filter.</summary>
    public static void Check(ImmutableArray<Filter> filters) => Compile(new SqlText(), filters, field => field.Expression);

    private static string Condition(SqlText sql, Filter filter, Field field, string column) => filter.Op switch
    {
        FilterOp.Eq => $"{column} = {One(sql, filter, field)}",
        FilterOp.Ne => $"{column} IS DISTINCT FROM {One(sql, filter, field)}",
        FilterOp.In => $"{column} IN ({Many(sql, filter, field)})",
        // A row without the value is not one of the values: NULL must pass.
        FilterOp.NotIn => $"({column} NOT IN ({Many(sql, filter, field)})) IS NOT FALSE",
        FilterOp.Gt => Ordered(sql, filter, field, column, ">"),
        FilterOp.Gte => Ordered(sql, filter, field, column, ">="),
        FilterOp.Lt => Ordered(sql, filter, field, column, "<"),
        FilterOp.Lte => Ordered(sql, filter, field, column, "<="),
        FilterOp.Contains when field.Type == FieldType.Text => $"contains(lower({column}), lower({One(sql, filter, field)}))",
        FilterOp.Contains => throw Mismatch(filter, field),
        FilterOp.Exists => Exists(filter, field, column),
        FilterOp.Missing => $"NOT ({Exists(filter, field, column)})",
        _ => throw new TelemetryQueryException(filter.Field, $"Unknown operator for \"{filter.Field}\"."),
    };

    private static string Exists(Filter filter, Field field, string column) =>
        !filter.Values.IsDefaultOrEmpty ? throw new TelemetryQueryException(filter.Field, $"{filter.Op} on \"{filter.Field}\" takes no value.")
        : field.Type == FieldType.Text ? $"{column} <> ''"
        : $"{column} IS NOT NULL";

    private static string Ordered(SqlText sql, Filter filter, Field field, string column, string comparison) =>
        field.Type is FieldType.Number or FieldType.Money
            ? $"{column} {comparison} {One(sql, filter, field)}"
            : throw Mismatch(filter, field);

    private static string One(SqlText sql, Filter filter, Field field) =>
        filter.Values.IsDefault || filter.Values.Length != 1
            ? throw new TelemetryQueryException(filter.Field, $"{filter.Op} on \"{filter.Field}\" takes exactly one value.")
            : Parameter(sql, filter, field, filter.Values[0]);

    private static string Many(SqlText sql, Filter filter, Field field) =>
        filter.Values.IsDefaultOrEmpty || filter.Values.Length > s_mostValues
            ? throw new TelemetryQueryException(filter.Field, $"{filter.Op} on \"{filter.Field}\" takes 1 to {s_mostValues} values.")
            : string.Join(", ", filter.Values.Select(value => Parameter(sql, filter, field, value)));

    private static string Parameter(SqlText sql, Filter filter, Field field, string text)
    {
        switch (field.Type)
        {
            case FieldType.Text:
                return sql.Value(text);
            case FieldType.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                return sql.Value(number);
            case FieldType.Money when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var money):
                return sql.Value(money);
            case FieldType.Boolean when bool.TryParse(text, out var flag):
                return sql.Value(flag);
            case FieldType.Id when Guid.TryParse(text, out var id):
                return sql.Value(id);
            default:
                throw new TelemetryQueryException(filter.Field, $"\"{filter.Field}\" takes a {Expected(field.Type)}; \"{Shorten(text)}\" is none.");
        }
    }

    private static TelemetryQueryException Mismatch(Filter filter, Field field) =>
        new(filter.Field, $"{filter.Op} cannot be used on \"{filter.Field}\", which is a {Expected(field.Type)}.");

    private static string Expected(FieldType type) => type switch
    {
        FieldType.Text => "text",
        FieldType.Number or FieldType.Money => "number",
        FieldType.Boolean => "true/false value",
        FieldType.Id => "GUID",
        _ => "value",
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
