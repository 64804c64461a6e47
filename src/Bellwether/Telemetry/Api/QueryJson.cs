using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Xml;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>
/// <see cref="TelemetryQuery"/> as JSON, both ways. A mistake throws <see cref="TelemetryQueryException"/> with the field.
/// </summary>
internal static class QueryJson
{
    private static readonly Dictionary<string, Measure> Measures = Enum.GetValues<Measure>().ToDictionary(Name, StringComparer.Ordinal);

    private static readonly Dictionary<string, FilterOp> Operators = Enum.GetValues<FilterOp>()
        .ToDictionary(op => JsonNamingPolicy.SnakeCaseLower.ConvertName(op.ToString()), StringComparer.Ordinal);

    public static string Name(Measure measure) => JsonNamingPolicy.SnakeCaseLower.ConvertName(measure.ToString());

    public static TelemetryQuery Read(JsonElement json, ProjectId project, DateTimeOffset now)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new TelemetryQueryException("body", "A query is a JSON object.");
        }
        var window = new TimeRange(now - TimeSpan.FromDays(1), now);
        ImmutableArray<Measure> measures = [];
        var query = new TelemetryQuery(project, window, measures);
        foreach (var member in json.EnumerateObject())
        {
            var value = member.Value;
            query = member.Name switch
            {
                "project" => query,
                "from" => query with { Window = query.Window with { From = Time(value, "from", now) } },
                "to" => query with { Window = query.Window with { To = Time(value, "to", now) } },
                "measures" => query with { Measures = [.. Items(value, "measures").Select(ReadMeasure)] },
                "by" => query with { By = [.. Items(value, "by").Select((item, i) => new Dimension(Text(item, $"by[{i}]")))] },
                "where" => query with { Where = [.. Items(value, "where").Select(ReadFilter)] },
                "step" => query with { Step = ReadStep(value) },
                "limit" => query with { Limit = value.ValueKind == JsonValueKind.Null ? null : Limit(value) },
                "text" => query with { Text = value.ValueKind == JsonValueKind.Null ? null : Text(value, "text") },
                _ => throw new TelemetryQueryException(member.Name, $"There is no member '{member.Name}' in a query; it has from, to, measures, where, by, step, limit, text."),
            };
        }
        if (query.Measures.IsEmpty)
        {
            throw new TelemetryQueryException("measures", $"Name at least one of {string.Join(", ", Measures.Keys)}.");
        }
        return query.Window.From < query.Window.To ? query : throw new TelemetryQueryException("from", "'from' is not before 'to'.");
    }

    public static void Write(Utf8JsonWriter json, TelemetryQuery query, QueryResult result)
    {
        json.WriteStartObject();
        json.WriteString("from", query.Window.From.UtcDateTime);
        json.WriteString("to", query.Window.To.UtcDateTime);
        json.WriteStartArray("rows");
        foreach (var row in result.Rows)
        {
            json.WriteStartObject();
            if (row.Bucket is { } bucket)
            {
                json.WriteString("bucket", bucket.UtcDateTime);
            }
            if (query.By.Length > 0)
            {
                json.WriteStartObject("group");
                for (var i = 0; i < query.By.Length; i++)
                {
                    json.WriteString(query.By[i].Name, row.Group[i]);
                }
                json.WriteEndObject();
            }
            json.WriteStartObject("values");
            for (var i = 0; i < query.Measures.Length; i++)
            {
                if (row.Values[i] is { } value && double.IsFinite(value))
                {
                    json.WriteNumber(Name(query.Measures[i]), value);
                }
                else
                {
                    json.WriteNull(Name(query.Measures[i]));
                }
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("from_rollups", result.FromRollups);
        json.WriteEndObject();
    }

    /// <summary>Filters as they stand in a query; the erase call takes the same.</summary>
    public static Filter ReadFilter(JsonElement item, int index)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"where[{index}]");
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("field", out var field))
        {
            throw new TelemetryQueryException(place, "A filter is {\"field\",\"op\",\"values\":[…]}.");
        }
        var op = FilterOp.Eq;
        if (item.TryGetProperty("op", out var named) && !Operators.TryGetValue(Text(named, place + ".op"), out op))
        {
            throw new TelemetryQueryException(place + ".op", $"One of {string.Join(", ", Operators.Keys)}.");
        }
        ImmutableArray<string> values = item.TryGetProperty("values", out var list)
            ? [.. Items(list, place + ".values").Select((value, i) => Scalar(value, $"{place}.values[{i}]"))]
            : [];
        return new Filter(Text(field, place + ".field"), op, values);
    }

    private static Measure ReadMeasure(JsonElement item, int index) => Measures.TryGetValue(Text(item, $"measures[{index}]"), out var measure)
        ? measure
        : throw new TelemetryQueryException($"measures[{index}]", $"There is no measure '{item.GetString()}'. There are {string.Join(", ", Measures.Keys)}.");

    // "PT1M" or a number of seconds.
    private static TimeSpan? ReadStep(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.Number when value.TryGetInt32(out var seconds) => TimeSpan.FromSeconds(seconds),
                JsonValueKind.String => XmlConvert.ToTimeSpan(value.GetString()!),
                _ => throw new FormatException(),
            };
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new TelemetryQueryException("step", "An ISO 8601 duration such as PT1M, or a whole number of seconds.");
        }
    }

    private static int Limit(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var limit) && limit is > 0 and <= 10_000
        ? limit
        : throw new TelemetryQueryException("limit", "A whole number from 1 to 10,000.");

    private static DateTimeOffset Time(JsonElement value, string field, DateTimeOffset now) => TimeText.TryParse(Text(value, field), now, out var time)
        ? time
        : throw new TelemetryQueryException(field, "RFC 3339 such as 2026-11-23T10:00:00Z, or relative such as now-6h.");

    private static JsonElement.ArrayEnumerator Items(JsonElement value, string field) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray()
        : throw new TelemetryQueryException(field, "A list.");

    private static string Text(JsonElement value, string field)
    {
        try
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                return value.GetString()!;
            }
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: valid JSON, no text.
        }
        throw new TelemetryQueryException(field, "A text.");
    }

    private static string Scalar(JsonElement value, string field) => value.ValueKind switch
    {
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => Text(value, field),
    };
}
