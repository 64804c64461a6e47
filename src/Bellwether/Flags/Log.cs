using Microsoft.Extensions.Logging;

namespace Bellwether.Flags;

internal static partial class Log
{
    [LoggerMessage(EventId = 4901, Level = LogLevel.Error, Message = "Flags could not be evaluated for request {RequestId}; it was answered with 500")]
    public static partial void EvaluationFailed(ILogger logger, Exception error, string requestId);
}
