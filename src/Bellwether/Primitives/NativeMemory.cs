using System.Runtime.InteropServices;

namespace Bellwether.Primitives;

/// <summary>
/// The C library's allocator gives each thread an arena of its own and keeps in it what was freed. Here few threads allocate
/// natively: one arena, whose free end goes back to the system, saves about 18 MB and showed no loss of speed (docs/performance.md).
/// </summary>
public static partial class NativeMemory
{
    // malloc.h of glibc. Other C libraries have other allocators, and no such function.
    private const int TrimThreshold = -1;
    private const int MostArenas = -8;
    private const int TrimmedBytes = 128 * 1024;

    /// <summary>To be called before other threads allocate.</summary>
    public static void ShareOneArena()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        try
        {
            _ = Tune(MostArenas, 1);
            _ = Tune(TrimThreshold, TrimmedBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // musl: nothing to tune.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Tune(int what, int value);
}
