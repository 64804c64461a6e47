namespace Bellwether.Telemetry;

/// <summary>Asked too early or too late: the store opens a moment after the server answers, and closes before it ends.</summary>
public sealed class StoreNotOpenException() : InvalidOperationException("The telemetry store is not open.");
