using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>A row with the score that a model gave it which had seen none of its family.</summary>
internal readonly record struct ScoredText(LabelledText Row, double Score);

/// <summary>
/// Trains the injection detector. The hashed models are trained once without each fold, so that the small regression which weighs
/// their margins learns how far to trust them on sources that they have never seen; then once on everything.
/// </summary>
internal sealed class InjectionTrainer
{
    public const int Seed = 20261126;
    // Requests may run over a paragraph; what is planted in a document is a sentence or two.
    private static readonly WindowShape s_prompts = new(80, Sentences: false), s_documents = new(40, Sentences: true);
    // Prompts of new sources are worded in ways of their own, and what a model knows by heart misleads it there; documents have words of their own in any case.
    private const float PromptShrink = 1e-2f, DocumentShrink = 2e-3f;
    private const int Averaged = 6;
    private const double FlagRate = 0.0175, DocumentFlagRate = 0.0275, BlockRate = 0.002;

    private readonly List<LabelledText> _rows;
    private readonly int[] _folds;
    private readonly Example[] _prompts, _documents;
    private readonly int[] _promptRows, _documentRows;
    private readonly string[] _ordinary;

    public InjectionTrainer(string folder)
    {
        var train = LabelledText.Read(Path.Combine(folder, "injection", "train.jsonl"));
        _rows = [.. train, .. LabelledText.Read(Path.Combine(folder, "injection", "train_multilingual_benign.jsonl")), .. new InjectionAugmentation(Seed).Write(train)];
        _folds = Folds.AssignApart(_rows);
        var sizes = _rows.CountBy(row => row.Source).ToDictionary();
        var prompts = Enumerable.Range(0, _rows.Count).Where(index => _rows[index].Channel != TextChannel.Document).ToArray();
        var documents = Enumerable.Range(0, _rows.Count).Where(index => _rows[index].Channel == TextChannel.Document).ToArray();
        _prompts = Cut(prompts, s_prompts);
        _documents = Cut(documents, s_documents);
        (_promptRows, _documentRows) = (prompts, documents);
        _ordinary = [.. _rows.Where(row => !row.Positive).Select(row => row.Text)];

        Example[] Cut(int[] chosen, WindowShape shape) =>
            [.. chosen.AsParallel().AsOrdered().Select(index => new Example(CutText.Of(_rows[index].Text, shape), _rows[index].Positive, Weight(sizes[_rows[index].Source])))];
    }

    /// <summary>Everything that is learnt from.</summary>
    public IReadOnlyList<LabelledText> Rows => _rows;

    // A source of 1,000 rows counts ten times one of 10, not a hundred times.
    private static float Weight(int size) => Math.Clamp(MathF.Sqrt(200f / size), 0.4f, 2);

    /// <summary>Of each row by models that saw nothing of its family; there once it was trained.</summary>
    public IReadOnlyList<ScoredText> FoldScores { get; private set; } = [];

    public InjectionModel Train(IReadOnlyList<LabelledText> dev, string version)
    {
        FoldScores = CrossValidate(out var promptScore, out var documentScore);
        HashedModel? prompts = null, documents = null;
        Parallel.Invoke(() => prompts = new HashedTrainer(s_prompts, Seed, PromptShrink, Averaged).Train(_prompts), () => documents = new HashedTrainer(s_documents, Seed, DocumentShrink, Averaged).Train(_documents));
        var model = new InjectionModel(version, prompts!, documents!, SurpriseTrainer.Train(_ordinary), promptScore, documentScore, default, default, default);
        return model with
        {
            User = ThresholdsOf(model, dev, TextChannel.User),
            Document = ThresholdsOf(model, dev, TextChannel.Document),
            // The application wrote it itself: only what no benign system prompt comes near.
            System = ThresholdsOf(model, dev, TextChannel.System) is var system ? new Thresholds(Math.Max(system.Flag, 0.9), Math.Max(system.Block, 0.98)) : default,
        };
    }

    /// <summary>Scores every row by models that saw nothing of its family.</summary>
    public List<ScoredText> CrossValidate(out Logistic promptScore, out Logistic documentScore)
    {
        var values = new float[_rows.Count][];
        var surprise = SurpriseTrainer.Train(_ordinary);
        Parallel.For(0, Folds.Count + InjectionAugmentation.Hands, new ParallelOptions { MaxDegreeOfParallelism = 2 }, fold =>
        {
            var model = new InjectionModel(
                "", new HashedTrainer(s_prompts, Seed, PromptShrink, Averaged).Train([.. Without(fold, _prompts, _promptRows)]),
                new HashedTrainer(s_documents, Seed, DocumentShrink, Averaged).Train([.. Without(fold, _documents, _documentRows)]),
                surprise, new Logistic([]), new Logistic([]), default, default, default);
            for (var index = 0; index < _rows.Count; index++)
            {
                if (_folds[index] == fold)
                {
                    values[index] = ValuesOf(model, _rows[index]);
                }
            }
        });
        var sizes = _rows.CountBy(row => row.Source).ToDictionary();
        promptScore = Fit(row => row.Channel != TextChannel.Document, InjectionSignals.WeighedInPrompts);
        documentScore = Fit(row => row.Channel == TextChannel.Document, InjectionSignals.WeighedInDocuments);
        var scored = new List<ScoredText>(_rows.Count);
        for (var index = 0; index < _rows.Count; index++)
        {
            scored.Add(new ScoredText(_rows[index], (_rows[index].Channel == TextChannel.Document ? documentScore : promptScore).Score(values[index])));
        }
        return scored;

        Logistic Fit(Func<LabelledText, bool> chosen, Func<int, bool> weighed) => LogisticTrainer.Fit(
            [.. Enumerable.Range(0, _rows.Count).Where(index => chosen(_rows[index])).Select(index => (values[index], _rows[index].Positive, (double)Weight(sizes[_rows[index].Source])))],
            weighed);
    }

    // What quotes a text of the fold is left out with it: an attack in a harmless text that is not there would teach that the text is one.
    private IEnumerable<Example> Without(int fold, Example[] examples, int[] rows)
    {
        var families = Enumerable.Range(0, _rows.Count).Where(index => _folds[index] == fold).Select(index => _rows[index].Family).ToHashSet();
        return examples.Where((_, index) => _folds[rows[index]] != fold && !_rows[rows[index]].Quotes.Any(families.Contains));
    }

    private static float[] ValuesOf(InjectionModel model, LabelledText row)
    {
        var values = new float[InjectionSignals.Count];
        InjectionReader.Read(model, row.Text, row.Channel).Write(values, InjectionModel.IsDocument(row.Channel));
        return values;
    }

    private Thresholds ThresholdsOf(InjectionModel model, IReadOnlyList<LabelledText> dev, TextChannel channel)
    {
        var detector = new InjectionDetector(model);
        double[] negatives = [.. dev.Where(row => row.Channel == channel && !row.Positive).Select(row => detector.Check(new DetectorInput(row.Text, channel)).Score)];
        // Dev has new rows of known sources and flatters: a model flags about four times as many harmless texts of sources that were left out.
        var unseen = FoldScores.Where(row => row.Row.Channel == channel && !row.Row.Own && !row.Row.Positive).Select(row => row.Score);
        var flag = Scores.ThresholdAt(negatives.Concat(unseen), channel == TextChannel.Document ? DocumentFlagRate : FlagRate);
        return new Thresholds(flag, Math.Max(Scores.ThresholdAt(negatives, BlockRate), 0.9));
    }
}
