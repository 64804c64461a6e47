using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Ingest;

/// <summary>Takes a request in protobuf, hands its observations to the journal and answers when they are durable.</summary>
internal sealed class OtlpReceiver(ITelemetryIntake intake, TelemetryReader reader, SpanIndex index, LogMapper logs, OtlpMeters meters, ILogger<OtlpReceiver> logger)
{
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
        using var append = intake.BeginAppend();
        var request = new ReceivedRequest(append);
        try
        {
            var annotations = new List<TelemetryRecord>();
            var rejected = 0L;
            foreach (var item in OtlpWalk.Items(body))
            {
                if (MapSpan(sender, item, attributes, request, annotations) is not { } record)
                {
                    rejected++;
                    continue;
                }
                if (request.Leave(new CallHalf(record.Record, IsSpan: true), record.Place) || request.TryAdd(await FilledAsync(record.Record, cancellationToken)))
                {
                    annotations.ForEach(annotation => request.TryAdd(annotation));
                    annotations.Clear();
                    continue;
                }
                break;
            }
            return await FinishAsync(OtlpSignal.Traces, request, cancellationToken)
                ?? (rejected == 0 ? OtlpOutcome.Ok : new OtlpOutcome(rejected, "A span must be decodable, its traceId must have 16 bytes and its spanId 8, not all of them zero."));
        }
        finally
        {
            request.InFlight.End(durable: false);
        }
    }

    private (TelemetryRecord Record, SpanPlace Place)? MapSpan(OtlpSender sender, in OtlpItem item, SpanAttributes attributes, ReceivedRequest request, List<TelemetryRecord> annotations)
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
            var place = index.Claim(sender.Key.Project, span.TraceId.In(body), span.SpanId.In(body), new SpanPlace(record.Observation!.Id, FromLog: false, request.InFlight));
            if (place.Id != record.Observation.Id)
            {
                // A log record of this span came first: the span takes its place.
                record = record.With(record.Observation with { Id = place.Id }, record.Payload);
            }
            foreach (var evaluation in span.Evaluations ?? [])
            {
                if (EvaluationEvent.Map(sender, record.Observation!, evaluation.Time, EvaluationEvent.Values(body, evaluation.Event)) is { } annotation)
                {
                    annotations.Add(annotation);
                }
            }
            return (record, place);
        }
        catch (Exception error)
        {
            annotations.Clear();
            Alone(OtlpSignal.Traces, error);
            return null;
        }
    }

    // One broken item never rejects its neighbours.
    private void Alone(OtlpSignal signal, Exception error)
    {
        if (error is not OtlpFormatException)
        {
            Log.NotMapped(logger, error.GetType().Name, error.StackTrace);
        }
        meters.Rejected(signal, error is OtlpFormatException ? "broken" : "failed");
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
        using var append = intake.BeginAppend();
        var request = new ReceivedRequest(append);
        try
        {
            var messages = new LoggedMessages();
            var (ignored, rejected) = (0L, 0L);
            foreach (var item in OtlpWalk.Items(body))
            {
                switch (MapLog(sender, item, attributes, messages, request, out var half))
                {
                    case LogFate.Ignored: ignored++; break;
                    case LogFate.Broken: rejected++; break;
                    case LogFate.Mapped: await AddAsync(request, half, cancellationToken); break;
                    case LogFate.Collected: break;
                }
            }
            foreach (var call in messages.Calls)
            {
                await AddAsync(request, logs.Map(sender, call, attributes, request.InFlight), cancellationToken);
            }
            if (await FinishAsync(OtlpSignal.Logs, request, cancellationToken) is { } refused)
            {
                return refused;
            }
            meters.Accepted(OtlpSignal.Logs, "not_genai", ignored);
            return rejected == 0 ? OtlpOutcome.Ok : new OtlpOutcome(rejected, "A log record must be decodable.");
        }
        finally
        {
            request.InFlight.End(durable: false);
        }
    }

    private async ValueTask AddAsync(ReceivedRequest request, LoggedHalf half, CancellationToken cancellationToken)
    {
        var record = half.Record!;
        if (half.Place is not { } place || !request.Leave(new CallHalf(record, IsSpan: false), place))
        {
            request.TryAdd(await MergedAsync(record, cancellationToken));
        }
    }

    private LogFate MapLog(OtlpSender sender, in OtlpItem item, SpanAttributes attributes, LoggedMessages messages, ReceivedRequest request, out LoggedHalf half)
    {
        try
        {
            return logs.Map(sender, item, attributes, messages, request.InFlight, out half);
        }
        catch (Exception error)
        {
            half = default;
            Alone(OtlpSignal.Logs, error);
            return LogFate.Broken;
        }
    }

    // The span's own facts stay; only what it lacks is filled in.
    private async ValueTask<TelemetryRecord> MergedAsync(TelemetryRecord record, CancellationToken cancellationToken) =>
        record.Observation is { } observation && await PriorAsync(observation, cancellationToken) is { } prior ? ContentMerge.Into(prior, record) : record;

    private ValueTask<TelemetryRecord?> PriorAsync(Observation observation, CancellationToken cancellationToken) =>
        PriorVersions.FindAsync(intake, reader, observation.Project, observation.Id, cancellationToken);

    // Writes what the request brought, puts together what others left here, and then waits for what it left with others.
    private async ValueTask<OtlpOutcome?> FinishAsync(OtlpSignal signal, ReceivedRequest request, CancellationToken cancellationToken)
    {
        if (request.Added > 0)
        {
            var result = await request.Append.FinishAsync(cancellationToken);
            if (!result.Accepted)
            {
                return Refused(signal, result.Refusal);
            }
        }
        foreach (var half in request.InFlight.Close())
        {
            var whole = half.IsSpan ? await FilledAsync(half.Record, cancellationToken) : await MergedAsync(half.Record, cancellationToken);
            var result = await intake.AppendAsync(new[] { whole }, cancellationToken);
            if (!result.Accepted)
            {
                return Refused(signal, result.Refusal);
            }
        }
        request.InFlight.End(durable: true);
        foreach (var left in request.Left)
        {
            if (!await left.WaitAsync(cancellationToken))
            {
                return Refused(signal, new IntakeRefusal("journal_failed", "The other half of a call could not be written.", 1));
            }
        }
        if (request.Added + request.Left.Count > 0)
        {
            meters.Accepted(signal, "stored", request.Added + request.Left.Count);
        }
        return null;
    }

    private OtlpOutcome Refused(OtlpSignal signal, IntakeRefusal refusal)
    {
        meters.Refused(signal, refusal.Code);
        return new OtlpOutcome(0, refusal.Message, Math.Clamp(refusal.RetryAfterSeconds, 1, 30));
    }
}
