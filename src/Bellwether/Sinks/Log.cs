using Microsoft.Extensions.Logging;

namespace Bellwether.Sinks;

internal static partial class Log
{
    [LoggerMessage(EventId = 3401, Level = LogLevel.Warning, Message = "Sink {Sink} {Problem}; its records wait in its outbox and are sent again")]
    public static partial void Failing(ILogger logger, string sink, string problem);

    [LoggerMessage(EventId = 3402, Level = LogLevel.Information, Message = "Sink {Sink} takes records again")]
    public static partial void Recovered(ILogger logger, string sink);

    [LoggerMessage(EventId = 3403, Level = LogLevel.Warning, Message = "Sink {Sink} would not take {Records} records and {Problem}; they are dropped")]
    public static partial void Rejected(ILogger logger, string sink, int records, string problem);

    [LoggerMessage(EventId = 3404, Level = LogLevel.Warning, Message = "Sink {Sink} answered 410 and gets nothing more until the next start")]
    public static partial void Gone(ILogger logger, string sink);

    [LoggerMessage(EventId = 3405, Level = LogLevel.Error, Message = "Sink {Sink} failed; it goes on in {Pause}")]
    public static partial void Failed(ILogger logger, Exception error, string sink, TimeSpan pause);
}
