using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

/// <summary>Keeps names that are e-mail addresses as something else, and leaves texts alone.</summary>
internal sealed class HashingFilter : ICaptureFilter
{
    public TelemetryRecord Filter(TelemetryRecord record) => record;

    public ReadOnlyMemory<byte> FilterInput(ReadOnlyMemory<byte> input) => input;

    public string FilterName(string name) => name.Contains('@', StringComparison.Ordinal) && !name.StartsWith("hash of ", StringComparison.Ordinal) ? "hash of " + name : name;

    public string FilterSaved(string text) => text;
}
