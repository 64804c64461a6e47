using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Ingest;

/// <summary>Takes a request in protobuf, hands its observations to the journal and answers when they are durable.</summary>
internal sealed class OtlpReceiver(ITelemetryIntake intake, TelemetryReader reader, SpanIndex index, LogMapper logs, OtlpMeters meters, ILogger<OtlpReceiver> logger)
{
    // One journal record group; a request of 100,000 spans, or of few with long texts, is not held twice.
    private const int ChunkRecords = 5_000;
    private const int ChunkBytes = 16 * 1024 * 1024;

    /// <exception cref="OtlpFormatException">The body is not valid.</exception>
    public async ValueTask<OtlpOutcome> ReceiveAsync(OtlpSignal signal, OtlpSender sender, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var count = OtlpWalk.Count(body.Span);
        if (signal == OtlpSignal.Metrics)
        {
            meters.Accepted(signal, "counted", count);
            return OtlpOutcome.Ok;
        }
        if (!intake.CanAccept(out var refusal))
        {
            return Refused(signal, refusal);
        }
        return signal == OtlpSignal.Traces
            ? await TracesAsync(sender, body, cancellationToken)
            : await LogsAsync(sender, body, cancellationToken);
    }

    private async ValueTask<OtlpOutcome> TracesAsync(OtlpSender sender, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var attributes = new SpanAttributes(body);
        var records = new List<TelemetryRecord>();
        var annotations = new List<TelemetryRecord>();
        var (rejected, bytes) = (0L, 0L);
        foreach (var item in OtlpWalk.Items(body))
        {
            if (MapSpan(sender, item, attributes, annotations) is not { } record)
            {
                rejected++;
                continue;
            }
            records.Add(await FilledAsync(record, cancellationToken));
            records.AddRange(annotations);
            annotations.Clear();
            bytes += record.Payload.Input.Length + record.Payload.Output.Length + record.Payload.Attributes.Length;
            if (records.Count < ChunkRecords && bytes < ChunkBytes)
            {
                continue;
            }
            bytes = 0;
            if (await AppendAsync(OtlpSignal.Traces, records, cancellationToken) is { } early)
            {
                return early;
            }
        }
        return await AppendAsync(OtlpSignal.Traces, records, cancellationToken)
            ?? (rejected == 0 ? OtlpOutcome.Ok : new OtlpOutcome(rejected, "A span must be decodable, its traceId must have 16 bytes and its spanId 8, not all of them zero."));
    }

    private TelemetryRecord? MapSpan(OtlpSender sender, in OtlpItem item, SpanAttributes attributes, List<TelemetryRecord> annotations)
    {
        try
        {
            var body = attributes.Body;
            var span = SpanRecord.Read(body, item.Bytes, attributes);
            if (!span.HasValidIds(body))
            {
                meters.Rejected(OtlpSignal.Traces, "bad_id");
                return null;
            }
            if (!SpanClock.IsBelieved(sender, span.Start))
            {
                meters.ClockCorrected();
            }
            var record = SpanMapper.Map(sender, span, attributes, item.Resource, item.Scope);
            if (index.Find(sender.Key.Project, span.TraceId.In(body), span.SpanId.In(body)) is { FromLog: true } made)
            {
                // A log record of this span came first: the span takes its place.
                record = record.With(record.Observation! with { Id = made.Id }, record.Payload);
            }
            else
            {
                index.Set(sender.Key.Project, span.TraceId.In(body), span.SpanId.In(body), record.Observation!.Id, fromLog: false);
            }
            foreach (var evaluation in span.Evaluations ?? [])
            {
                if (EvaluationEvent.Map(sender, record.Observation!, evaluation.Time, EvaluationEvent.Values(body, evaluation.Event)) is { } annotation)
                {
                    annotations.Add(annotation);
                }
            }
            return record;
        }
        catch (Exception error)
        {
            return Alone(OtlpSignal.Traces, error);
        }
    }

    // One broken item never rejects its neighbours.
    private TelemetryRecord? Alone(OtlpSignal signal, Exception error)
    {
        if (error is not OtlpFormatException)
        {
            Log.NotMapped(logger, error.GetType().Name, error.StackTrace);
        }
        meters.Rejected(signal, error is OtlpFormatException ? "broken" : "failed");
        return null;
    }

    // Content that came by log stays when the span has none.
    private async ValueTask<TelemetryRecord> FilledAsync(TelemetryRecord record, CancellationToken cancellationToken)
    {
        var observation = record.Observation!;
        var needs = observation.IsCall && record.Payload is { Input.IsEmpty: true, Output.IsEmpty: true } && logs.HasContent(observation.Id);
        return needs ? ContentMerge.Into(record, await PriorAsync(observation, cancellationToken)) : record;
    }

    private async ValueTask<OtlpOutcome> LogsAsync(OtlpSender sender, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var attributes = new SpanAttributes(body);
        var records = new List<TelemetryRecord>();
        var messages = new LoggedMessages();
        var (ignored, rejected) = (0L, 0L);
        foreach (var item in OtlpWalk.Items(body))
        {
            switch (MapLog(sender, item, attributes, messages, out var record))
            {
                case LogFate.Ignored: ignored++; break;
                case LogFate.Broken: rejected++; break;
                case LogFate.Mapped: records.Add(await MergedAsync(record!, cancellationToken)); break;
                case LogFate.Collected: break;
            }
        }
        foreach (var call in messages.Calls)
        {
            records.Add(await MergedAsync(logs.Map(sender, call, attributes), cancellationToken));
        }
        if (await AppendAsync(OtlpSignal.Logs, records, cancellationToken) is { } refused)
        {
            return refused;
        }
        meters.Accepted(OtlpSignal.Logs, "not_genai", ignored);
        return rejected == 0 ? OtlpOutcome.Ok : new OtlpOutcome(rejected, "A log record must be decodable.");
    }

    private LogFate MapLog(OtlpSender sender, in OtlpItem item, SpanAttributes attributes, LoggedMessages messages, out TelemetryRecord? record)
    {
        try
        {
            return logs.Map(sender, item, attributes, messages, out record);
        }
        catch (Exception error)
        {
            record = Alone(OtlpSignal.Logs, error);
            return LogFate.Broken;
        }
    }

    // The span's own facts stay; only what it lacks is filled in.
    private async ValueTask<TelemetryRecord> MergedAsync(TelemetryRecord record, CancellationToken cancellationToken) =>
        record.Observation is { } observation && await PriorAsync(observation, cancellationToken) is { } prior ? ContentMerge.Into(prior, record) : record;

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
