using Microsoft.Extensions.Logging;

namespace Bellwether.Evaluators;

internal static partial class Log
{
    [LoggerMessage(EventId = 4701, Level = LogLevel.Warning, Message = "The evaluator {Evaluator} failed on a call; the call is stored without its verdict")]
    public static partial void EvaluatorFailed(ILogger logger, Exception error, Guid evaluator);
}
