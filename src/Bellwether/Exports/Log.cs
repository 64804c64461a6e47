using Microsoft.Extensions.Logging;

namespace Bellwether.Exports;

internal static partial class Log
{
    [LoggerMessage(EventId = 3801, Level = LogLevel.Error, Message = "Export {Export} failed ({Error}): {Stack}")]
    public static partial void Failed(ILogger logger, Guid export, string error, string? stack);
}
