namespace Bellwether.Telemetry;

/// <summary>Tells a full disk from a broken one.</summary>
internal static class DiskErrors
{
    private const int LinuxNoSpace = 28;
    private const int LinuxQuota = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>.NET puts the platform's error number into <see cref="Exception.HResult"/>.</summary>
    public static bool IsFull(Exception error) => error is IOException && error.HResult is LinuxNoSpace or LinuxQuota or WindowsDiskFull or WindowsHandleDiskFull;
}
