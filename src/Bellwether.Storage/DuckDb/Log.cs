using Microsoft.Extensions.Logging;

namespace Bellwether.Storage.DuckDb;

internal static partial class Log
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Telemetry store is open in {Folder}: {Days} days, complete up to sequence {Position}")]
    public static partial void Opened(ILogger logger, string folder, int days, long position);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Information, Message = "Retention deleted {Files} telemetry files")]
    public static partial void Dropped(ILogger logger, int files);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "Rollups could not be built; queries read the rows instead and it is tried again")]
    public static partial void SealFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Information, Message = "Erased {Observations} observations")]
    public static partial void Erased(ILogger logger, long observations);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Information, Message = "Priced again: {Changed} of {Calls} calls changed")]
    public static partial void Repriced(ILogger logger, long changed, long calls);
}
