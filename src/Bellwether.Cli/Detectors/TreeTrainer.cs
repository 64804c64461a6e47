using Bellwether.Quality;

namespace Bellwether.Cli.Detectors;

/// <summary>
/// Gradient boosting of depth-three trees on the logistic loss (Friedman 2001), with second-order leaves as in XGBoost. Rows are
/// sampled with a fixed seed: the same rows in the same order give the same model to the last bit.
/// </summary>
/// <param name="Trees">How many.</param>
/// <param name="Rate">How much of each tree counts.</param>
/// <param name="LeastRows">Rows that a leaf must have.</param>
internal sealed record TreeTrainer(int Trees, float Rate, int LeastRows)
{
    private const int Bins = 48;
    private const float Ridge = 2;
    private const double Sample = 0.7;
    private const int Seed = 20261126;

    /// <param name="labels">0 to 1: what the probability ought to be.</param>
    /// <param name="monotone">For each feature +1 where more must not lower the probability, −1 where it must not raise it, 0 for any.</param>
    public BoostedTrees Train(IReadOnlyList<float[]> rows, IReadOnlyList<float> labels, int[] monotone)
    {
        var features = rows[0].Length;
        var cuts = Enumerable.Range(0, features).Select(feature => Cuts(rows, feature)).ToArray();
        var binned = rows.Select(row => Enumerable.Range(0, features).Select(feature => Bin(cuts[feature], row[feature])).ToArray()).ToArray();
        var positives = labels.Sum();
        var bias = MathF.Log((positives + 1f) / (labels.Count - positives + 1f));
        var scores = new float[rows.Count];
        Array.Fill(scores, bias);
        var (tests, thresholds, values) = (new List<byte>(), new List<float>(), new List<float>());
        var random = new Random(Seed);
        var gradient = new float[rows.Count];
        var hessian = new float[rows.Count];
        for (var tree = 0; tree < Trees; tree++)
        {
            var sampled = new List<int>(rows.Count);
            for (var row = 0; row < rows.Count; row++)
            {
                var probability = 1 / (1 + MathF.Exp(-scores[row]));
                (gradient[row], hessian[row]) = (probability - labels[row], probability * (1 - probability));
                if (random.NextDouble() < Sample) { sampled.Add(row); }
            }
            var nodes = new List<int>[15];
            nodes[0] = sampled;
            for (var node = 0; node < BoostedTrees.Tests; node++)
            {
                var (feature, bin) = BestSplit(nodes[node], binned, cuts, gradient, hessian, monotone);
                tests.Add((byte)Math.Max(0, feature));
                thresholds.Add(feature < 0 ? float.PositiveInfinity : cuts[feature][bin]);
                nodes[(2 * node) + 1] = feature < 0 ? nodes[node] : nodes[node].FindAll(row => binned[row][feature] <= bin);
                nodes[(2 * node) + 2] = feature < 0 ? [] : nodes[node].FindAll(row => binned[row][feature] > bin);
            }
            var leaves = new float[BoostedTrees.Leaves];
            for (var leaf = 0; leaf < leaves.Length; leaf++)
            {
                var members = nodes[leaf + BoostedTrees.Tests];
                float g = 0, h = 0;
                foreach (var row in members) { g += gradient[row]; h += hessian[row]; }
                leaves[leaf] = -Rate * g / (h + Ridge);
            }
            values.AddRange(leaves);
            var grown = new BoostedTrees { Bias = 0, Features = [.. tests.TakeLast(BoostedTrees.Tests)], Thresholds = [.. thresholds.TakeLast(BoostedTrees.Tests)], Values = leaves };
            for (var row = 0; row < rows.Count; row++) { scores[row] += Leaf(grown, rows[row]); }
        }
        return new BoostedTrees { Bias = bias, Features = [.. tests], Thresholds = [.. thresholds], Values = [.. values] };
    }

    private static float Leaf(BoostedTrees tree, float[] row)
    {
        var node = 0;
        for (var depth = 0; depth < 3; depth++) { node = (2 * node) + (row[tree.Features[node]] <= tree.Thresholds[node] ? 1 : 2); }
        return tree.Values[node - BoostedTrees.Tests];
    }

    private (int Feature, int Bin) BestSplit(List<int> members, byte[][] binned, float[][] cuts, float[] gradient, float[] hessian, int[] monotone)
    {
        if (members.Count < 2 * LeastRows) { return (-1, 0); }
        var (best, bestGain) = ((-1, 0), 1e-3f);
        Span<float> g = stackalloc float[Bins];
        Span<float> h = stackalloc float[Bins];
        Span<int> n = stackalloc int[Bins];
        float allG = 0, allH = 0;
        foreach (var row in members) { allG += gradient[row]; allH += hessian[row]; }
        for (var feature = 0; feature < cuts.Length; feature++)
        {
            g.Clear();
            h.Clear();
            n.Clear();
            foreach (var row in members)
            {
                var bin = binned[row][feature];
                g[bin] += gradient[row];
                h[bin] += hessian[row];
                n[bin]++;
            }
            float leftG = 0, leftH = 0;
            var left = 0;
            for (var bin = 0; bin < cuts[feature].Length; bin++)
            {
                leftG += g[bin];
                leftH += h[bin];
                left += n[bin];
                if (left < LeastRows || members.Count - left < LeastRows) { continue; }
                var (rightG, rightH) = (allG - leftG, allH - leftH);
                // The value of a leaf is -g/h: a rising feature must not make it fall.
                if (monotone[feature] != 0 && ((-rightG / (rightH + Ridge)) - (-leftG / (leftH + Ridge))) * monotone[feature] < 0) { continue; }
                var gain = (leftG * leftG / (leftH + Ridge)) + (rightG * rightG / (rightH + Ridge)) - (allG * allG / (allH + Ridge));
                if (gain > bestGain) { (best, bestGain) = ((feature, bin), gain); }
            }
        }
        return best;
    }

    private static float[] Cuts(IReadOnlyList<float[]> rows, int feature)
    {
        var values = rows.Select(row => row[feature]).Order().ToArray();
        return [.. Enumerable.Range(1, Bins - 1).Select(cut => values[(int)((long)cut * (values.Length - 1) / Bins)]).Distinct().Where(cut => cut < values[^1])];
    }

    private static byte Bin(float[] cuts, float value)
    {
        var at = Array.BinarySearch(cuts, value);
        return (byte)(at < 0 ? ~at : at);
    }
}
