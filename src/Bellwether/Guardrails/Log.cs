using Microsoft.Extensions.Logging;

namespace Bellwether.Guardrails;

internal static partial class Log
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "The detector {Detector} failed with {Error}; its verdict was unknown, and the other detectors went on")]
    public static partial void DetectorFailed(ILogger logger, string detector, string error);
}
