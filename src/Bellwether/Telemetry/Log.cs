using Microsoft.Extensions.Logging;

namespace Bellwether.Telemetry;

internal static partial class Log
{
    [LoggerMessage(EventId = 2201, Level = LogLevel.Error, Message = "The journal cannot be written ({Code}); new records are refused until it can")]
    public static partial void JournalFailed(ILogger logger, Exception error, string code);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Information, Message = "The journal takes records again after {Code} for {Duration}")]
    public static partial void JournalRecovered(ILogger logger, string code, TimeSpan duration);

    [LoggerMessage(EventId = 2203, Level = LogLevel.Warning, Message = "The journal file {File} is no longer needed and could not be deleted; the next start tries again")]
    public static partial void SegmentNotDeleted(ILogger logger, Exception error, string file);

    [LoggerMessage(EventId = 2204, Level = LogLevel.Warning, Message = "The journal file {File} ended with a write that was cut at {Offset} ({Length} bytes, never acknowledged as durable); it was removed and kept as a dead letter")]
    public static partial void TornTail(ILogger logger, string file, long offset, long length);

    [LoggerMessage(EventId = 2205, Level = LogLevel.Error, Message = "The journal file {File} is damaged at {Offset} ({Length} bytes, after record {AfterSequence}); the bytes were kept as a dead letter and reading went on behind them")]
    public static partial void Damaged(ILogger logger, string file, long offset, long length, long afterSequence);

    [LoggerMessage(EventId = 2206, Level = LogLevel.Information, Message = "Telemetry is open: stored up to {Stored}, journalled up to {Journalled}; acknowledged records survive as {Durability}")]
    public static partial void Opened(ILogger logger, long stored, long journalled, Durability durability);

    [LoggerMessage(EventId = 2207, Level = LogLevel.Information, Message = "Replayed {Records} records from the journal in {Duration}")]
    public static partial void Replayed(ILogger logger, long records, TimeSpan duration);

    [LoggerMessage(EventId = 2208, Level = LogLevel.Error, Message = "The telemetry store could not be opened; we try again in {Delay}")]
    public static partial void StoreNotOpened(ILogger logger, Exception error, TimeSpan delay);

    [LoggerMessage(EventId = 2209, Level = LogLevel.Error, Message = "A batch of {Records} records could not be stored; they stay in the journal and we try again in {Delay}")]
    public static partial void BatchFailed(ILogger logger, Exception error, int records, TimeSpan delay);

    [LoggerMessage(EventId = 2210, Level = LogLevel.Information, Message = "The telemetry store works again after {Duration}")]
    public static partial void StoreRecovered(ILogger logger, TimeSpan duration);

    [LoggerMessage(EventId = 2211, Level = LogLevel.Error, Message = "Record {Sequence} was set aside as a dead letter ({Reason})")]
    public static partial void DeadLettered(ILogger logger, Exception? error, long sequence, string reason);

    [LoggerMessage(EventId = 2212, Level = LogLevel.Critical, Message = "Record {Sequence} could not be stored and not be set aside; it is lost")]
    public static partial void Lost(ILogger logger, Exception? error, long sequence);

    [LoggerMessage(EventId = 2213, Level = LogLevel.Error, Message = "The disk of the data folder is almost full ({Free} bytes free, {Needed} needed); new records are refused until there is space")]
    public static partial void DiskFull(ILogger logger, long free, long needed);

    [LoggerMessage(EventId = 2214, Level = LogLevel.Information, Message = "The disk of the data folder has space again ({Free} bytes free); records are taken")]
    public static partial void DiskHasSpace(ILogger logger, long free);

    [LoggerMessage(EventId = 2216, Level = LogLevel.Warning, Message = "A subscriber of the change feed failed")]
    public static partial void SubscriberFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 2217, Level = LogLevel.Warning, Message = "{Records} journalled records were not stored before the shutdown; the next start stores them")]
    public static partial void LeftInJournal(ILogger logger, long records);

    [LoggerMessage(EventId = 2218, Level = LogLevel.Error, Message = "A step of the telemetry pipeline failed; it goes on with the next")]
    public static partial void StepFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 2219, Level = LogLevel.Error, Message = "What has passed its retention could not be dropped; we try again in {Delay}")]
    public static partial void NotDropped(ILogger logger, Exception error, TimeSpan delay);
}
