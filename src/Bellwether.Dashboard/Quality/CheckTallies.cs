using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Quality;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>What one validator said in a range.</summary>
/// <param name="PassRates">Share of the judged answers of a bucket that passed; null where it judged none.</param>
public sealed record CheckTally(string Validator, long Passed, long Warned, long Failed, IReadOnlyList<double?> PassRates)
{
    public long Judged => Passed + Warned + Failed;

    public Proportion Pass => new(Passed, Judged);
}

/// <summary>How many answers there were, how many of them the validators looked at, and what each said. Unchecked is not passed.</summary>
public sealed record CheckTallies(long Answers, long Checked, ImmutableArray<CheckTally> Validators, IReadOnlyList<double?> CheckedShare)
{
    /// <param name="result">Counts by all marks at once (<c>checks</c>), per bucket.</param>
    public static CheckTallies Of(QueryResult result, TimeScale scale)
    {
        var buckets = scale.Buckets.Length;
        var (answers, looked) = (new long[buckets], new long[buckets]);
        var said = CheckMarks.Validators.ToDictionary(name => name, _ => new long[buckets, 4], StringComparer.Ordinal);
        foreach (var row in result.Rows)
        {
            if (row.Bucket is not { } start || scale.IndexOf(start) is not (>= 0 and var index)) { continue; }
            var count = (long)(row.Values[0] ?? 0);
            var marks = long.TryParse(row.Group[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            answers[index] += count;
            if (marks == 0) { continue; }
            looked[index] += count;
            foreach (var (validator, counts) in said) { counts[index, (int)CheckMarks.Of(marks, validator)] += count; }
        }
        return new CheckTallies(answers.Sum(), looked.Sum(), [.. CheckMarks.Validators.Select(validator => Tally(validator, said[validator], buckets))],
            [.. answers.Select((all, index) => all > 0 ? (double)looked[index] / all : (double?)null)]);
    }

    private static CheckTally Tally(string validator, long[,] counts, int buckets)
    {
        var rates = new double?[buckets];
        var totals = new long[4];
        for (var i = 0; i < buckets; i++)
        {
            for (var mark = 1; mark < 4; mark++) { totals[mark] += counts[i, mark]; }
            var judged = counts[i, 1] + counts[i, 2] + counts[i, 3];
            rates[i] = judged > 0 ? (double)counts[i, 1] / judged : null;
        }
        return new CheckTally(validator, totals[(int)CheckMark.Pass], totals[(int)CheckMark.Warn], totals[(int)CheckMark.Fail], rates);
    }
}
