namespace Bellwether.ArchitectureTests;

/// <summary>
/// Which feature may use which, in one place. A new edge is a new word here, in the commit that needs it.
/// Every feature may use the kernel; each kernel part only what stands before it.
/// </summary>
internal static class FeatureTable
{
    public static readonly string[] Kernel = ["Primitives", "State", "Identity", "Telemetry"];

    public static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Detection"] = [],
        ["Exchange"] = [],
        ["Pricing"] = [],
        ["Providers"] = ["Exchange", "Pricing"],
        ["Api"] = [],
        ["Sinks"] = [],
        ["Onboarding"] = ["Ingest"],
        ["Gateway"] = ["Exchange", "Providers", "Pricing"],
        ["Guardrails"] = ["Detection", "Exchange", "Gateway"],
        ["Feedback"] = [],
        ["Quality"] = ["Detection", "Feedback"],
        ["Evaluators"] = ["Feedback", "Gateway", "Pricing", "Providers", "Quality"],
        ["References"] = ["Feedback", "Gateway", "Providers", "Quality"],
        ["Exports"] = [],
        ["Flags"] = [],
        ["Datasets"] = [],
        ["Ingest"] = ["Exchange", "Feedback", "Flags", "Datasets"],
        ["Demo"] = ["Exchange", "Providers", "Gateway"],
    };

    public static IEnumerable<string> Features => Kernel.Concat(MayUse.Keys);

    public static bool Allows(string from, string to)
    {
        if (from == to)
        {
            return true;
        }
        var fromKernel = Array.IndexOf(Kernel, from);
        var toKernel = Array.IndexOf(Kernel, to);
        if (toKernel >= 0)
        {
            return fromKernel < 0 || toKernel < fromKernel;
        }
        return fromKernel < 0 && MayUse.TryGetValue(from, out var allowed) && allowed.Contains(to);
    }
}
