using System.Collections.Concurrent;
using System.Globalization;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// Log records that are GenAI events: the details of a call fill or make its observation, the result of an evaluation becomes an
/// annotation. All others are acknowledged and counted.
/// </summary>
internal sealed class LogMapper(SpanIndex index)
{
    private const int MostRemembered = 20_000;

    private readonly ConcurrentDictionary<Guid, byte> _withContent = new();

    /// <summary>Whether texts of this observation came by log lately.</summary>
    public bool HasContent(Guid id) => _withContent.ContainsKey(id);

    public TelemetryRecord? Map(OtlpSender sender, Slice item, OtlpGroup group, SpanAttributes attributes)
    {
        var body = attributes.Body;
        var span = new SpanRecord { ExceptionType = "", ExceptionMessage = "" };
        ulong observed = 0;
        var name = "";
        AttributeValue content = default;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        attributes.Clear();
        var reader = new ProtoReader(body, item);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: span.Start = reader.Number; break;
                case 5: content = AttributeValue.ReadValue(body, reader.Bytes); break;
                case 6:
                    Add(attributes, reader.Bytes, values);
                    break;
                case 9: span.TraceId = reader.Bytes; break;
                case 10: span.SpanId = reader.Bytes; break;
                case 11: observed = reader.Number; break;
                case 12: name = SpanRecord.Text(body, reader.Bytes, 128); break;
            }
        }
        if (content.Kind == ValueKind.List)
        {
            var members = new ProtoReader(body, content.Bytes);
            while (members.Next())
            {
                Add(attributes, members.Bytes, values);
            }
        }
        span.Start = span.Start == 0 ? observed : span.Start;
        span.End = span.Start + 1;
        return (name.Length > 0 ? name : values.GetValueOrDefault("event.name", "")) switch
        {
            "gen_ai.client.inference.operation.details" => Details(sender, span, attributes, group),
            "gen_ai.evaluation.result" => Evaluation(sender, span, body, values),
            _ => null,
        };
    }

    private TelemetryRecord Details(OtlpSender sender, in SpanRecord span, SpanAttributes attributes, OtlpGroup group)
    {
        var body = attributes.Body;
        var record = SpanMapper.Map(sender, span, attributes, group.Resource, group.Scope);
        var observation = record.Observation! with { Timings = default };
        observation = observation with { Name = observation.Name.Length > 0 ? observation.Name : $"{observation.Operation} {observation.Model}".Trim() };
        var known = index.Find(observation.Project, span.TraceId.In(body), span.SpanId.In(body));
        if (known is { } place)
        {
            observation = observation with { Id = place.Id };
        }
        else
        {
            index.Set(observation.Project, span.TraceId.In(body), span.SpanId.In(body), observation.Id, fromLog: true);
        }
        if (_withContent.Count >= MostRemembered)
        {
            _withContent.Clear();
        }
        _withContent[observation.Id] = 0;
        return record.With(observation, record.Payload);
    }

    private TelemetryRecord? Evaluation(OtlpSender sender, in SpanRecord span, ReadOnlySpan<byte> body, Dictionary<string, string> values)
    {
        var name = values.GetValueOrDefault("gen_ai.evaluation.name", "");
        if (name.Length is 0 or > 128 || span.TraceId.Length != 16)
        {
            return null;
        }
        var time = span.Start == 0 ? sender.Now : SpanMapper.Time(span.Start);
        var traceId = SpanRecord.Hex(body, span.TraceId);
        var spanId = SpanRecord.Hex(body, span.SpanId);
        return TelemetryRecord.Of(new Annotation
        {
            Id = ObservationIds.Of("evaluation", time, sender.Key.Project.Value, traceId, spanId, name),
            Project = sender.Key.Project,
            Time = time,
            ObservationId = index.Find(sender.Key.Project, span.TraceId.In(body), span.SpanId.In(body))?.Id ?? Guid.Empty,
            TraceId = traceId,
            Name = name,
            Source = "evaluator",
            Number = double.TryParse(values.GetValueOrDefault("gen_ai.evaluation.score.value"), NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && double.IsFinite(score) ? score : null,
            Category = values.GetValueOrDefault("gen_ai.evaluation.score.label", ""),
            Text = values.GetValueOrDefault("gen_ai.evaluation.explanation", ""),
        });
    }

    private static void Add(SpanAttributes attributes, Slice keyValue, Dictionary<string, string> values)
    {
        attributes.Add(keyValue);
        var value = AttributeValue.Read(attributes.Body, keyValue);
        var key = value.Key.In(attributes.Body);
        if (key.SequenceEqual("event.name"u8) || key.StartsWith("gen_ai.evaluation."u8))
        {
            var text = value.Text(attributes.Body);
            values[System.Text.Encoding.UTF8.GetString(key)] = text.Length <= 4096 ? text : text[..4096];
        }
    }
}
