using System.Globalization;
using System.Text;

namespace Bellwether.Storage.Sql;

/// <summary>SQL with its parameters. Values are only ever parameters; a parameter may be used in several places.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder _text = new();
    private readonly List<object> _values = [];

    public IReadOnlyList<object> Values => _values;

    public SqlText Append(string sql)
    {
        _text.Append(sql);
        return this;
    }

    /// <summary>Adds a value and returns the placeholder that stands for it.</summary>
    public string Value(object value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }

    public override string ToString() => _text.ToString();
}
