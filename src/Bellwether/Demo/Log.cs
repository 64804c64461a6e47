using Microsoft.Extensions.Logging;

namespace Bellwether.Demo;

internal static partial class Log
{
    [LoggerMessage(EventId = 9001, Level = LogLevel.Information, Message = "The demo's history is written: {Records} records in {Seconds:0.0} s")]
    public static partial void HistoryWritten(ILogger logger, int records, double seconds);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Warning, Message = "A provider that is not simulated is configured; the demo's live traffic is paused so that it costs nothing")]
    public static partial void TrafficPaused(ILogger logger);
}
