namespace Bellwether.Telemetry;

/// <summary>Adds to a record after it is safe in the journal and before it is stored: Pricing, Quality. A replay runs it again, so what it gives must be fit to replace what it gave before.</summary>
public interface IObservationEnricher
{
    /// <summary>Enrichers run in ascending order: 100 usage estimate, 200 pricing, 300 search text, 400 quality.</summary>
    int Order { get; }

    /// <summary>Whether it also runs for who reads a record that is not stored yet: it remembers nothing, counts nothing and is quick.</summary>
    bool RunsForReaders => false;

    TelemetryRecord Enrich(TelemetryRecord record);
}

/// <summary>Runs before the journal, so that nothing it removes ever touches the disk (redaction). Without one, records pass unchanged.</summary>
public interface ICaptureFilter
{
    /// <summary>Passes over <see cref="ObservationPayload.Input"/> when <see cref="ObservationPayload.InputIsFiltered"/> says that it came from <see cref="FilterInput"/>.</summary>
    TelemetryRecord Filter(TelemetryRecord record);

    /// <summary>What <see cref="Filter"/> would make of a request body, for a sender that has it long before the rest of its record.</summary>
    ReadOnlyMemory<byte> FilterInput(ReadOnlyMemory<byte> input);

    /// <summary>
    /// What is stored of a name by which records are found: a user, a session, an author. The same name gives the same for ever, and what
    /// was given is given back unchanged, so that a question can be asked with either.
    /// </summary>
    string FilterName(string name);

    /// <summary>What may be kept of a text, JSON or not, that somebody saved to work with it (a row of a dataset). JSON stays JSON.</summary>
    string FilterSaved(string text);
}
