using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// One condition of the parameter <c>filter</c>: <c>{"type":"number","column":"latency","operator":">=","value":2.5}</c>, with a <c>key</c> where the column
/// has keys.
/// </summary>
internal sealed class LangfuseCondition
{
    private const int MostValues = 100;
    private const int LongestText = 2_000;

    private static readonly string[] s_texts = ["=", "contains", "does not contain", "starts with", "ends with", "matches"];
    private static readonly string[] s_order = ["=", ">", "<", ">=", "<="];
    private static readonly Dictionary<string, string[]> s_operators = new(StringComparer.Ordinal)
    {
        ["datetime"] = [">", "<", ">=", "<="],
        ["string"] = s_texts,
        ["stringObject"] = s_texts,
        ["number"] = s_order,
        ["numberObject"] = s_order,
        ["stringOptions"] = ["any of", "none of"],
        ["categoryOptions"] = ["any of", "none of"],
        ["arrayOptions"] = ["any of", "none of", "all of"],
        ["boolean"] = ["=", "<>"],
        ["booleanObject"] = ["=", "<>"],
        ["null"] = ["is null", "is not null"],
    };

    private readonly string _type;
    private readonly string _operator;
    private readonly string _key;
    private readonly ImmutableArray<string> _texts;
    private readonly double _number;
    private readonly bool _flag;

    /// <param name="said">The condition.</param>
    /// <param name="place">Where it stands, for mistakes.</param>
    /// <param name="columns">Those that there are.</param>
    public LangfuseCondition(JsonNode? said, string place, IReadOnlyDictionary<string, LangfuseColumn> columns)
    {
        if (said is not JsonObject)
        {
            throw LangfuseDoor.Invalid("filter", $"{place} must be an object");
        }
        var name = JsonFields.Text(JsonFields.Get(said, "column"));
        Column = columns.GetValueOrDefault(name) ?? throw Mistake("column", $"{Shown(name)} is none here; known are {string.Join(", ", columns.Keys)}");
        _type = JsonFields.Text(JsonFields.Get(said, "type"));
        if (!Column.Types.Contains(_type))
        {
            throw Mistake("type", $"of a condition on {name} must be {string.Join(" or ", Column.Types)}");
        }
        _operator = JsonFields.Text(JsonFields.Get(said, "operator"));
        if (!s_operators[_type].Contains(_operator))
        {
            throw Mistake("operator", $"{Shown(_operator)} is none of the type {_type}; known are {string.Join(", ", s_operators[_type])}");
        }
        _key = JsonFields.Text(JsonFields.Get(said, "key"));
        if (_type is "stringObject" or "numberObject" or "categoryOptions" or "booleanObject" && _key.Length is 0 or > LongestText)
        {
            throw Mistake("key", $"is needed for the type {_type}, with at most {LongestText} characters");
        }
        var value = JsonFields.Get(said, "value");
        switch (_type)
        {
            case "null":
                break;
            case "number" or "numberObject":
                _number = JsonFields.Number(value) ?? throw Mistake("value", "must be a number");
                break;
            case "datetime":
                At = DateTimeOffset.TryParse(JsonFields.Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at.Year is >= 1970 and < 9999
                    ? at : throw Mistake("value", "must be an instant such as 2026-11-26T12:00:00Z");
                break;
            case "boolean" or "booleanObject":
                _flag = value?.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => throw Mistake("value", "must be true or false") };
                break;
            case "string" or "stringObject":
                _texts = [value?.GetValueKind() == JsonValueKind.String ? Checked(JsonFields.Text(value)) : throw Mistake("value", "must be a text")];
                break;
            default:
                _texts = value is JsonArray { Count: <= MostValues } items && items.All(item => item?.GetValueKind() == JsonValueKind.String)
                    ? [.. items.Select(item => Checked(JsonFields.Text(item)))] : throw Mistake("value", $"must be a list of at most {MostValues} texts");
                break;
        }

        IngestRefusal Mistake(string member, string problem) => LangfuseDoor.Invalid("filter", $"{place}.{member} {problem}");
        string Checked(string text) => text.Length > LongestText || text.Contains('\0') ? throw Mistake("value", $"may have texts of at most {LongestText} characters, without U+0000") : text;
    }

    public LangfuseColumn Column { get; }

