using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>Collects the fields of one record until they can be made into it: the records have only init setters. One per thread, since every record is read back once.</summary>
internal sealed class RecordFields
{
    [ThreadStatic]
    private static RecordFields? s_cached;

    private readonly string?[] _texts = new string?[Tag.Count];
    private readonly long?[] _numbers = new long?[Tag.Count];
    private readonly double?[] _doubles = new double?[Tag.Count];
    private ImmutableArray<KeyValuePair<string, string>>.Builder? _properties;
    private Guid? _id;
    private Guid? _annotatedId;
    private DateTimeOffset? _time;
    private decimal? _inputUsd;
    private decimal? _outputUsd;
    private ReadOnlyMemory<byte> _input;
    private ReadOnlyMemory<byte> _output;
    private ReadOnlyMemory<byte> _attributes;

    /// <summary>This thread's, empty. Give it back with <see cref="Return"/> on the same thread.</summary>
    public static RecordFields Rent()
    {
        var fields = s_cached ?? new RecordFields();
        s_cached = null;
        return fields;
    }

    public void Return()
    {
        Array.Clear(_texts);
        Array.Clear(_numbers);
        Array.Clear(_doubles);
        _properties = null;
        (_id, _annotatedId, _time, _inputUsd, _outputUsd) = (null, null, null, null, null);
        (_input, _output, _attributes) = (default, default, default);
        s_cached = this;
    }

    public void Take(ref FieldReader reader, ReadOnlyMemory<byte> record)
    {
        switch (reader.Field)
        {
            case Tag.Id:
                _id = reader.Id();
                break;
            case Tag.AnnotatedId:
                _annotatedId = reader.Id();
                break;
            case Tag.Time:
                _time = reader.Time();
                break;
            case Tag.InputUsd:
                _inputUsd = reader.Money();
                break;
            case Tag.OutputUsd:
                _outputUsd = reader.Money();
                break;
            case Tag.Property:
                (_properties ??= ImmutableArray.CreateBuilder<KeyValuePair<string, string>>()).Add(reader.Pair());
                break;
            case Tag.Input:
                _input = record[reader.Span];
                break;
            case Tag.Output:
                _output = record[reader.Span];
                break;
            case Tag.Attributes:
                _attributes = record[reader.Span];
                break;
            case >= Tag.TotalMs and <= Tag.TokensPerSecond or Tag.AnnotationNumber:
                _doubles[reader.Field] = reader.Double();
                break;
            case Tag.MayReplace or Tag.Kind or Tag.State or Tag.Stream or Tag.RetryCount or Tag.HttpStatus
                or Tag.RequestBytes or Tag.ResponseBytes or Tag.MessageCount or Tag.ToolCallCount
                or (>= Tag.InputTokens and <= Tag.Estimated)
                or Tag.OutputAssembled or Tag.InputTruncated or Tag.OutputTruncated or Tag.AnnotationRetracted:
                _numbers[reader.Field] = reader.Number();
                break;
            case Tag.Project or (>= Tag.Name and <= Tag.User) or Tag.KeyId or Tag.ServiceTier or Tag.FinishReason or Tag.SystemFingerprint or Tag.Parameters
                or Tag.PromptName or Tag.PromptVersion or Tag.PriceVersion:
                _texts[reader.Field] = reader.Name();
                break;
            case (>= Tag.TraceId and <= Tag.ErrorMessage) or Tag.SpanId or Tag.Headers or Tag.SearchText
                or (>= Tag.AnnotationSource and <= Tag.AnnotationSession):
                _texts[reader.Field] = reader.Text();
                break;
            default:
                // A newer server's field: what we do not know we do not need.
                break;
        }
    }

    public TelemetryRecord ToRecord()
    {
        if (_id is not { } id || _time is not { } time)
        {
            throw new InvalidDataException("The record has no id or no time.");
        }
        var project = new ProjectId(Text(Tag.Project));
        return _annotatedId is { } annotated
            ? TelemetryRecord.Of(ToAnnotation(id, project, time, annotated))
            : TelemetryRecord.Of(ToObservation(id, project, time), ToPayload(), Flag(Tag.MayReplace));
    }

    private Annotation ToAnnotation(Guid id, ProjectId project, DateTimeOffset time, Guid annotated) => new()
    {
        Id = id,
        Project = project,
        Time = time,
        ObservationId = annotated,
        Name = Text(Tag.Name),
        Source = Text(Tag.AnnotationSource),
        Number = DoubleOrNull(Tag.AnnotationNumber),
        Category = Text(Tag.AnnotationCategory),
        Text = Text(Tag.AnnotationText),
        Author = Text(Tag.AnnotationAuthor),
        TraceId = Text(Tag.AnnotationTrace),
        Session = Text(Tag.AnnotationSession),
        RequestId = Text(Tag.RequestId),
        Retracted = Flag(Tag.AnnotationRetracted),
    };

