namespace Bellwether.Telemetry;

/// <summary>
/// Counts tokens where the provider sent no counts: servers without usage, and streams that their reader left. It is a count
/// with OpenAI's o200k vocabulary whatever the model, so it is marked (<see cref="Usage.Estimated"/>); for other models it is off
/// by a tenth to a third. Long texts are sampled, which bounds the work for a text: 1 ms for prose, some 15 for letters without words.
/// </summary>
public sealed class UsageEstimateEnricher : IObservationEnricher
{
    private const int SampleBytes = 8 * 1024;
    // Byte-pair merging is quadratic in the length of an unbroken run; pieces keep "aaaa…" harmless at a token or two of error.
    private const int PieceChars = 1024;
    // Chat formats wrap every message in role and delimiter tokens and prime the answer.
    private const int TokensPerMessage = 4;
    private const int TokensPerRequest = 3;

    public int Order => 100;

    public bool RunsForReaders => true;

    public TelemetryRecord Enrich(TelemetryRecord record)
    {
        if (record.Observation is not { } observation || !WasCounted(observation))
        {
            return record;
        }
        var usage = observation.Usage;
        var payload = record.Payload;
        if (!usage.IsKnown)
        {
            // A call that failed before a word came was not charged either.
            if ((observation.State != ObservationState.Ok && !HasStreamedText(payload)) || (payload.Input.IsEmpty && payload.Output.IsEmpty))
            {
                return record;
            }
            usage = usage with
            {
                InputTokens = EstimateInput(observation, payload),
                OutputTokens = observation.Kind == ObservationKind.Embedding ? null : EstimateOutput(payload),
                Estimated = true,
            };
        }
        else if (IsCut(observation) && HasStreamedText(payload) && EstimateOutput(payload) is var streamed && streamed > (usage.OutputTokens ?? 0))
        {
            // Anthropic's first event says "output_tokens":1; when the reader leaves, the event with the true count never comes.
            usage = usage with { OutputTokens = streamed, Estimated = true };
        }
        else
        {
            return record;
        }
        return record.With(observation with { Usage = usage }, payload);
    }

    // By its reader, by the provider, or by a guard of ours.
    private static bool IsCut(Observation observation) =>
        observation.State != ObservationState.Ok || observation.ErrorType.StartsWith(ErrorTypes.BlockedPrefix, StringComparison.Ordinal);

    private static bool WasCounted(Observation observation) =>
        observation.Kind is ObservationKind.Llm or ObservationKind.Embedding
        && observation.State is not (ObservationState.Refused or ObservationState.Running)
        && observation.Operation is not ("count_tokens" or "moderations" or "models" or "other");

    private static bool HasStreamedText(ObservationPayload payload) => payload is { OutputAssembled: true, Output.IsEmpty: false };

    private static long EstimateInput(Observation observation, ObservationPayload payload)
    {
        var extract = PayloadText.Of(payload.Input.Span, SampleBytes);
        var frame = observation.Kind == ObservationKind.Embedding ? 0 : TokensPerRequest + ((long)TokensPerMessage * observation.MessageCount);
        return Count(extract) + extract.TokenIds + frame;
    }

    private static long EstimateOutput(ObservationPayload payload) => Count(PayloadText.Of(payload.Output.Span, SampleBytes));

    private static long Count(PayloadText.Extract extract)
    {
        if (extract.Text.Length == 0)
        {
            return 0;
        }
        long tokens = 0;
        for (var from = 0; from < extract.Text.Length; from += PieceChars)
        {
            tokens += O200kTokens.Shared.Count(extract.Text.AsSpan(from, Math.Min(PieceChars, extract.Text.Length - from)));
        }
        return extract.Bytes > SampleBytes ? tokens * extract.Bytes / SampleBytes : tokens;
    }
}
