namespace Bellwether.Telemetry;

/// <summary>Adds to a record after it is safe in the journal and before it is stored: Pricing, later Quality. Must be deterministic, since a replay runs it again.</summary>
public interface IObservationEnricher
{
    /// <summary>Enrichers run in ascending order: 100 usage estimate, 200 pricing, 300 search text, 400 quality.</summary>
    int Order { get; }

    TelemetryRecord Enrich(TelemetryRecord record);
}

/// <summary>Runs before the journal, so that nothing it removes ever touches the disk (redaction). Without one, records pass unchanged.</summary>
public interface ICaptureFilter
{
    TelemetryRecord Filter(TelemetryRecord record);
}