    private Observation ToObservation(Guid id, ProjectId project, DateTimeOffset time) => new()
    {
        Id = id,
        Project = project,
        StartTime = time,
        Kind = Known((ObservationKind)Number(Tag.Kind)),
        State = Known((ObservationState)Number(Tag.State)),
        TraceId = Text(Tag.TraceId),
        SpanId = Text(Tag.SpanId),
        ParentId = Text(Tag.ParentId),
        Name = Text(Tag.Name),
        Operation = Text(Tag.Operation),
        Surface = Text(Tag.Surface),
        Provider = Text(Tag.Provider),
        PriceProvider = Text(Tag.PriceProvider),
        RequestModel = Text(Tag.RequestModel),
        Model = Text(Tag.Model),
        Endpoint = Text(Tag.Endpoint),
        User = Text(Tag.User),
        Session = Text(Tag.Session),
        KeyId = Text(Tag.KeyId),
        RequestId = Text(Tag.RequestId),
        ProviderRequestId = Text(Tag.ProviderRequestId),
        ResponseId = Text(Tag.ResponseId),
        Stream = Flag(Tag.Stream),
        ServiceTier = Text(Tag.ServiceTier),
        FinishReason = Text(Tag.FinishReason),
        SystemFingerprint = Text(Tag.SystemFingerprint),
        PromptName = Text(Tag.PromptName),
        PromptVersion = Text(Tag.PromptVersion),
        Parameters = Text(Tag.Parameters),
        RetryCount = (int)Number(Tag.RetryCount),
        HttpStatus = (int)Number(Tag.HttpStatus),
        ErrorType = Text(Tag.ErrorType),
        ErrorCode = Text(Tag.ErrorCode),
        ErrorMessage = Text(Tag.ErrorMessage),
        RequestBytes = (int)Number(Tag.RequestBytes),
        ResponseBytes = Number(Tag.ResponseBytes),
        MessageCount = (int)Number(Tag.MessageCount),
        ToolCallCount = (int)Number(Tag.ToolCallCount),
        Properties = _properties?.DrainToImmutable() ?? [],
        Timings = new Timings
        {
            TotalMs = DoubleOrNull(Tag.TotalMs) ?? 0,
            QueueMs = DoubleOrNull(Tag.QueueMs) ?? 0,
            UpstreamMs = DoubleOrNull(Tag.UpstreamMs) ?? 0,
            PostMs = DoubleOrNull(Tag.PostMs) ?? 0,
            TtftMs = DoubleOrNull(Tag.TtftMs),
            GapP50Ms = DoubleOrNull(Tag.GapP50Ms),
            GapP95Ms = DoubleOrNull(Tag.GapP95Ms),
            TokensPerSecond = DoubleOrNull(Tag.TokensPerSecond),
        },
        Usage = ToUsage(),
        Cost = _inputUsd is { } input && _outputUsd is { } output ? new Cost(input, output, Text(Tag.PriceVersion)) : null,
    };

    private Usage ToUsage() => new()
    {
        InputTokens = NumberOrNull(Tag.InputTokens),
        OutputTokens = NumberOrNull(Tag.OutputTokens),
        CacheReadTokens = Number(Tag.CacheReadTokens),
        CacheWriteTokens = Number(Tag.CacheWriteTokens),
        CacheWrite1hTokens = Number(Tag.CacheWrite1hTokens),
        ReasoningTokens = Number(Tag.ReasoningTokens),
        InputAudioTokens = Number(Tag.InputAudioTokens),
        OutputAudioTokens = Number(Tag.OutputAudioTokens),
        CacheAudioReadTokens = Number(Tag.CacheAudioReadTokens),
        InputImageTokens = Number(Tag.InputImageTokens),
        OutputImageTokens = Number(Tag.OutputImageTokens),
        ToolRequests = Number(Tag.ToolRequests),
        Estimated = Flag(Tag.Estimated),
    };

    private ObservationPayload ToPayload() => new()
    {
        Input = _input,
        Output = _output,
        OutputAssembled = Flag(Tag.OutputAssembled),
        InputTruncated = Flag(Tag.InputTruncated),
        OutputTruncated = Flag(Tag.OutputTruncated),
        Headers = Text(Tag.Headers),
        SearchText = Text(Tag.SearchText),
        Attributes = _attributes,
    };

    // A newer server may know more kinds and states than we do.
    private static ObservationKind Known(ObservationKind kind) => Enum.IsDefined(kind) ? kind : ObservationKind.Other;

    private static ObservationState Known(ObservationState state) =>
        Enum.IsDefined(state) ? state : throw new InvalidDataException("The record has an unknown state.");

    private string Text(int field) => _texts[field] ?? "";

    private long Number(int field) => _numbers[field] ?? 0;

    private long? NumberOrNull(int field) => _numbers[field];

    private bool Flag(int field) => Number(field) != 0;

    private double? DoubleOrNull(int field) => _doubles[field];
}
