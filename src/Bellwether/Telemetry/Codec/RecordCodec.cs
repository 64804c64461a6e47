using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>
/// A record as bytes: Protobuf's wire format, one flat message, fields of <see cref="Tag"/>. Empty and zero fields are left
/// out; unknown fields are skipped, so that an older server reads what a newer one wrote. Numbers are zigzag varints.
/// </summary>
internal static class RecordCodec
{
    public static void Write(TelemetryRecord record, RecordBuffer buffer)
    {
        buffer.Flag(Tag.MayReplace, record.MayReplace);
        if (record.Annotation is { } annotation)
        {
            Write(annotation, buffer);
        }
        else
        {
            Write(record.Observation!, buffer);
            Write(record.Payload, buffer);
        }
    }

    /// <summary>Throws <see cref="InvalidDataException"/> when the bytes are no record.</summary>
    public static TelemetryRecord Read(ReadOnlyMemory<byte> bytes)
    {
        var fields = RecordFields.Rent();
        try
        {
            var reader = new FieldReader(bytes.Span);
            while (reader.Next())
            {
                fields.Take(ref reader, bytes);
            }
            return fields.ToRecord();
        }
        finally
        {
            fields.Return();
        }
    }

    private static void Write(Observation value, RecordBuffer to)
    {
        to.Text(Tag.Project, value.Project.Value);
        to.Id(Tag.Id, value.Id);
        to.Time(Tag.Time, value.StartTime);
        to.Number(Tag.Kind, (int)value.Kind);
        to.Number(Tag.State, (int)value.State);
        to.Text(Tag.TraceId, value.TraceId);
        to.Text(Tag.SpanId, value.SpanId);
        to.Text(Tag.ParentId, value.ParentId);
        to.Text(Tag.Name, value.Name);
        to.Text(Tag.Operation, value.Operation);
        to.Text(Tag.Surface, value.Surface);
        to.Text(Tag.Provider, value.Provider);
        to.Text(Tag.PriceProvider, value.PriceProvider);
        to.Text(Tag.RequestModel, value.RequestModel);
        to.Text(Tag.Model, value.Model);
        to.Text(Tag.Endpoint, value.Endpoint);
        to.Text(Tag.User, value.User);
        to.Text(Tag.Session, value.Session);
        to.Text(Tag.KeyId, value.KeyId);
        to.Text(Tag.RequestId, value.RequestId);
        to.Text(Tag.ProviderRequestId, value.ProviderRequestId);
        to.Text(Tag.ResponseId, value.ResponseId);
        to.Flag(Tag.Stream, value.Stream);
        to.Text(Tag.ServiceTier, value.ServiceTier);
        to.Text(Tag.FinishReason, value.FinishReason);
        to.Text(Tag.SystemFingerprint, value.SystemFingerprint);
        to.Text(Tag.PromptName, value.PromptName);
        to.Text(Tag.PromptVersion, value.PromptVersion);
        to.Text(Tag.Parameters, value.Parameters);
        to.Number(Tag.RetryCount, value.RetryCount);
        to.Number(Tag.HttpStatus, value.HttpStatus);
        to.Text(Tag.ErrorType, value.ErrorType);
        to.Text(Tag.ErrorCode, value.ErrorCode);
        to.Text(Tag.ErrorMessage, value.ErrorMessage);
        to.Number(Tag.RequestBytes, value.RequestBytes);
        to.Number(Tag.ResponseBytes, value.ResponseBytes);
        to.Number(Tag.MessageCount, value.MessageCount);
        to.Number(Tag.ToolCallCount, value.ToolCallCount);
        foreach (var (name, text) in value.Properties)
        {
            to.Pair(Tag.Property, name, text);
        }
        Write(value.Timings, to);
        Write(value.Usage, to);
        if (value.Cost is { } cost)
        {
            to.Money(Tag.InputUsd, cost.InputUsd);
            to.Money(Tag.OutputUsd, cost.OutputUsd);
            to.Text(Tag.PriceVersion, cost.PriceVersion);
        }
    }

    private static void Write(in Timings value, RecordBuffer to)
    {
        to.Double(Tag.TotalMs, value.TotalMs);
        to.Double(Tag.QueueMs, value.QueueMs);
        to.Double(Tag.UpstreamMs, value.UpstreamMs);
        to.Double(Tag.PostMs, value.PostMs);
        to.DoubleIfAny(Tag.TtftMs, value.TtftMs);
        to.DoubleIfAny(Tag.GapP50Ms, value.GapP50Ms);
        to.DoubleIfAny(Tag.GapP95Ms, value.GapP95Ms);
        to.DoubleIfAny(Tag.TokensPerSecond, value.TokensPerSecond);
    }

    private static void Write(Usage value, RecordBuffer to)
    {
        to.NumberIfAny(Tag.InputTokens, value.InputTokens);
        to.NumberIfAny(Tag.OutputTokens, value.OutputTokens);
        to.Number(Tag.CacheReadTokens, value.CacheReadTokens);
        to.Number(Tag.CacheWriteTokens, value.CacheWriteTokens);
        to.Number(Tag.CacheWrite1hTokens, value.CacheWrite1hTokens);
        to.Number(Tag.ReasoningTokens, value.ReasoningTokens);
        to.Number(Tag.InputAudioTokens, value.InputAudioTokens);
        to.Number(Tag.OutputAudioTokens, value.OutputAudioTokens);
        to.Number(Tag.CacheAudioReadTokens, value.CacheAudioReadTokens);
        to.Number(Tag.InputImageTokens, value.InputImageTokens);
        to.Number(Tag.OutputImageTokens, value.OutputImageTokens);
        to.Number(Tag.ToolRequests, value.ToolRequests);
        to.Flag(Tag.Estimated, value.Estimated);
    }

    private static void Write(ObservationPayload value, RecordBuffer to)
    {
        to.Bytes(Tag.Input, value.Input.Span);
        to.Bytes(Tag.Output, value.Output.Span);
        to.Flag(Tag.OutputAssembled, value.OutputAssembled);
        to.Flag(Tag.InputTruncated, value.InputTruncated);
        to.Flag(Tag.OutputTruncated, value.OutputTruncated);
        to.Text(Tag.Headers, value.Headers);
        to.Text(Tag.SearchText, value.SearchText);
        to.Bytes(Tag.Attributes, value.Attributes.Span);
    }

    private static void Write(Annotation value, RecordBuffer to)
    {
        to.Text(Tag.Project, value.Project.Value);
        to.Id(Tag.Id, value.Id);
        to.Time(Tag.Time, value.Time);
        to.Id(Tag.AnnotatedId, value.ObservationId);
        to.Text(Tag.Name, value.Name);
        to.Text(Tag.AnnotationSource, value.Source);
        to.DoubleIfAny(Tag.AnnotationNumber, value.Number);
        to.Text(Tag.AnnotationCategory, value.Category);
        to.Text(Tag.AnnotationText, value.Text);
        to.Text(Tag.AnnotationAuthor, value.Author);
        to.Text(Tag.AnnotationTrace, value.TraceId);
        to.Text(Tag.AnnotationSession, value.Session);
        to.Text(Tag.RequestId, value.RequestId);
        to.Flag(Tag.AnnotationRetracted, value.Retracted);
    }
}
