using Microsoft.Extensions.Logging;

namespace Bellwether.Dashboard;

/// <summary>Log messages of the dashboard, events 9000 to 9099.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 9001, Level = LogLevel.Warning, Message = "Page {Page} could not read its data; it shows an error with a retry")]
    public static partial void LoadFailed(ILogger logger, Exception error, string page);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Warning, Message = "Chart {Chart} could not be drawn by the browser; it is shown as a table")]
    public static partial void ChartFailed(ILogger logger, Exception error, string chart);
}
