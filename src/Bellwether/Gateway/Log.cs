using Microsoft.Extensions.Logging;

namespace Bellwether.Gateway;

/// <summary>Event ids 2000–2099. Nothing is logged per call; that is what metrics and observations are for.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "A call failed in the gateway itself; the caller got {Status} and the call is recorded")]
    public static partial void CallFailed(ILogger logger, Exception error, int status);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "Stage {Stage} failed at the end of a call; the call's answer and record are not affected")]
    public static partial void StageFailed(ILogger logger, Exception error, string stage);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Information, Message = "Shutting down: {Calls} calls in flight may take up to {Grace} to end")]
    public static partial void Draining(ILogger logger, int calls, TimeSpan grace);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "{Calls} calls were still in flight after the grace time; they are ended and recorded as aborted")]
    public static partial void DrainTimedOut(ILogger logger, int calls);
}
