using Microsoft.Extensions.Logging;

namespace Bellwether.Pricing;

internal static partial class PricingLog
{
    [LoggerMessage(EventId = 2601, Level = LogLevel.Warning, Message = "Pricing history again stopped half way; every call has either its old or its new price, and another run does the rest")]
    public static partial void RepriceStopped(ILogger logger, Exception error);
}
