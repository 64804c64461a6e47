using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Two records of one call put together: the span has the facts, the log record the texts.</summary>
internal static class ContentMerge
{
    public static TelemetryRecord Into(TelemetryRecord span, TelemetryRecord? other)
    {
        if (other?.Observation is not { } said || span.Observation is not { } observation)
        {
            return span;
        }
        var payload = span.Payload;
        if (payload.Input.IsEmpty)
        {
            payload = payload with { Input = other.Payload.Input, InputTruncated = other.Payload.InputTruncated };
        }
        if (payload.Output.IsEmpty)
        {
            payload = payload with { Output = other.Payload.Output, OutputTruncated = other.Payload.OutputTruncated, OutputAssembled = other.Payload.OutputAssembled };
        }
        return TelemetryRecord.Of(
            observation with
            {
                Usage = (!observation.Usage.IsKnown || observation.Usage.Estimated) && said.Usage.IsKnown ? said.Usage : observation.Usage,
                Cost = observation.Usage.IsKnown && !observation.Usage.Estimated ? observation.Cost : said.Cost,
                ResponseId = observation.ResponseId.Length > 0 ? observation.ResponseId : said.ResponseId,
                FinishReason = observation.FinishReason.Length > 0 ? observation.FinishReason : said.FinishReason,
                RequestBytes = payload.Input.Length,
                ResponseBytes = payload.Output.Length,
            },
            payload,
            mayReplace: true);
    }
}
