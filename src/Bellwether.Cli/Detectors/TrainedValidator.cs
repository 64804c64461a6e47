using System.Text.Json;
using Bellwether.Quality;

namespace Bellwether.Cli.Detectors;

/// <summary>A validator with a model: how its rows become features, how it is trained, and how well it does by folds and on dev.</summary>
/// <param name="Name">Of the validator; its model file is <c>{name}.json</c>.</param>
/// <param name="Task">Folder of its data.</param>
/// <param name="Monotone">Directions of the features, see <see cref="TreeTrainer.Train"/>.</param>
/// <param name="Check">The validator as the product runs it, so that what is measured is what is shipped.</param>
/// <param name="MostFalsePositives">Share of sound development rows that may be warned of.</param>
internal sealed record TrainedValidator(string Name, string Task, string[] Features, TreeTrainer Trainer, Func<LabelledAnswer, IEnumerable<string>> Documents, Func<WordWeights, Action<LabelledAnswer, float[]>> Extract, IReadOnlyDictionary<string, int> Monotone, Func<QualityModel, Func<LabelledAnswer, ValidatorResult>> Check, double MostFalsePositives, (double? Auroc, double? F1, double? Fpr) Goals)
{
    public void Train(string dataFolder, string outputFolder)
    {
        var train = LabelledAnswer.Read(dataFolder, Task, "train.jsonl");
        var dev = LabelledAnswer.Read(dataFolder, Task, "dev.jsonl");
        var weights = WordWeights.Write([.. train.SelectMany(Documents)]);
        var draft = Fit(train, weights);
        var devScores = Scores(draft, dev);
        var warn = devScores.BestThreshold(MostFalsePositives);
        var model = draft with
        {
            Card = draft.Card with
            {
                DevAuroc = Math.Round(devScores.Auroc, 4), FoldAuroc = Math.Round(Folds(train).Auroc, 4),
                Data = [.. train.GroupBy(row => row.Source).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}: {group.Count()} rows, {group.Count(row => row.IsPositive)} positive")],
            },
            WarnAt = Math.Round(warn, 3), FailAt = Math.Round(Math.Max(warn, AtPrecision(devScores, 0.95)), 3),
        };
        File.WriteAllBytes(Path.Combine(outputFolder, Name + ".json"), JsonSerializer.SerializeToUtf8Bytes(model, QualityModelJson.Default.QualityModel));
    }

    public IEnumerable<EvaluationRow> Evaluate(string dataFolder)
    {
        var model = QualityModel.Load(Name, Features);
        var train = LabelledAnswer.Read(dataFolder, Task, "train.jsonl");
        var dev = Scores(model, LabelledAnswer.Read(dataFolder, Task, "dev.jsonl"));
        yield return dev.ToRow(Name, "dev", model.WarnAt, Goals);
        foreach (var source in dev.Names(row => row.Source)) { yield return dev.Where(row => row.Source == source).ToRow(Name, "dev: " + source, model.WarnAt); }
        var folds = Folds(train);
        yield return folds.ToRow(Name, "train, a source left out at a time", model.WarnAt, Goals);
        foreach (var source in folds.Names(row => row.Source)) { yield return folds.Where(row => row.Source == source).ToRow(Name, "left out: " + source, model.WarnAt); }
        foreach (var category in dev.Names(row => row.Category)) { yield return dev.Where(row => row.Category == category).ToRow(Name + " by category", "dev: " + category, model.WarnAt); }
    }

    private QualityModel Fit(IReadOnlyList<LabelledAnswer> rows, byte[] weights)
    {
        var extract = Extract(WordWeights.Read(weights));
        var trees = Trainer.Train([.. rows.Select(row => Of(extract, row))], [.. rows.Select(row => row.IsPositive ? 1f : 0f)], [.. Features.Select(feature => Monotone.GetValueOrDefault(feature))]);
        // Without thresholds yet: scores do not need them.
        return new QualityModel { Card = new Quality.ModelCard { Name = Name, Version = 1, Data = [] }, Features = Features, Trees = trees, Weights = weights, WarnAt = 1, FailAt = 1 };
    }

    // Weights of words too are made without the source that is left out.
    private ScoredRows Folds(IReadOnlyList<LabelledAnswer> train)
    {
        var all = new List<(LabelledAnswer, double)>();
        foreach (var source in train.Select(row => row.Source).Distinct(StringComparer.Ordinal))
        {
            var rest = train.Where(row => row.Source != source).ToArray();
            all.AddRange(Scores(Fit(rest, WordWeights.Write([.. rest.SelectMany(Documents)])), [.. train.Where(row => row.Source == source)]).Rows);
        }
        return new ScoredRows(all);
    }

    // What cannot be judged counts as neither good nor bad.
    private ScoredRows Scores(QualityModel model, IReadOnlyList<LabelledAnswer> rows)
    {
        var check = Check(model);
        return new ScoredRows([.. rows.Select(row => (row, 1 - (check(row).Score ?? 0.5)))]);
    }

    private float[] Of(Action<LabelledAnswer, float[]> extract, LabelledAnswer row)
    {
        var features = new float[Features.Length];
        extract(row, features);
        return features;
    }

    private static double AtPrecision(ScoredRows rows, double precision) =>
        rows.Rows.Select(row => row.Score).Distinct().Order().FirstOrDefault(score => rows.Precision(score) >= precision, 0.99);
}
