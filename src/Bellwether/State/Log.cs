using Microsoft.Extensions.Logging;

namespace Bellwether.State;

internal static partial class Log
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Applied migration {Migration} to the {Engine} state store")]
    public static partial void Migrated(ILogger logger, string migration, string engine);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Created a new master key, kept in {File}; back it up apart from the database")]
    public static partial void MasterKeyCreated(ILogger logger, string file);
}
