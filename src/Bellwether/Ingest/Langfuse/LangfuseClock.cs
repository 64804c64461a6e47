using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>When a trace or step began.</summary>
internal static class LangfuseClock
{
    /// <param name="said">Its start as a client says it.</param>
    /// <param name="before">The version that is known.</param>
    /// <param name="at">When the event was made: the best guess for an update that came before its create.</param>
    /// <param name="sender">Its sender.</param>
    /// <param name="corrected">True when a start was said and not believed.</param>
    public static DateTimeOffset Start(JsonNode? said, Observation? before, DateTimeOffset? at, OtlpSender sender, out bool corrected)
    {
        corrected = false;
        if (JsonFields.Time(said) is { } time && RunClock.IsBelieved(time, sender))
        {
            return time;
        }
        corrected = said is not null;
        return before?.StartTime ?? (at is { } made && RunClock.IsBelieved(made, sender) ? made : sender.Now);
    }
}
