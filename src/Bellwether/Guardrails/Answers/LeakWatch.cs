using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>The system prompt in a text that comes in.</summary>
/// <param name="stream">Compares with the prompt.</param>
/// <param name="blocks">Whether a leak ends the answer; else nothing waits.</param>
/// <param name="scored">Hears of each score.</param>
internal sealed class LeakWatch(LeakStream stream, bool blocks, Action<double> scored) : ITextWatch
{
    public Refusal? Cut { get; private set; }

    public int Look(TextWindow window, int released, bool final, List<Candidate> found)
    {
        if (window.End > stream.Length) { stream.Append(window.From(stream.Length)); }
        if (final) { stream.Finish(); }
        scored(stream.Score);
        if (!blocks) { return window.End; }
        if (stream.IsLeak)
        {
            Cut = GuardRefusals.Leak;
            return released;
        }
        return Math.Max(released, window.End - stream.Held);
    }
}

/// <summary>An operator's own texts that no honest answer holds, as they stand.</summary>
internal sealed class CanaryWatch(IReadOnlyList<string> canaries, bool blocks, Action<double> scored) : ITextWatch
{
    private readonly int _longest = canaries.Max(canary => canary.Length);
    private int _seen;

    public Refusal? Cut { get; private set; }

    public int Look(TextWindow window, int released, bool final, List<Candidate> found)
    {
        var text = window.From(Math.Max(window.Origin, _seen - _longest));
        _seen = window.End;
        var held = 0;
        foreach (var canary in canaries)
        {
            if (text.Contains(canary, StringComparison.Ordinal))
            {
                scored(1);
                Cut = blocks ? GuardRefusals.Leak : null;
                return blocks ? released : window.End;
            }
            held = Math.Max(held, Begun(text, canary));
        }
        return final || !blocks ? window.End : Math.Max(released, window.End - held);
    }

    // How much of the end may become this text.
    private static int Begun(ReadOnlySpan<char> text, string canary)
    {
        for (var length = Math.Min(text.Length, canary.Length - 1); length > 0; length--)
        {
            if (text.EndsWith(canary.AsSpan(0, length), StringComparison.Ordinal)) { return length; }
        }
        return 0;
    }
}
