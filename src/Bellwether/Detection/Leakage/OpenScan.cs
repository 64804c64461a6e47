namespace Bellwether.Detection;

/// <summary>A comparison of a text that goes on: what it says so far, what still may follow counted in, and from where on the text must wait.</summary>
internal sealed class OpenScan(LeakScan scan, PromptIndex index)
{
    private readonly int _longestCanary = index.Canaries.Count == 0 ? 0 : index.Canaries.Max(canary => canary.Length);
    private int _canaryFrom;

    public bool Canary { get; private set; }

    public int Longest => Math.Max(scan.Longest, scan.OpenLength);

    public int Covered => scan.Covered + (scan.OpenLength > scan.Longest ? scan.OpenLength : 0);

    /// <summary>The first place that may become part of a leak; <paramref name="none"/> when there is none.</summary>
    public int HeldFrom(int none)
    {
        var compact = scan.OpenStart;
        if (_longestCanary > 0) { compact = Math.Min(compact, Math.Max(0, scan.Text.Length - _longestCanary)); }
        return compact < scan.Text.Length ? scan.Text.Source(compact) : none;
    }

    /// <summary>Looks for a canary in what is new, and as much before it as one is long.</summary>
    public void LookForCanary()
    {
        if (_longestCanary == 0 || Canary) { return; }
        Canary = LeakDetector.HasCanary(scan.Text.Chars[_canaryFrom..], index);
        _canaryFrom = Math.Max(0, scan.Text.Length - _longestCanary);
    }
}
