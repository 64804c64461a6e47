using Bellwether.State;
using Microsoft.Extensions.Logging;

namespace Bellwether.Providers;

internal static partial class SettingsLog
{
    [LoggerMessage(EventId = 2501, Level = LogLevel.Error, Message = "The stored key of provider {Provider} could not be opened ({Outcome}); the provider serves only calls that bring their own key until it is entered again")]
    public static partial void KeyNotOpened(ILogger logger, string provider, Unsealing outcome);

    [LoggerMessage(EventId = 2502, Level = LogLevel.Information, Message = "Sealed {Count} provider keys again under master key {KeyId}")]
    public static partial void Rewrapped(ILogger logger, int count, string keyId);
}
