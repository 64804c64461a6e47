using Microsoft.Extensions.Logging;

namespace Bellwether.Ingest;

internal static partial class Log
{
    // Not the exception itself: its message may have a piece of a prompt in it.
    [LoggerMessage(EventId = 3500, Level = LogLevel.Warning, Message = "Port {Port} is taken, so no OpenTelemetry is received there; {Setting} names another one, or 0 for none")]
    public static partial void OtlpPortTaken(ILogger logger, int port, string setting);

    [LoggerMessage(EventId = 3501, Level = LogLevel.Error, Message = "An OpenTelemetry item could not be mapped ({Error}); it alone was rejected: {Stack}")]
    public static partial void NotMapped(ILogger logger, string error, string? stack);

    [LoggerMessage(EventId = 3502, Level = LogLevel.Error, Message = "An OpenTelemetry request failed ({Error}); the sender is told to send it again: {Stack}")]
    public static partial void RequestFailed(ILogger logger, string error, string? stack);

    [LoggerMessage(EventId = 3511, Level = LogLevel.Error, Message = "A LangSmith run could not be mapped ({Error}); it alone was rejected: {Stack}")]
    public static partial void RunNotMapped(ILogger logger, string error, string? stack);

    [LoggerMessage(EventId = 3512, Level = LogLevel.Error, Message = "A LangSmith request failed ({Error}); the sender is told to send it again: {Stack}")]
    public static partial void RunsFailed(ILogger logger, string error, string? stack);

    [LoggerMessage(EventId = 3513, Level = LogLevel.Warning, Message = "A LangSmith project could not be noted ({Error}); its runs are kept, and the next one tries again")]
    public static partial void ProjectNotNoted(ILogger logger, string error);

    [LoggerMessage(EventId = 3514, Level = LogLevel.Warning, Message = "An attachment of a LangSmith run could not be kept ({Error}); the run is kept without it")]
    public static partial void AttachmentNotKept(ILogger logger, string error);

    [LoggerMessage(EventId = 3521, Level = LogLevel.Error, Message = "A request of Helicone's API failed ({Error}); the sender is told to send it again: {Stack}")]
    public static partial void HeliconeFailed(ILogger logger, string error, string? stack);

    [LoggerMessage(EventId = 3531, Level = LogLevel.Error, Message = "A Langfuse event could not be mapped ({Error}); it alone was rejected: {Stack}")]
    public static partial void EventNotMapped(ILogger logger, string error, string? stack);

    [LoggerMessage(EventId = 3532, Level = LogLevel.Error, Message = "A Langfuse request failed ({Error}); the sender is told to send it again: {Stack}")]
    public static partial void EventsFailed(ILogger logger, string error, string? stack);

    [LoggerMessage(EventId = 3541, Level = LogLevel.Error, Message = "A Phoenix request failed ({Error}); the sender is told to try again: {Stack}")]
    public static partial void PhoenixFailed(ILogger logger, string error, string? stack);

    [LoggerMessage(EventId = 3551, Level = LogLevel.Error, Message = "An event of PostHog or Mixpanel could not be mapped ({Error}); it alone was rejected: {Stack}")]
    public static partial void CapturedEventNotMapped(ILogger logger, string error, string? stack);

    [LoggerMessage(EventId = 3552, Level = LogLevel.Error, Message = "A request of PostHog or Mixpanel failed ({Error}); the sender is told to send it again: {Stack}")]
    public static partial void CaptureFailed(ILogger logger, string error, string? stack);
}
