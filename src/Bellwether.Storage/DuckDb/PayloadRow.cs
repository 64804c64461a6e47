using System.Data.Common;
using System.Runtime.InteropServices;
using Bellwether.Primitives;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;
using DuckDB.NET.Data;

namespace Bellwether.Storage.DuckDb;

/// <summary>A payload and an annotation as rows.</summary>
internal static class PayloadRow
{
    public static readonly string Columns = "input, output, flags, headers, search, attributes";
    public static readonly string AnnotationColumns = "id, project, ticks, observation_id, name, source, number, category, text, author, trace_id, session_id, request_id";

    private const byte OutputAssembled = 1;
    private const byte InputTruncated = 2;
    private const byte OutputTruncated = 4;

    public static bool IsWorthARow(ObservationPayload payload) => !payload.IsEmpty || payload.SearchText.Length > 0;

    public static void Append(DuckDBAppender appender, Observation observation, ObservationPayload payload)
    {
        var flags = (payload.OutputAssembled ? OutputAssembled : 0) | (payload.InputTruncated ? InputTruncated : 0) | (payload.OutputTruncated ? OutputTruncated : 0);
        appender.CreateRow()
            .AppendValue((Guid?)observation.Id).AppendText(observation.Project.Value).AppendValue((long?)UnixTicks.Of(observation.StartTime))
            .AppendValue(Writable(payload.Input)).AppendValue(Writable(payload.Output)).AppendValue((byte?)flags)
            .AppendText(payload.Headers).AppendText(SearchText.Of(payload, observation.IsCall))
            .AppendValue(Writable(payload.Attributes))
            .EndRow();
    }

    public static ObservationPayload Read(DbDataReader reader)
    {
        var flags = reader.GetByte(2);
        return new ObservationPayload
        {
            Input = Bytes(reader, 0),
            Output = Bytes(reader, 1),
            OutputAssembled = (flags & OutputAssembled) != 0,
            InputTruncated = (flags & InputTruncated) != 0,
            OutputTruncated = (flags & OutputTruncated) != 0,
            Headers = reader.GetString(3),
            SearchText = reader.GetString(4),
            Attributes = Bytes(reader, 5),
        };
    }

    public static void Append(DuckDBAppender appender, Annotation annotation) => appender.CreateRow()
        .AppendValue((Guid?)annotation.Id).AppendText(annotation.Project.Value).AppendValue((long?)UnixTicks.Of(annotation.Time))
        .AppendValue((Guid?)annotation.ObservationId).AppendText(annotation.Name).AppendText(annotation.Source).AppendValue(annotation.Number)
        .AppendText(annotation.Category).AppendText(annotation.Text).AppendText(annotation.Author)
        .AppendText(annotation.TraceId).AppendText(annotation.Session).AppendText(annotation.RequestId)
        .EndRow();

    public static Annotation ReadAnnotation(DbDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Project = new ProjectId(reader.GetString(1)),
        Time = UnixTicks.ToTime(reader.GetInt64(2)),
        ObservationId = reader.GetGuid(3),
        Name = reader.GetString(4),
        Source = reader.GetString(5),
        Number = reader.IsDBNull(6) ? null : reader.GetDouble(6),
        Category = reader.GetString(7),
        Text = reader.GetString(8),
        Author = reader.GetString(9),
        TraceId = reader.GetString(10),
        Session = reader.GetString(11),
        RequestId = reader.GetString(12),
    };

    // The appender asks for a writable span and only reads it.
    private static Span<byte> Writable(ReadOnlyMemory<byte> bytes) => MemoryMarshal.AsMemory(bytes).Span;

    private static byte[] Bytes(DbDataReader reader, int column)
    {
        // The appender makes a null of no bytes.
        if (reader.IsDBNull(column))
        {
            return [];
        }
        using var stream = reader.GetStream(column);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
