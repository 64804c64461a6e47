using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>Fits a small logistic regression by gradient descent, with no weight below zero.</summary>
internal static class LogisticTrainer
{
    private const int Steps = 4000;
    private const double Rate = 0.3, Shrink = 1e-3;

    /// <param name="used">Inputs that are weighed. They may only speak for a finding: nothing that a text says more makes it look better.</param>
    public static Logistic Fit(IReadOnlyList<(float[] Values, bool Positive, double Weight)> rows, Func<int, bool> used)
    {
        var all = rows[0].Values.Length;
        int[] inputs = [.. Enumerable.Range(0, all).Where(used)];
        var size = inputs.Length;
        var chosen = rows.Select(row => (Values: inputs.Select(input => row.Values[input]).ToArray(), row.Positive, row.Weight)).ToArray();
        var weights = new double[size + 1];
        var velocity = new double[size + 1];
        var total = rows.Sum(row => row.Weight);
        for (var step = 0; step < Steps; step++)
        {
            var gradient = new double[size + 1];
            foreach (var (values, positive, weight) in chosen)
            {
                var logit = weights[size];
                for (var index = 0; index < size; index++)
                {
                    logit += weights[index] * values[index];
                }
                var error = ((1 / (1 + Math.Exp(-logit))) - (positive ? 1 : 0)) * weight / total;
                for (var index = 0; index < size; index++)
                {
                    gradient[index] += error * values[index];
                }
                gradient[size] += error;
            }
            for (var index = 0; index <= size; index++)
            {
                velocity[index] = (0.9 * velocity[index]) - (Rate * (gradient[index] + (index < size ? Shrink * weights[index] : 0)));
                weights[index] += velocity[index];
                if (index < size && weights[index] < 0)
                {
                    weights[index] = 0;
                    velocity[index] = 0;
                }
            }
        }
        var found = new float[all + 1];
        found[all] = (float)weights[size];
        for (var index = 0; index < size; index++)
        {
            found[inputs[index]] = (float)weights[index];
        }
        return new Logistic(found);
    }
}
