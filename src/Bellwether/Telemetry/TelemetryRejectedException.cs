namespace Bellwether.Telemetry;

/// <summary>
/// The store can never take one of these records, whatever the time: the data is at fault, not the store. A store that
/// cannot tell throws anything else; the pipeline then finds the record by halving the batch.
/// </summary>
public sealed class TelemetryRejectedException(string message, Exception? inner = null) : Exception(message, inner);
