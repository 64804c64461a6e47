using System.Diagnostics;

namespace Bellwether.Tests;

/// <summary>What code allocates once the runtime has optimised it; until then even code that allocates nothing may box.</summary>
internal static class Allocation
{
    // How long the compiler may take beside other tests on a busy machine; nothing is asserted of it.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <returns>Bytes that a hundred calls allocate: none as soon as one hundred allocated none, else those of the last.</returns>
    public static long OfHundred(Action code)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < 100; call++)
            {
                code();
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated == 0 || Stopwatch.GetElapsedTime(start) > s_patience)
            {
                return allocated;
            }
        }
    }
}
