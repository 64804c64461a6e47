namespace Bellwether.Evaluators;

/// <summary>
/// How far two judges agree beyond what chance alone would give: Cohen's kappa with its 95 % interval (large-sample standard error of Fleiss,
/// Cohen and Everitt, 1969). 1: always; 0: as chance would; null where it says nothing, because nobody was judged or one of them always said the same.
/// </summary>
/// <param name="Pairs">Things that both judged.</param>
/// <param name="Agreement">Share of them that both judged alike; null without pairs.</param>
public readonly record struct Kappa(long Pairs, double? Agreement, double? Value, double? Low, double? High)
{
    private const double Z = 1.959963984540054;

    /// <param name="counts">How often the first judge said the row and the second the column; square.</param>
    public static Kappa Of(long[,] counts)
    {
        var size = counts.GetLength(0);
        double all = 0;
        var (rows, columns) = (new double[size], new double[size]);
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                all += counts[i, j];
                rows[i] += counts[i, j];
                columns[j] += counts[i, j];
            }
        }
        if (all == 0) { return default; }
        double alike = 0, chance = 0;
        for (var i = 0; i < size; i++)
        {
            (rows[i], columns[i]) = (rows[i] / all, columns[i] / all);
            alike += counts[i, i] / all;
            chance += rows[i] * columns[i];
        }
        // Whoever always says the same agrees as chance would, whatever the other says; zero without a width would look like knowledge.
        if (rows.Max() >= 1 || columns.Max() >= 1) { return new Kappa((long)all, alike, null, null, null); }
        var kappa = (alike - chance) / (1 - chance);
        double same = 0, other = 0;
        for (var i = 0; i < size; i++)
        {
            same += counts[i, i] / all * Square(1 - ((rows[i] + columns[i]) * (1 - kappa)));
            for (var j = 0; j < size; j++)
            {
                if (i != j) { other += counts[i, j] / all * Square(columns[i] + rows[j]); }
            }
        }
        other *= Square(1 - kappa);
        var error = Math.Sqrt(Math.Max(0, same + other - Square(kappa - (chance * (1 - kappa))))) / ((1 - chance) * Math.Sqrt(all));
        return new Kappa((long)all, alike, kappa, Math.Max(-1, kappa - (Z * error)), Math.Min(1, kappa + (Z * error)));
    }

    private static double Square(double value) => value * value;
}
