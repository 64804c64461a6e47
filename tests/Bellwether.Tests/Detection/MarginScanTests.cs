using Bellwether.Detection;

namespace Bellwether.Tests.Detection;

/// <summary>The windows of a text, against the same counted one by one.</summary>
public sealed class MarginScanTests
{
    [Theory]
    [InlineData(1, false, 50)]
    [InlineData(4, true, 300)]
    [InlineData(7, false, 300)]
    [InlineData(40, true, 3_000)]
    [InlineData(MarginScan.MaxWindow, false, 3_000)]
    [InlineData(MarginScan.MaxWindow, false, 20)]
    public void The_worst_window_is_the_one_that_counting_finds(int tokens, bool sentences, int length)
    {
        var random = new Random(tokens);
        var model = Model(random, new WindowShape(tokens, sentences));
        var text = Enumerable.Range(0, length).Select(at => (Slots: Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(1 << HashedFeatures.Bits)).ToArray(), Start: 3 * at, StartsSentence: random.Next(9) == 0)).ToArray();
        var scan = new MarginScan(model, new TokenMark[MarginScan.Marks]);
        foreach (var some in text.Chunk(TokenBatch.MostSlots / 8))
        {
            var end = 0;
            scan.Add(some.Select(token => new BatchToken(0, token.Start, token.Start + 2, (ushort)(end += token.Slots.Length), 0, 1, CharClass.Letter, token.StartsSentence)).ToArray(), some.SelectMany(token => token.Slots).ToArray());
        }
        scan.Finish();
        var windows = Windows(model.Shape, text.Select(token => token.StartsSentence).ToArray());
        var margins = windows.Select(window => model.Margin(
            text[window].Sum(token => token.Slots.Sum(slot => model.Weights[slot])), text[window].Sum(token => token.Slots.Length))).ToArray();
        var worst = windows[Array.IndexOf(margins, margins.Max())];
        Assert.Equal(margins.Length, scan.Windows);
        Assert.Equal((margins.Max(), margins[0], margins[^1]), (scan.Worst, scan.First, scan.Last));
        Assert.Equal(new TextSpan(text[worst.Start].Start, text[worst.End.Value - 1].Start + 2), scan.WorstSpan);
    }

    private static List<Range> Windows(WindowShape shape, bool[] starts)
    {
        var windows = new List<Range>();
        int from = 0, ended = 0;
        for (var at = 0; at < starts.Length; at++)
        {
            if (shape.Sentences && starts[at] && Math.Min(at - from, shape.Tokens) >= 4)
            {
                windows.Add(Math.Max(from, at - shape.Tokens)..at);
                from = ended = at;
            }
            if (at + 1 - from >= shape.Tokens && at + 1 - ended >= shape.Stride)
            {
                windows.Add((at + 1 - shape.Tokens)..(at + 1));
                ended = at + 1;
            }
        }
        if (ended < starts.Length)
        {
            windows.Add(Math.Max(from, starts.Length - shape.Tokens)..starts.Length);
        }
        return windows;
    }

    private static HashedModel Model(Random random, WindowShape shape)
    {
        var weights = new sbyte[1 << HashedFeatures.Bits];
        foreach (ref var weight in weights.AsSpan()) { weight = (sbyte)random.Next(-128, 128); }
        return new HashedModel(weights, 0.01f, -1, shape);
    }
}
