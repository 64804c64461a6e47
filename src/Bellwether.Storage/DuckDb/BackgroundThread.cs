using System.Runtime.InteropServices;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Lowers the calling thread's claim on the CPU. .NET's <see cref="Thread.Priority"/> does nothing on Linux, where each thread
/// has a nice value of its own (setpriority(2), "C library/kernel differences").
/// </summary>
internal static partial class BackgroundThread
{
    // Enough to let a call go first when both want the core.
    private const int Niceness = 2;
    private const int PrioProcess = 0;

    public static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
        {
            // 0 is the calling thread. Failing changes nothing but the share.
            _ = SetPriority(PrioProcess, 0, Niceness);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetPriority(int which, int who, int priority);
}
