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

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning, Message = "A write-ahead log could not be merged into its file; it is tried again, and until then a start after a crash takes longer")]
    public static partial void MergeFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 2108, Level = LogLevel.Warning, Message = "The texts of a day could not be compressed; they stay as they are and it is tried again")]
    public static partial void PackFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 2106, Level = LogLevel.Warning, Message = "A telemetry file had become unusable, mostly because the disk is full; the store was opened anew with everything that was in it")]
    public static partial void Reopened(ILogger logger);

    [LoggerMessage(EventId = 2109, Level = LogLevel.Information, Message = "A statement of the telemetry store found no room in its {Megabytes} MiB and runs once more with twice as much")]
    public static partial void MemoryRanOut(ILogger logger, int megabytes);

    [LoggerMessage(EventId = 2107, Level = LogLevel.Information, Message = "Priced again: {Changed} of {Calls} calls changed")]
    public static partial void Repriced(ILogger logger, long changed, long calls);
}