    /// <summary>The instant that is compared with.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The store has the answer: <see cref="Where"/> or, of times, <see cref="Within"/>.</summary>
    public bool IsExact => Column.Field.Length > 0 && (_type, _operator) is ("string", "=") or ("stringOptions", _) or ("datetime", _) or ("null", _);

    /// <summary>Conditions that the store can be asked for: everything that fits has these.</summary>
    public IEnumerable<Filter> Where()
    {
        if (Column.Field.Length == 0 || Column.Field == LangfuseColumn.Start)
        {
            yield break;
        }
        switch (_type, _operator)
        {
            case ("string", "="):
            case ("stringOptions", "any of"):
                yield return new Filter(Column.Field, FilterOp.In, Values());
                break;
            case ("stringOptions", "none of"):
                yield return new Filter(Column.Field, FilterOp.NotIn, Values());
                break;
            case ("null", "is null"):
                yield return new Filter(Column.Field, FilterOp.Missing, []);
                break;
            case ("null", "is not null"):
                yield return new Filter(Column.Field, FilterOp.Exists, []);
                break;
            case ("string", "contains") when Column is { Usual.Length: 0, Stored: null }:
                yield return new Filter(Column.Field, FilterOp.Contains, _texts);
                break;
        }
    }

    /// <summary>The part of a window that fits; null when none does.</summary>
    public TimeRange? Within(TimeRange window)
    {
        if (Column.Field != LangfuseColumn.Start || _type != "datetime")
        {
            // The time of a start is always known.
            return Column.Field == LangfuseColumn.Start && _operator == "is null" ? null : window;
        }
        var from = _operator switch { ">" => At.AddTicks(1), ">=" => At, _ => window.From };
        var to = _operator switch { "<" => At, "<=" => At.AddTicks(1), _ => window.To };
        var part = new TimeRange(from > window.From ? from : window.From, to < window.To ? to : window.To);
        return part.From < part.To ? part : null;
    }

    public bool Holds(LangfuseSubject subject)
    {
        var value = Column.Read(subject, _key);
        return _type switch
        {
            "null" => value is null == (_operator == "is null"),
            "string" or "stringObject" => Text(value is null ? "" : JsonFields.Text(value) is { Length: > 0 } text ? text : value.GetValueKind() == JsonValueKind.String ? "" : value.ToJsonString()),
            "number" or "numberObject" => Number(value) is { } number && Ordered(number.CompareTo(_number)),
            "datetime" => JsonFields.Time(value) is { } time && Ordered(time.CompareTo(At)),
            // What is not said differs from both.
            "boolean" or "booleanObject" => (value?.GetValueKind() == (_flag ? JsonValueKind.True : JsonValueKind.False)) == (_operator == "="),
            _ => Options(value switch { null => [], JsonArray items => [.. items.Select(JsonFields.Scalar)], _ => [JsonFields.Scalar(value)] }),
        };
    }

    private bool Text(string text) => _operator switch
    {
        "=" => text == _texts[0],
        "contains" => text.Contains(_texts[0], StringComparison.Ordinal),
        "does not contain" => !text.Contains(_texts[0], StringComparison.Ordinal),
        "starts with" => text.StartsWith(_texts[0], StringComparison.Ordinal),
        "ends with" => text.EndsWith(_texts[0], StringComparison.Ordinal),
        // Langfuse's word for a search, which looks at the case of letters in metadata only.
        _ => text.Contains(_texts[0], _type == "stringObject" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase),
    };

    private bool Ordered(int compared) => _operator switch { "=" => compared == 0, ">" => compared > 0, "<" => compared < 0, ">=" => compared >= 0, _ => compared <= 0 };

    private bool Options(IReadOnlyList<string> values) => _operator switch
    {
        "any of" => _texts.Any(values.Contains),
        "none of" => !_texts.Any(values.Contains),
        _ => _texts.All(values.Contains),
    };

    private ImmutableArray<string> Values()
    {
        ImmutableArray<string> values = [.. _texts.Select(text => Column.Stored?.Invoke(text) ?? text)];
        return Column.Usual.Length > 0 && values.Contains(Column.Usual) ? values.Add("") : values;
    }

    private static double? Number(JsonNode? value) => JsonFields.Number(value)
        ?? (double.TryParse(JsonFields.Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null);

    private static string Shown(string text) => $"'{JsonFields.Short(text, 60)}'";
}
