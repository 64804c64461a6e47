using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Takes a request in protobuf, hands its observations to the journal and answers when they are durable.</summary>
internal sealed class OtlpReceiver(ITelemetryIntake intake, TelemetryReader reader, SpanIndex index, LogMapper logs, OtlpMeters meters)
{
    // One journal record group; a request of 100,000 spans is not held twice.
    private const int ChunkRecords = 5_000;

    /// <exception cref="OtlpFormatException">The body is not valid.</exception>
    public async ValueTask<OtlpOutcome> ReceiveAsync(OtlpSignal signal, OtlpSender sender, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var groups = OtlpWalk.Groups(body.Span);
        if (signal == OtlpSignal.Metrics)
        {
            meters.Accepted(signal, "counted", groups.Sum(group => group.Items.Count));
            return OtlpOutcome.Ok;
        }
        if (!intake.CanAccept(out var refusal))
        {
            return Refused(signal, refusal);
        }
        return signal == OtlpSignal.Traces
            ? await TracesAsync(sender, groups, body, cancellationToken)
            : await LogsAsync(sender, groups, body, cancellationToken);
    }

    private async ValueTask<OtlpOutcome> TracesAsync(OtlpSender sender, List<OtlpGroup> groups, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var attributes = new SpanAttributes(body);
        var records = new List<TelemetryRecord>();
        long rejected = 0;
        foreach (var group in groups)
        {
            foreach (var item in group.Items)
            {
                if (Map(sender, item, group, attributes) is not { } record)
                {
                    rejected++;
                    continue;
                }
                records.Add(await FilledAsync(record, cancellationToken));
                if (records.Count >= ChunkRecords && await AppendAsync(OtlpSignal.Traces, records, cancellationToken) is { } early)
                {
                    return early;
                }
            }
        }
        if (await AppendAsync(OtlpSignal.Traces, records, cancellationToken) is { } refused)
        {
            return refused;
        }
        meters.Rejected(OtlpSignal.Traces, "bad_id", rejected);
        return rejected == 0 ? OtlpOutcome.Ok : new OtlpOutcome(rejected, "traceId must have 16 bytes and spanId 8, not all of them zero.");
    }

    private TelemetryRecord? Map(OtlpSender sender, Slice item, OtlpGroup group, SpanAttributes attributes)
    {
        var body = attributes.Body;
        var span = SpanRecord.Read(body, item, attributes);
        if (!span.HasValidIds(body))
        {
            return null;
        }
        var record = SpanMapper.Map(sender, span, attributes, group.Resource, group.Scope);
        var observation = record.Observation!;
        if (index.Find(observation.Project, span.TraceId.In(body), span.SpanId.In(body)) is { FromLog: true } made)
        {
            // A log record of this span came first: the span takes its place.
            return record.With(observation with { Id = made.Id }, record.Payload);
        }
        index.Set(observation.Project, span.TraceId.In(body), span.SpanId.In(body), observation.Id, fromLog: false);
        return record;
    }

    // Content that came by log stays when the span has none.
    private async ValueTask<TelemetryRecord> FilledAsync(TelemetryRecord record, CancellationToken cancellationToken)
    {
        var observation = record.Observation!;
        var needs = observation.IsCall && record.Payload is { Input.IsEmpty: true, Output.IsEmpty: true } && logs.HasContent(observation.Id);
        return needs ? ContentMerge.Into(record, await PriorAsync(observation, cancellationToken)) : record;
    }

    private async ValueTask<OtlpOutcome> LogsAsync(OtlpSender sender, List<OtlpGroup> groups, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var attributes = new SpanAttributes(body);
        var records = new List<TelemetryRecord>();
        long ignored = 0;
        foreach (var group in groups)
        {
            foreach (var item in group.Items)
            {
                if (logs.Map(sender, item, group, attributes) is not { } record)
                {
                    ignored++;
                    continue;
                }
                // The span's own facts stay; only what it lacks is filled in.
                if (record.Observation is { } observation && await PriorAsync(observation, cancellationToken) is { } prior)
                {
                    record = ContentMerge.Into(prior, record);
                }
                records.Add(record);
            }
        }
        if (await AppendAsync(OtlpSignal.Logs, records, cancellationToken) is { } refused)
        {
            return refused;
        }
        meters.Accepted(OtlpSignal.Logs, "not_genai", ignored);
        return OtlpOutcome.Ok;
    }

    private async ValueTask<TelemetryRecord?> PriorAsync(Observation observation, CancellationToken cancellationToken)
    {
        if (intake.FindPending(observation.Id) is { } pending)
        {
            return pending;
        }
        return await reader.ReadAsync(observation.Project, observation.Id, cancellationToken) is { } stored
            ? TelemetryRecord.Of(stored.Observation, stored.Payload, mayReplace: true)
            : null;
    }

    private async ValueTask<OtlpOutcome?> AppendAsync(OtlpSignal signal, List<TelemetryRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
        {
            return null;
        }
        var result = await intake.AppendAsync(records.ToArray(), cancellationToken);
        if (!result.Accepted)
        {
            return Refused(signal, result.Refusal);
        }
        meters.Accepted(signal, "stored", records.Count);
        records.Clear();
        return null;
    }

    private OtlpOutcome Refused(OtlpSignal signal, IntakeRefusal refusal)
    {
        meters.Refused(signal, refusal.Code);
        return new OtlpOutcome(0, refusal.Message, Math.Clamp(refusal.RetryAfterSeconds, 1, 30));
    }
}

/// <summary>Two records of one call put together: the span has the facts, the log record the texts.</summary>
internal static class ContentMerge
{
    public static TelemetryRecord Into(TelemetryRecord span, TelemetryRecord? other)
    {
        if (other?.Observation is not { } said || span.Observation is not { } observation)
        {
            return span;
        }
        var payload = span.Payload;
        if (payload.Input.IsEmpty)
        {
            payload = payload with { Input = other.Payload.Input, InputTruncated = other.Payload.InputTruncated };
        }
        if (payload.Output.IsEmpty)
        {
            payload = payload with { Output = other.Payload.Output, OutputTruncated = other.Payload.OutputTruncated, OutputAssembled = other.Payload.OutputAssembled };
        }
        return TelemetryRecord.Of(
            observation with
            {
                Usage = (!observation.Usage.IsKnown || observation.Usage.Estimated) && said.Usage.IsKnown ? said.Usage : observation.Usage,
                Cost = observation.Usage.IsKnown && !observation.Usage.Estimated ? observation.Cost : said.Cost,
                ResponseId = observation.ResponseId.Length > 0 ? observation.ResponseId : said.ResponseId,
                RequestBytes = payload.Input.Length,
                ResponseBytes = payload.Output.Length,
            },
            payload,
            mayReplace: true);
    }
}
