using System.Globalization;
using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Bellwether.Exports;

/// <summary>Lines of an export as a Parquet file: a flat row for each, texts and what has parts as JSON.</summary>
internal static class ParquetFile
{
    private const int RowsInAGroup = 20_000;
    // Texts are held for a whole group.
    private const long BytesInAGroup = 64 << 20;

    private static readonly Column[] s_columns =
    [
        Text("id"), Text("project"), new("start_time", ColumnKind.Time, ["start_time"]), Text("kind"), Text("state"), Text("name"), Text("operation"), Text("surface"), Text("provider"),
        Text("model"), Text("request_model"), Text("endpoint"), Text("user"), Text("session"), Text("key"), Text("trace_id"), Text("span_id"), Text("parent_id"), Text("request_id"),
        Text("provider_request_id"), Text("response_id"), new("stream", ColumnKind.Flag, ["stream"]), new("http_status", ColumnKind.Number, ["http_status"]), Text("service_tier"), Text("finish_reason"),
        Text("system_fingerprint"), Text("prompt_name"), Text("prompt_version"), new("retry_count", ColumnKind.Number, ["retry_count"]),
        Text("error_type", "error", "type"), Text("error_code", "error", "code"), Text("error_message", "error", "message"),
        new("total_ms", ColumnKind.Real, ["timings", "total_ms"]), new("queue_ms", ColumnKind.Real, ["timings", "queue_ms"]), new("upstream_ms", ColumnKind.Real, ["timings", "upstream_ms"]),
        new("ttft_ms", ColumnKind.Real, ["timings", "ttft_ms"]), new("tokens_per_second", ColumnKind.Real, ["timings", "tokens_per_second"]),
        new("input_tokens", ColumnKind.Number, ["usage", "input_tokens"]), new("output_tokens", ColumnKind.Number, ["usage", "output_tokens"]),
        new("cache_read_tokens", ColumnKind.Number, ["usage", "cache_read_tokens"]), new("cache_write_tokens", ColumnKind.Number, ["usage", "cache_write_tokens"]),
        new("reasoning_tokens", ColumnKind.Number, ["usage", "reasoning_tokens"]), new("estimated", ColumnKind.Flag, ["usage", "estimated"]),
        new("input_usd", ColumnKind.Real, ["cost", "input_usd"]), new("output_usd", ColumnKind.Real, ["cost", "output_usd"]), new("total_usd", ColumnKind.Real, ["cost", "total_usd"]),
        Text("price_version", "cost", "price_version"), Text("properties"), Text("parameters"), Text("input"), Text("output"), Text("attributes"), Text("annotations"),
    ];

    private enum ColumnKind { Text, Number, Real, Flag, Time }

    private sealed record Column(string Name, ColumnKind Kind, string[] Path)
    {
        public DataField Field { get; } = Kind switch
        {
            ColumnKind.Text => new DataField<string>(Name),
            ColumnKind.Number => new DataField<long?>(Name),
            ColumnKind.Real => new DataField<double?>(Name),
            ColumnKind.Flag => new DataField<bool?>(Name),
            ColumnKind.Time => new DateTimeDataField(Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable: true),
            _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, null),
        };
    }

    /// <summary>Makes the file anew, whatever is there.</summary>
    /// <param name="rows">The file of lines.</param>
    /// <param name="file">What is made.</param>
    /// <param name="beforeGroup">Asked before each piece, with the most bytes that it can take; may throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task WriteAsync(string rows, string file, Action<long> beforeGroup, CancellationToken cancellationToken)
    {
        await using (var target = new FileStream(file, FileMode.Create, FileAccess.ReadWrite))
        {
            await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. s_columns.Select(column => (Field)column.Field)]), target, cancellationToken: cancellationToken))
            {
                await foreach (var (group, bytes) in GroupsAsync(rows, cancellationToken))
                {
                    beforeGroup(bytes);
                    await WriteGroupAsync(writer, group, cancellationToken);
                }
            }
            target.Flush(flushToDisk: true);
        }
    }

    private static async IAsyncEnumerable<(List<string> Lines, long Bytes)> GroupsAsync(string rows, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(rows, Encoding.UTF8);
        var group = new List<string>();
        var bytes = 0L;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            group.Add(line);
            bytes += Encoding.UTF8.GetByteCount(line);
            if (group.Count >= RowsInAGroup || bytes >= BytesInAGroup)
            {
                yield return (group, bytes);
                group = [];
                bytes = 0;
            }
        }
        if (group.Count > 0)
        {
            yield return (group, bytes);
        }
    }

    private static async Task WriteGroupAsync(ParquetWriter writer, List<string> lines, CancellationToken cancellationToken)
    {
        var documents = lines.ConvertAll(line => JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 256 }));
        try
        {
            using var group = writer.CreateRowGroup();
            foreach (var column in s_columns)
            {
                var values = documents.ConvertAll(document => Value(document.RootElement, column.Path));
                await (column.Kind switch
                {
                    ColumnKind.Text => group.WriteAsync(column.Field, values.ConvertAll(AsText)),
                    ColumnKind.Number => group.WriteAsync<long>(column.Field, values.ConvertAll(value => value is { ValueKind: JsonValueKind.Number } && value.Value.TryGetInt64(out var number) ? number : (long?)null).ToArray(), cancellationToken: cancellationToken),
                    ColumnKind.Real => group.WriteAsync<double>(column.Field, values.ConvertAll(value => value is { ValueKind: JsonValueKind.Number } ? value.Value.GetDouble() : (double?)null).ToArray(), cancellationToken: cancellationToken),
                    ColumnKind.Flag => group.WriteAsync<bool>(column.Field, values.ConvertAll(value => value?.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => (bool?)null }).ToArray(), cancellationToken: cancellationToken),
                    ColumnKind.Time => group.WriteAsync<DateTime>(column.Field, values.ConvertAll(AsTime).ToArray(), cancellationToken: cancellationToken),
                    _ => throw new ArgumentOutOfRangeException(nameof(lines), column.Kind, null),
                });
            }
        }
        finally
        {
            documents.ForEach(document => document.Dispose());
        }
    }

    private static Column Text(string name, params string[] path) => new(name, ColumnKind.Text, path.Length > 0 ? path : [name]);

    private static JsonElement? Value(JsonElement element, string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }
        return element;
    }

    private static string? AsText(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => other.GetRawText(),
    };

    private static DateTime? AsTime(JsonElement? value) =>
        DateTimeOffset.TryParse(AsText(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time.UtcDateTime : null;
}
