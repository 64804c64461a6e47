using System.Diagnostics.Metrics;
using Bellwether.Detection;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>How much was taken out before it was stored, by kind; <c>bellwether_redactions</c> on <c>/metrics</c>.</summary>
internal sealed class RedactionMeters : IDisposable
{
    private readonly Meter _meter = new(MeterReadings.MeterName);
    private readonly long[] _counts = new long[PersonalDataTypes.Count];

    public RedactionMeters() => _meter.CreateObservableCounter("redactions", Read, description: "Findings of personal data and secrets that were replaced before a record was stored.");

    public void Redacted(PersonalDataType type) => Interlocked.Increment(ref _counts[(int)type]);

    public long Count(PersonalDataType type) => Interlocked.Read(ref _counts[(int)type]);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Read()
    {
        foreach (var type in Enum.GetValues<PersonalDataType>())
        {
            if (Count(type) is var count and > 0)
            {
                yield return new Measurement<long>(count, new KeyValuePair<string, object?>("type", type.Name()));
            }
        }
    }
}
