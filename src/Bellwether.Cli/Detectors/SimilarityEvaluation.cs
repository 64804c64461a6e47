using System.Text.Json;
using Bellwether.Quality;
using Bellwether.References;

namespace Bellwether.Cli.Detectors;

/// <summary>The similarity of reference answers against people's scores of 0 to 5 (STS), and the training of its half that is learned.</summary>
internal static class SimilarityEvaluation
{
    private const int Folds = 5;
    private const string German = "stsb-de-train";
    private static readonly TreeTrainer s_trainer = new(200, 0.06f, 20);

    public static void Train(string dataFolder, string outputFolder)
    {
        var rows = Read(dataFolder, "train");
        var draft = Fit(rows);
        var model = draft with
        {
            Card = draft.Card with
            {
                Data = [.. rows.GroupBy(row => row.Source).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}: {group.Count()} pairs of sentences with people's scores")],
                DevSpearman = Rounded(Scored(draft, Read(dataFolder, "dev"))), FoldSpearman = Rounded(InFolds(rows)),
            },
        };
        File.WriteAllBytes(Path.Combine(outputFolder, LexicalSimilarity.Name + ".json"), JsonSerializer.SerializeToUtf8Bytes(model, QualityModelJson.Default.QualityModel));

        static double Rounded(List<ScoredPair> rows) => Math.Round(Spearman([.. rows.Where(row => row.Source != German)]), 4);
    }

    public static IEnumerable<EvaluationRow> Run(string dataFolder)
    {
        var shipped = QualityModel.Load(LexicalSimilarity.Name, SimilarityFeatures.Names);
        var train = Read(dataFolder, "train");
        return
        [
            .. Rows("dev", Scored(shipped, Read(dataFolder, "dev")), ">= 0.75"),
            .. Rows("train, in five parts each left out", InFolds(train), ">= 0.75"),
            .. Rows("train, a language left out at a time", [.. train.GroupBy(row => row.Source).SelectMany(source => Scored(Fit([.. train.Where(row => row.Source != source.Key)]), [.. source]))], null),
            .. Rows("dev, the half that is not learned", [.. Read(dataFolder, "dev").Select(row => new ScoredPair(row.Source, Fixed(shipped, row), row.Label))], null),
        ];
    }

    private static IEnumerable<EvaluationRow> Rows(string group, List<ScoredPair> rows, string? goal)
    {
        yield return Row($"{group}: English", [.. rows.Where(row => row.Source != German)], goal);
        foreach (var source in rows.GroupBy(row => row.Source)) { yield return Row($"{group}: {source.Key}", [.. source], null); }
    }

    private static EvaluationRow Row(string group, List<ScoredPair> rows, string? goal) =>
        new(LexicalSimilarity.Name, group, rows.Count) { Measures = [new Measure("Spearman", Spearman(rows)) { Goal = goal }] };

    private static List<LabelledAnswer> Read(string dataFolder, string file) =>
        LabelledAnswer.Read(dataFolder, LexicalSimilarity.Name, file + ".jsonl").FindAll(row => row.Category == "sts_score_0_5");

    // By text, so that one sentence with two partners is not on both sides.
    private static List<ScoredPair> InFolds(List<LabelledAnswer> rows) =>
        [.. Enumerable.Range(0, Folds).SelectMany(fold => Scored(Fit(rows.FindAll(row => Fold(row) != fold)), rows.FindAll(row => Fold(row) == fold)))];

    private static int Fold(LabelledAnswer row) => (int)(WordList.Hash(row.Text) % Folds);

    private static QualityModel Fit(List<LabelledAnswer> rows)
    {
        var weights = WordWeights.Write([.. rows.SelectMany(row => (string[])[row.Text, row.Text2])]);
        var features = new SimilarityFeatures(WordWeights.Read(weights));
        var trees = s_trainer.Train([.. rows.Select(Of)], [.. rows.Select(row => (float)(row.Label / 5))], new int[SimilarityFeatures.Names.Length]);
        return new QualityModel
        {
            Card = new Quality.ModelCard { Name = LexicalSimilarity.Name, Version = 1, Data = [] },
            Features = SimilarityFeatures.Names, Trees = trees, Weights = weights, WarnAt = 1, FailAt = 1,
        };

        float[] Of(LabelledAnswer row)
        {
            var numbers = new float[SimilarityFeatures.Names.Length];
            features.Of(row.Text, row.Text2, numbers);
            return numbers;
        }
    }

    private static List<ScoredPair> Scored(QualityModel model, List<LabelledAnswer> rows)
    {
        var similarity = new LexicalSimilarity(model);
        return [.. rows.Select(row => new ScoredPair(row.Source, similarity.Of(row.Text, row.Text2), row.Label))];
    }

    private static double Fixed(QualityModel model, LabelledAnswer row)
    {
        Span<float> numbers = stackalloc float[SimilarityFeatures.Names.Length];
        new SimilarityFeatures(WordWeights.Read(model.Weights)).Of(row.Text, row.Text2, numbers);
        return SimilarityFeatures.Fixed(numbers);
    }

    // Pearson's coefficient of the ranks; equal values share the mean of theirs.
    private static double Spearman(List<ScoredPair> rows)
    {
        var (a, b) = (Ranks([.. rows.Select(row => row.Score)]), Ranks([.. rows.Select(row => row.Label)]));
        var mean = (rows.Count - 1) / 2.0;
        double both = 0, left = 0, right = 0;
        for (var i = 0; i < a.Length; i++)
        {
            both += (a[i] - mean) * (b[i] - mean);
            left += (a[i] - mean) * (a[i] - mean);
            right += (b[i] - mean) * (b[i] - mean);
        }
        return both / Math.Sqrt(left * right);
    }

    private static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end + 1 < order.Length && values[order[end + 1]] == values[order[start]]) { end++; }
            for (var i = start; i <= end; i++) { ranks[order[i]] = (start + end) / 2.0; }
            start = end + 1;
        }
        return ranks;
    }

    private sealed record ScoredPair(string Source, double Score, double Label);
}
