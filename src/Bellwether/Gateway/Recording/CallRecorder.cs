using System.Collections.Immutable;
using Bellwether.Exchange;
using Bellwether.Pricing;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Microsoft.Extensions.Options;

namespace Bellwether.Gateway;

/// <summary>Makes the one observation of a call, however it ended, and hands it to the pipeline before the caller has the last byte.</summary>
internal sealed class CallRecorder(
    ITelemetryIntake intake, ExchangeStages stages, GatewayMeters meters, IOptions<GatewayOptions> options, TimeProvider time)
{
    // A caller with a valid key gets ten times what strangers share: it is bounded by who holds keys.
    private readonly RefusalBudget _strangers = new(time, options.Value.StoredRefusalsPerSecond);
    private readonly RefusalBudget _known = new(time, options.Value.StoredRefusalsPerSecond * 10);
    private readonly bool _required = options.Value.AuditMode == AuditMode.Required;

    /// <summary>
    /// Records the call unless that was done before. False: the record could not be kept and, as the operator chose, the answer
    /// must not be given.
    /// </summary>
    public bool TryRecord(CallSession session, in CallOutcome outcome, out IntakeRefusal refusal) =>
        TryRecord(session, outcome, session.Reader?.Complete() ?? AnswerFacts.None, out refusal);

    /// <summary>Does beforehand what takes longest of a record: looking through the request.</summary>
    public void CaptureInput(CallSession session)
    {
        stages.Later(session.Call);
        if (session.Wishes is not { OmitRequest: true })
        {
            session.CapturedInput = intake.FilterInput(RequestBody.Captured(session.Call.Body, session.Body.IsRented, options.Value.CaptureInputBytes));
        }
    }

    public bool TryRecord(CallSession session, in CallOutcome outcome, AnswerFacts facts, out IntakeRefusal refusal)
    {
        refusal = default;
        if (session.Recorded)
        {
            return true;
        }
        session.Recorded = true;
        stages.Later(session.Call);
        session.Call.AnswerGuard?.Ended(facts);
        meters.Ended(outcome.State);
        var observation = Observe(session, outcome, facts);
        stages.Ended(session, observation);
        if (outcome.State == ObservationState.Refused && !(session.Call.Key is null ? _strangers : _known).TryTake())
        {
            meters.RefusalNotStored();
            return true;
        }
        if (Append(TelemetryRecord.Of(observation, Payload(session, outcome, facts)), session.Call, out refusal))
        {
            return true;
        }
        meters.Unrecorded();
        return !_required;
    }

    private bool Append(TelemetryRecord record, ModelCall call, out IntakeRefusal refusal) => call.Findings.IsEmpty
        ? intake.TryAppend(record, out refusal)
        : intake.TryAppend([record, .. call.Findings.Select((finding, index) => TelemetryRecord.Of(SecurityFindings.Annotate(finding, index, record.Observation!)))], out refusal);

    private Observation Observe(CallSession session, in CallOutcome outcome, AnswerFacts facts)
    {
        var call = session.Call;
        var wishes = session.Wishes;
        var priced = wishes?.ModelOverride ?? "";
        var omitsRequest = wishes is { OmitRequest: true };
        return new Observation
        {
            Id = call.Id,
            Project = call.Project,
            StartTime = call.StartTime,
            Kind = session.Route.Kind,
            State = outcome.State,
            TraceId = call.TraceId,
            SpanId = call.SpanId,
            ParentId = call.ParentId,
            Name = call.Route,
            Operation = call.Operation,
            Surface = call.Surface,
            Provider = session.ProviderName,
            PriceProvider = priced.Length > 0 ? "" : PriceProviderOf(session),
            RequestModel = call.Model,
            Model = priced.Length > 0 ? priced : facts.Model.Length > 0 ? facts.Model : call.Model,
            Endpoint = call.Endpoint.Length > 0 ? call.Endpoint : call.Route,
            User = call.User,
            Session = call.Session,
            KeyId = call.Key?.Id ?? "",
            RequestId = call.RequestId,
            ProviderRequestId = session.ProviderRequestId,
            ResponseId = facts.ResponseId,
            Stream = call.Stream,
            ServiceTier = facts.ServiceTier.Length > 0 ? facts.ServiceTier : call.Facts.ServiceTier,
            FinishReason = facts.FinishReason,
            SystemFingerprint = omitsRequest ? "" : call.Facts.SystemFingerprint,
            PromptName = call.PromptName,
            PromptVersion = call.PromptVersion,
            Parameters = omitsRequest ? "" : call.Facts.Parameters,
            RetryCount = call.RetryCount,
            HttpStatus = session.Status,
            ErrorType = outcome.ErrorType,
            ErrorCode = CallerHeaders.Cut(outcome.ErrorCode, 128),
            // Providers quote what they refuse, so an error's text belongs to both bodies.
            ErrorMessage = omitsRequest || wishes is { OmitResponse: true } ? "" : CallerHeaders.Cut(outcome.ErrorMessage, 1_000),
            Timings = TimingsOf(session, facts),
            Usage = facts.Usage,
            RequestBytes = (int)Math.Min(session.Request?.Content is PassThroughContent upload ? upload.Bytes : session.RequestBytes, int.MaxValue),
            ResponseBytes = session.ResponseBytes,
            MessageCount = call.Facts.MessageCount,
            ToolCallCount = facts.ToolCallCount,
            Properties = PropertiesOf(session),
        };
    }

    private static ImmutableArray<KeyValuePair<string, string>> PropertiesOf(CallSession session)
    {
        var properties = session.UpstreamRepeats == 0 ? session.Call.Properties
            : session.Call.Properties.Add(new("upstream-retries", session.UpstreamRepeats.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return SecurityFindings.AddProperties(properties, session.Call.Findings);
    }

    private Timings TimingsOf(CallSession session, AnswerFacts facts)
    {
        var start = session.Call.StartTimestamp;
        var now = time.GetTimestamp();
        if (session.UpstreamStarted == 0)
        {
            return new Timings { TotalMs = Ms(now - start), QueueMs = Ms(now - start) };
        }
        var ended = session.UpstreamEnded == 0 ? now : session.UpstreamEnded;
        return new Timings
        {
            TotalMs = Ms(now - start),
            QueueMs = Ms(session.UpstreamStarted - start),
            UpstreamMs = Ms(ended - session.UpstreamStarted),
            PostMs = Ms(now - ended),
            TtftMs = facts.FirstDeltaTimestamp is { } first ? Ms(first - start) : null,
            GapP50Ms = facts.GapP50 is { } median ? Ms(median) : null,
            GapP95Ms = facts.GapP95 is { } high ? Ms(high) : null,
            TokensPerSecond = TokensPerSecond(facts, ended - session.UpstreamStarted),
        };
    }

    private double? TokensPerSecond(AnswerFacts facts, long upstream)
    {
        if (facts.Usage.OutputTokens is not { } tokens || tokens <= 0)
        {
            return null;
        }
        if (facts is { FirstDeltaTimestamp: { } first, LastDeltaTimestamp: { } last })
        {
            // Of the first token only its arrival is known, not how long it took.
            return tokens > 1 && last > first ? (tokens - 1) * 1_000 / Ms(last - first) : null;
        }
        return upstream > 0 ? tokens * 1_000 / Ms(upstream) : null;
    }

    private double Ms(long ticks) => Math.Max(0, ticks) * 1_000.0 / time.TimestampFrequency;

    private ObservationPayload Payload(CallSession session, in CallOutcome outcome, AnswerFacts facts)
    {
        var headers = session.Headers.ToString();
        if (outcome.State == ObservationState.Refused && session.Call.Findings.IsEmpty)
        {
            // A refused body may be anything, of any size; what was wrong with it is in the error. One that a guard stopped was read, and is evidence.
            return new ObservationPayload { Headers = headers };
        }
        var body = session.Call.Body;
        var limit = options.Value.CaptureInputBytes;
        var keepsInput = session.Wishes is not { OmitRequest: true };
        var keepsOutput = session.Wishes is not { OmitResponse: true };
        return new ObservationPayload
        {
            Input = !keepsInput ? default : session.CapturedInput ?? RequestBody.Captured(body, session.Body.IsRented, limit),
            InputIsFiltered = session.CapturedInput is not null,
            InputTruncated = keepsInput && body.Length > limit,
            Output = keepsOutput ? facts.Output : default,
            OutputAssembled = keepsOutput && facts.OutputAssembled,
            OutputTruncated = keepsOutput && facts.OutputTruncated,
            Headers = headers,
        };
    }

    private static string PriceProviderOf(CallSession session)
    {
        if (session.Provider is not { } provider)
        {
            return "";
        }
        if (provider.Endpoint.Kind == ProviderKind.Simulated && session.Route.Kind == ObservationKind.Embedding)
        {
            // It answers for all of them, and names of embedding models do not say whose they are.
            return session.Route.Surface == Surface.Gemini ? "google" : "openai";
        }
        // Empty lets the price book find the provider by the model's name.
        return provider.PriceProvider ??= provider.Endpoint.PriceProvider ?? PriceTable.Shipped.ProviderOf(provider.Endpoint.BaseUrl)?.Id ?? "";
    }
}
