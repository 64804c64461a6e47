using System.Globalization;
using System.Text;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary><c>gen_ai.evaluation.result</c>, as a log record or as an event of a span, becomes an annotation.</summary>
internal static class EvaluationEvent
{
    private const int MostText = 4096;

    /// <summary>The attributes of a span's event that tell of the evaluation.</summary>
    public static Dictionary<string, string> Values(ReadOnlySpan<byte> body, Slice spanEvent)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new ProtoReader(body, spanEvent);
        while (reader.Next())
        {
            if (reader.Field == 3)
            {
                Add(body, reader.Bytes, values);
            }
        }
        return values;
    }

    /// <summary>Keeps the attribute when it belongs to an evaluation or names the event.</summary>
    public static void Add(ReadOnlySpan<byte> body, Slice keyValue, Dictionary<string, string> values)
    {
        var value = AttributeValue.Read(body, keyValue);
        var key = value.Key.In(body);
        if (key.SequenceEqual("event.name"u8) || key.StartsWith("gen_ai.evaluation."u8))
        {
            var text = value.Text(body);
            values[Encoding.UTF8.GetString(key)] = text.Length <= MostText ? text : text[..MostText];
        }
    }

    /// <param name="sender">Whose project it goes to.</param>
    /// <param name="judged">The step that was judged; its id is empty when the step is not known.</param>
    /// <param name="nanoseconds">When, in OpenTelemetry's unit.</param>
    /// <param name="values">The event's attributes.</param>
    /// <returns>Null when it does not name what was judged.</returns>
    public static TelemetryRecord? Map(OtlpSender sender, Observation judged, ulong nanoseconds, Dictionary<string, string> values)
    {
        var name = values.GetValueOrDefault("gen_ai.evaluation.name", "");
        if (name.Length is 0 or > 128)
        {
            return null;
        }
        return TelemetryRecord.Of(new Annotation
        {
            // The same result sent again, from a clock that is believed or not, is the same annotation.
            Id = ObservationIds.Of("evaluation", SpanClock.IsTime(nanoseconds) ? SpanClock.Time(nanoseconds) : default, sender.Key.Project.Value, judged.TraceId, judged.SpanId, name),
            Project = sender.Key.Project,
            Time = SpanClock.Believed(sender, nanoseconds),
            ObservationId = judged.Id,
            TraceId = judged.TraceId,
            Name = name,
            Source = "evaluator",
            Number = double.TryParse(values.GetValueOrDefault("gen_ai.evaluation.score.value"), NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && double.IsFinite(score) ? score : null,
            Category = values.GetValueOrDefault("gen_ai.evaluation.score.label", ""),
            Text = values.GetValueOrDefault("gen_ai.evaluation.explanation", ""),
        });
    }
}
