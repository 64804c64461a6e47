using System.Globalization;

namespace Bellwether.Datasets;

/// <summary>The end of a SELECT: conditions that were asked for, order and limit. Values travel as parameters only.</summary>
internal sealed class Conditions
{
    private readonly List<string> _where = [];
    private readonly List<(string Name, object? Value)> _parameters = [];

    public Conditions Equal(string column, object? value) => value is null ? this : Add($"{column} = {Parameter(value)}");

    public Conditions Before(string column, Guid? id) => id is null ? this : Add($"{column} < {Parameter(id.ToString()!)}");

    public Conditions In(string column, IReadOnlyList<Guid>? ids) =>
        ids is null ? this : Add(ids.Count == 0 ? "1 = 0" : $"{column} IN ({string.Join(", ", ids.Select(id => Parameter(id.ToString())))})");

    /// <summary>Whatever the case of its letters.</summary>
    public Conditions Contains(string column, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return this;
        }
        var pattern = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
        return Add($@"LOWER({column}) LIKE LOWER({Parameter($"%{pattern}%")}) ESCAPE '\'");
    }

    /// <summary>A JSON array of texts that has at least one of these. LIKE has other rules for letters on the other engine.</summary>
    public Conditions HasAny(string column, IReadOnlyList<string>? texts) => texts is null ? this : Add(texts.Count == 0
        ? "1 = 0"
        : $"({string.Join(" OR ", texts.Select(text => $"REPLACE({column}, {Parameter(DatasetText.Quote(text))}, '') <> {column}"))})");

    /// <param name="condition">With numbers in it at most.</param>
    public Conditions Add(string condition)
    {
        _where.Add(condition);
        return this;
    }

    public (string Sql, (string Name, object? Value)[] Parameters) End(string order, int limit) =>
        (string.Create(CultureInfo.InvariantCulture, $"WHERE {string.Join(" AND ", _where)} ORDER BY {order} LIMIT {limit}"), [.. _parameters]);

    private string Parameter(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{_parameters.Count}");
        _parameters.Add((name, value));
        return name;
    }
}
