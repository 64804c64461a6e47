namespace Bellwether.Telemetry;

/// <summary>Fills <see cref="ObservationPayload.SearchText"/>, so that a search reads one short text and no JSON.</summary>
public sealed class SearchTextEnricher : IObservationEnricher
{
    /// <summary>Text beyond this is not searchable. Each stored call keeps up to as much again on disk.</summary>
    public static readonly int MaxBytes = 32 * 1024;

    public int Order => 300;

    public TelemetryRecord Enrich(TelemetryRecord record) =>
        record.Observation is { } observation && record.Payload is { SearchText.Length: 0, IsEmpty: false } payload
            ? record.With(observation, payload with { SearchText = PayloadText.Of(payload, MaxBytes) })
            : record;
}
