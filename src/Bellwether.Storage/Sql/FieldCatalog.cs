using System.Collections.Frozen;
using System.Globalization;
using Bellwether.Telemetry;

namespace Bellwether.Storage.Sql;

internal enum FieldType { Text, Number, Money, Boolean, Id }

/// <summary>
/// A field of a query. <paramref name="Expression"/> is SQL over the observation table's columns and never null for text.
/// A <paramref name="Sliced"/> field has hourly rollups of its own.
/// </summary>
internal sealed record Field(string Name, FieldType Type, string Expression, bool Groups, bool Sliced = false);

/// <summary>Every field that queries know, by its public name.</summary>
internal static class FieldCatalog
{
    private static readonly string s_propertyPrefix = "property.";

    /// <summary>Fields with hourly rollups, in the order in which they are stored.</summary>
    public static readonly IReadOnlyList<Field> Slices =
    [
        Sliced("model"), Sliced("provider"), Sliced("endpoint"), Sliced("operation"), Sliced("surface"), Sliced("state"),
        Sliced("error_type"), new Field("key", FieldType.Text, "key_id", Groups: true, Sliced: true),
    ];

    private static readonly FrozenDictionary<string, Field> s_fields = Slices
        .Concat(
        [
            Text("request_model"), Text("user", "user_id"), Text("session", "session_id"), Text("kind"), Text("finish_reason"), Text("trace_id"),
            Text("span_id"), Text("parent_id"), Text("prompt_name"), Text("prompt_version"), Text("request_id"), Text("provider_request_id"), Text("response_id"), Text("system_fingerprint"), Text("name"),
            Text("service_tier"), Text("price_provider"), Text("error_code"),
            Text("price_version", "coalesce(price_version, '')"),
            new Field("stream", FieldType.Boolean, "stream", Groups: true),
            new Field("http_status", FieldType.Number, "http_status", Groups: true),
            new Field("retry_count", FieldType.Number, "retry_count", Groups: true),
            Number("latency_ms", "total_ms"), Number("ttft_ms"), Number("input_tokens"), Number("output_tokens"),
            Number("total_tokens", "CASE WHEN input_tokens IS NOT NULL OR output_tokens IS NOT NULL THEN coalesce(input_tokens, 0) + coalesce(output_tokens, 0) END"),
            new Field("cost_usd", FieldType.Money, "(cost_in + cost_out)", Groups: false),
            Boolean("error", "is_error"), Boolean("estimated"), Boolean("priced", "(price_version IS NOT NULL)"),
            Boolean("checked", "(checks <> 0)"),
            // All marks of an answer at once, to count by: with few kinds of calls there are few different ones.
            new Field("checks", FieldType.Number, "checks", Groups: true),
            .. CheckMarks.Validators.Select(Check),
            new Field("id", FieldType.Id, "id", Groups: false),
        ])
        .ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>Finds a field, or throws naming it and the nearest known one.</summary>
    public static Field Find(string name)
    {
        if (s_fields.TryGetValue(name, out var field))
        {
            return field;
        }
        if (name.StartsWith(s_propertyPrefix, StringComparison.Ordinal) && name.Length > s_propertyPrefix.Length)
        {
            return new Field(name, FieldType.Text, PropertyExpression(name[s_propertyPrefix.Length..]), Groups: true);
        }
        throw new TelemetryQueryException(name, $"There is no field \"{name}\". Known: {string.Join(", ", s_fields.Keys.Order(StringComparer.Ordinal))}, property.<name>.");
    }

    public static Field FindGroup(string name)
    {
        var field = Find(name);
        return field.Groups ? field : throw new TelemetryQueryException(name, $"\"{name}\" can be filtered by, not grouped by.");
    }

    // A JSON pointer, as a quoted literal: a path cannot be a parameter where it is grouped by.
    private static string PropertyExpression(string name)
    {
        var pointer = "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return $"CASE WHEN properties = '' THEN '' ELSE coalesce(json_extract_string(properties, '{pointer.Replace("'", "''", StringComparison.Ordinal)}'), '') END";
    }

    private static Field Check(string validator) => Text(
        CheckMarks.FieldPrefix + validator,
        string.Create(CultureInfo.InvariantCulture, $"CASE (checks >> {CheckMarks.BitOf(validator)}) & 3 WHEN 1 THEN 'pass' WHEN 2 THEN 'warn' WHEN 3 THEN 'fail' ELSE '' END"));
    private static Field Sliced(string name) => new(name, FieldType.Text, name, Groups: true, Sliced: true);
    private static Field Text(string name, string? expression = null) => new(name, FieldType.Text, expression ?? name, Groups: true);
    private static Field Number(string name, string? expression = null) => new(name, FieldType.Number, expression ?? name, Groups: false);
    private static Field Boolean(string name, string? expression = null) => new(name, FieldType.Boolean, expression ?? name, Groups: false);
}
