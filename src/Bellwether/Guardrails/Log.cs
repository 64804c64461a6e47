using Microsoft.Extensions.Logging;

namespace Bellwether.Guardrails;

internal static partial class Log
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "The detector {Detector} failed with {Error}; its verdict was unknown, and the other detectors went on")]
    public static partial void DetectorFailed(ILogger logger, string detector, string error);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Error, Message = "This server runs without the detector {Detector}, whose verdict is unknown for every text: {Reason}")]
    public static partial void DetectorMissing(ILogger logger, string detector, string reason);

    [LoggerMessage(EventId = 4020, Level = LogLevel.Error, Message = "{Count} tokens could not be written to the vault ({Error}); they are tried again a few times, then they cannot be revealed")]
    public static partial void VaultNotWritten(ILogger logger, string error, int count);

    [LoggerMessage(EventId = 4021, Level = LogLevel.Error, Message = "The vault could not be looked through ({Error}); expired tokens, and those under an older master key, stay for now")]
    public static partial void VaultNotSwept(ILogger logger, string error);
}
