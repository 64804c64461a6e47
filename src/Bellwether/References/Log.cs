using Microsoft.Extensions.Logging;

namespace Bellwether.References;

internal static partial class Log
{
    [LoggerMessage(EventId = 4801, Level = LogLevel.Error, Message = "A run of reference questions failed; the set's next run is not affected")]
    public static partial void ProbesFailed(ILogger logger, Exception error);
}
