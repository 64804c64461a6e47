using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>Counts which character follows which three in ordinary text.</summary>
internal static class SurpriseTrainer
{
    public static SurpriseModel Train(IEnumerable<string> texts)
    {
        var fours = new int[1 << SurpriseModel.Bits];
        var threes = new Dictionary<uint, int>();
        var contexts = new Dictionary<uint, int>();
        var buffer = new char[TokenScanner.MaxWord];
        foreach (var text in texts)
        {
            var scanner = new TokenScanner(text, buffer);
            uint last = 0;
            while (scanner.Next())
            {
                Push(' ');
                foreach (var unit in scanner.Folded)
                {
                    Push(unit);
                }
            }

            void Push(char unit)
            {
                var context = last & 0xFFFFFF;
                last = SurpriseModel.Push(last, unit);
                fours[SurpriseModel.Slot(last)]++;
                threes[context] = threes.GetValueOrDefault(context) + 1;
                contexts[last] = 0;
            }
        }
        // Nothing seen: as surprising as it gets.
        var table = Enumerable.Repeat((byte)(12 * 16), 1 << SurpriseModel.Bits).ToArray();
        foreach (var four in contexts.Keys)
        {
            var slot = SurpriseModel.Slot(four);
            var surprise = -Math.Log2((fours[slot] + 0.1) / (threes.GetValueOrDefault(four >> 8) + 6.0));
            table[slot] = (byte)Math.Min(table[slot], Math.Clamp(surprise * 16, 0, 192));
        }
        return new SurpriseModel(table);
    }
}
