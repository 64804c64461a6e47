using System.Runtime.InteropServices;

namespace Bellwether.Primitives;

/// <summary>
/// Lowers the calling thread's claim on the CPU. .NET's <see cref="Thread.Priority"/> does nothing on Linux, where each thread
/// has a nice value of its own (setpriority(2), "C library/kernel differences").
/// </summary>
public static partial class BackgroundThread
{
    // A tenth of the weight of a thread that serves a call: on a busy core the calls go first, and what waits is in the journal.
    private const int Niceness = 10;
    private const int PrioProcess = 0;

    /// <summary>From now on the calling thread lets the others go first.</summary>
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
