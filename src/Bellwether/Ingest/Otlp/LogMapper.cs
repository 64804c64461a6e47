using System.Collections.Concurrent;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// Log records that are GenAI events: the details and the messages of a call fill or make its observation, the result of an
/// evaluation becomes an annotation. All others are acknowledged and counted.
/// </summary>
internal sealed class LogMapper(SpanIndex index)
{
    private const int MostRemembered = 20_000;

    private readonly ConcurrentDictionary<Guid, byte> _withContent = new();

    /// <summary>Whether texts of this observation came by log lately.</summary>
    public bool HasContent(Guid id) => _withContent.ContainsKey(id);

    public LogFate Map(OtlpSender sender, in OtlpItem item, SpanAttributes attributes, LoggedMessages messages, RequestInFlight request, out LoggedHalf half)
    {
        var body = attributes.Body;
        var span = new SpanRecord { ExceptionType = "", ExceptionMessage = "" };
        ulong observed = 0;
        Slice name = default;
        AttributeValue content = default;
        var facts = new List<Slice>();
        var reader = new ProtoReader(body, item.Bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: span.Start = reader.Number; break;
                case 5: content = AttributeValue.ReadValue(body, reader.Bytes); break;
                case 6: facts.Add(reader.Bytes); break;
                case 9: span.TraceId = reader.Bytes; break;
                case 10: span.SpanId = reader.Bytes; break;
                case 11: observed = reader.Number; break;
                case 12: name = reader.Bytes; break;
            }
        }
        span.Start = span.Start == 0 ? observed : span.Start;
        span.End = span.Start + 1;
        var members = new List<Slice>();
        if (content.Kind == ValueKind.List)
        {
            var list = new ProtoReader(body, content.Bytes);
            while (list.Next())
            {
                members.Add(list.Bytes);
            }
        }
        if (name.Length == 0)
        {
            name = EventName(body, facts);
        }
        var eventName = name.In(body);
        half = default;
        if (eventName.SequenceEqual("gen_ai.client.inference.operation.details"u8))
        {
            attributes.Clear();
            Add(attributes, facts);
            Add(attributes, members);
            half = Call(sender, span, attributes, item, request);
            return LogFate.Mapped;
        }
        if (eventName.SequenceEqual("gen_ai.evaluation.result"u8))
        {
            half = new LoggedHalf(Evaluation(sender, span, body, [.. facts, .. members]), null);
            return half.Record is null ? LogFate.Ignored : LogFate.Mapped;
        }
        if (SpanMessage.Of(eventName) is not { } message)
        {
            return LogFate.Ignored;
        }
        foreach (var member in members.Count > 0 ? members : facts)
        {
            message.Members.Add(AttributeValue.Read(body, member));
        }
        return messages.Add(body, span, item, message, members.Count > 0 ? facts : []) ? LogFate.Collected : LogFate.Ignored;
    }

    /// <summary>A call of which the messages came one by one.</summary>
    public LoggedHalf Map(OtlpSender sender, LoggedCall call, SpanAttributes attributes, RequestInFlight request)
    {
        attributes.Clear();
        Add(attributes, call.Attributes);
        call.Messages.ForEach(attributes.AddMessage);
        return Call(sender, call.Span, attributes, call.Item, request);
    }

    private LoggedHalf Call(OtlpSender sender, in SpanRecord span, SpanAttributes attributes, in OtlpItem item, RequestInFlight request)
    {
        var body = attributes.Body;
        var record = SpanMapper.Map(sender, span, attributes, item.Resource, item.Scope);
        var observation = record.Observation! with { Timings = default };
        observation = observation with { Name = observation.Name.Length > 0 ? observation.Name : $"{observation.Operation} {observation.Model}".Trim() };
        var place = index.Claim(observation.Project, span.TraceId.In(body), span.SpanId.In(body), new SpanPlace(observation.Id, FromLog: true, request));
        observation = observation with { Id = place.Id };
        if (_withContent.Count >= MostRemembered)
        {
            _withContent.Clear();
        }
        _withContent[observation.Id] = 0;
        return new LoggedHalf(record.With(observation, record.Payload), place);
    }

    private TelemetryRecord? Evaluation(OtlpSender sender, in SpanRecord span, ReadOnlySpan<byte> body, List<Slice> facts)
    {
        if (span.TraceId.Length != 16)
        {
            return null;
        }
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            EvaluationEvent.Add(body, fact, values);
        }
        var judged = new Observation
        {
            Id = index.Find(sender.Key.Project, span.TraceId.In(body), span.SpanId.In(body)) ?? Guid.Empty,
            Project = sender.Key.Project,
            StartTime = sender.Now,
            Kind = ObservationKind.Chain,
            State = ObservationState.Ok,
            TraceId = SpanRecord.Hex(body, span.TraceId),
            SpanId = SpanRecord.Hex(body, span.SpanId),
        };
        return EvaluationEvent.Map(sender, judged, span.Start, values);
    }

    private static void Add(SpanAttributes attributes, List<Slice> facts)
    {
        foreach (var fact in facts)
        {
            attributes.Add(fact);
        }
    }

    // Before records had a name of their own, it was an attribute.
    private static Slice EventName(ReadOnlySpan<byte> body, List<Slice> facts)
    {
        foreach (var fact in facts)
        {
            if (AttributeValue.Read(body, fact) is { Kind: ValueKind.Text } value && value.Key.In(body).SequenceEqual("event.name"u8))
            {
                return value.Bytes;
            }
        }
        return default;
    }
}

/// <summary>What a log record says of a call, or an annotation.</summary>
/// <param name="Place">The call's; null for an annotation.</param>
internal readonly record struct LoggedHalf(TelemetryRecord? Record, SpanPlace? Place);
