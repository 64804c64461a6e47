namespace Bellwether.Quality;

/// <summary>
/// Boosted decision trees of depth three, with a probability as their answer. Each tree is seven tests and eight leaves in flat
/// arrays; test i leads to 2i+1 when the feature is at most the threshold, else to 2i+2.
/// </summary>
internal sealed class BoostedTrees
{
    public const int Tests = 7;
    public const int Leaves = 8;

    public required float Bias { get; init; }
    public required byte[] Features { get; init; }
    public required float[] Thresholds { get; init; }
    public required float[] Values { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public int Count => Values.Length / Leaves;

    public double Predict(ReadOnlySpan<float> features)
    {
        var sum = Bias;
        for (var tree = 0; tree < Count; tree++)
        {
            var node = 0;
            for (var depth = 0; depth < 3; depth++)
            {
                var at = (tree * Tests) + node;
                node = (2 * node) + (features[Features[at]] <= Thresholds[at] ? 1 : 2);
            }
            sum += Values[(tree * Leaves) + node - Tests];
        }
        return 1 / (1 + Math.Exp(-sum));
    }

    /// <summary>Says what is wrong with a model for so many features; null for a sound one.</summary>
    public string? Problem(int features) =>
        Values.Length == 0 || Values.Length % Leaves != 0 ? "the number of leaves is wrong"
        : Features.Length != Count * Tests || Thresholds.Length != Count * Tests ? "the number of tests is wrong"
        : Features.Any(feature => feature >= features) ? "a test asks for a feature that does not exist"
        : Values.Any(value => !float.IsFinite(value)) || Thresholds.Any(float.IsNaN) || !float.IsFinite(Bias) ? "a number is not finite" : null;
}
