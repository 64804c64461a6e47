using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>A text as slots of features, cut into the windows in which the detector will read it.</summary>
/// <param name="Slots">Of all tokens, one after the other.</param>
/// <param name="Ends">Where the slots of each token end.</param>
/// <param name="Windows">First token and the one behind the last.</param>
internal sealed record CutText(int[] Slots, int[] Ends, (int From, int To)[] Windows)
{
    // What a longer text would add to the training is mostly more of the same.
    private const int MostTokens = 900;

    public static CutText Of(string text, WindowShape shape)
    {
        var scanner = new TokenScanner(text, new char[TokenScanner.MaxWord]);
        var features = new HashedFeatures();
        var plan = new WindowPlan(shape);
        var slots = new List<int>();
        var ends = new List<int>();
        var windows = new List<(int, int)>();
        Span<int> buffer = stackalloc int[HashedFeatures.MaxPerToken];
        while (ends.Count < MostTokens && scanner.Next())
        {
            if (plan.EndsBefore(scanner.StartsSentence))
            {
                Close();
                plan.Reset();
            }
            slots.AddRange(buffer[..features.Read(scanner.Folded, buffer)]);
            ends.Add(slots.Count);
            if (plan.Add())
            {
                Close();
            }
        }
        if (plan.EndsAtLast)
        {
            Close();
        }
        return new CutText([.. slots], [.. ends], [.. windows]);

        void Close() => windows.Add((ends.Count - plan.Filled, ends.Count));
    }

    public ReadOnlySpan<int> SlotsOf((int From, int To) window)
    {
        var start = window.From == 0 ? 0 : Ends[window.From - 1];
        return Slots.AsSpan(start, Ends[window.To - 1] - start);
    }
}
