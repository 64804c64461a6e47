using Microsoft.Extensions.Logging;

namespace Bellwether.Api;

internal static partial class Log
{
    [LoggerMessage(EventId = 1901, Level = LogLevel.Error, Message = "Request {RequestId} failed unexpectedly; it was answered with 500")]
    public static partial void Unhandled(ILogger logger, Exception error, string requestId);
}
