using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>Trains the three heads of the harm detector, each on the rows that are about its problem.</summary>
internal sealed class HarmTrainer
{
    private static readonly WindowShape[] s_shapes = [new(40, false), new(60, false), new(160, false)];
    private const float Shrink = 2e-5f;
    private const double FlagRate = 0.02, BlockRate = 0.002;

    private readonly List<LabelledText> _rows;
    private readonly int[] _folds;

    public HarmTrainer(string folder)
    {
        _rows = [.. LabelledText.Read(Path.Combine(folder, "harm", "train.jsonl")), .. new HarmAugmentation(InjectionTrainer.Seed).Write()];
        _folds = Folds.Assign(_rows);
    }

    /// <summary>Everything that is learnt from.</summary>
    public IReadOnlyList<LabelledText> Rows => _rows;

    /// <summary>By head, of each row by models that saw nothing of its family; there once it was trained.</summary>
    public IReadOnlyList<ScoredText>[] FoldScores { get; } = [[], [], []];

    /// <summary>Whether a row teaches the head, and is then what it looks for or not.</summary>
    public static bool Concerns(LabelledText row, HarmHead head) => row.Category switch
    {
        "hate" or "offensive" or "sexism" or "toxicity" or "identity_template_toxic" or "abuse" => head == HarmHead.Abuse,
        "clean" or "clean_forum" or "identity_template_clean" or "polite" => head is HarmHead.Abuse or HarmHead.Request,
        "harmful_request" or "harmless_request" => head == HarmHead.Request,
        "harmful_response" or "refusal_or_safe_response" => head == HarmHead.Response,
        _ => true,
    };

    public HarmModel Train(IReadOnlyList<LabelledText> dev, string version)
    {
        var judges = new HarmJudge[HarmModel.Heads];
        Parallel.For(0, HarmModel.Heads, new ParallelOptions { MaxDegreeOfParallelism = 2 }, head =>
        {
            FoldScores[head] = Validate((HarmHead)head, out var score);
            judges[head] = new HarmJudge(TrainHead((HarmHead)head, _folds, -1), score, default);
        });
        var model = new HarmModel(version, judges);
        return model with { Judges = [.. judges.Select((judge, head) => judge with { Thresholds = ThresholdsOf(model, (HarmHead)head, dev) })] };
    }

    /// <summary>Scores every row of a head by models that saw nothing of its family.</summary>
    public List<ScoredText> Validate(HarmHead head, out Logistic score)
    {
        // Harmful answers come from one source only, so that its rows are dealt out: the figures of this head flatter.
        var folds = head == HarmHead.Response ? [.. _folds.Select((_, index) => index % Folds.Count)] : _folds;
        var values = new Dictionary<int, float[]>();
        for (var fold = 0; fold < Folds.Count; fold++)
        {
            var hashed = TrainHead(head, folds, fold);
            for (var index = 0; index < _rows.Count; index++)
            {
                if (folds[index] == fold && Concerns(_rows[index], head))
                {
                    values[index] = ValuesOf(hashed, head, _rows[index].Text);
                }
            }
        }
        var sizes = _rows.CountBy(row => row.Source).ToDictionary();
        var fitted = LogisticTrainer.Fit([.. values.Select(entry => (entry.Value, _rows[entry.Key].Positive, (double)Weight(sizes[_rows[entry.Key].Source])))], index => HarmSignals.IsWeighed(head, index));
        score = fitted;
        return [.. values.Select(entry => new ScoredText(_rows[entry.Key], fitted.Score(entry.Value)))];
    }

    private static float Weight(int size) => Math.Clamp(MathF.Sqrt(400f / size), 0.3f, 2);

    private HashedModel TrainHead(HarmHead head, int[] folds, int without)
    {
        var sizes = _rows.CountBy(row => row.Source).ToDictionary();
        var shape = s_shapes[(int)head];
        // Where a platform has abuse and clean posts, its way of writing says nothing. Requests and answers come from sources of one kind each.
        var platforms = head != HarmHead.Abuse ? [] : _rows.Where(row => Concerns(row, head)).GroupBy(row => row.Family).Where(family => family.Any(row => row.Positive) && family.Any(row => !row.Positive))
            .Select((family, index) => (family.Key, Number: index + 1)).ToDictionary(family => family.Key, family => family.Number);
        return new HashedTrainer(shape, InjectionTrainer.Seed, Shrink).Train(
            [.. Enumerable.Range(0, _rows.Count).Where(index => folds[index] != without && Concerns(_rows[index], head))
                .Select(index => new Example(CutText.Of(_rows[index].Text, shape), _rows[index].Positive, Weight(sizes[_rows[index].Source]), platforms.GetValueOrDefault(_rows[index].Family)))]);
    }

    private static float[] ValuesOf(HashedModel hashed, HarmHead head, string text)
    {
        var judge = new HarmJudge(hashed, new Logistic([]), default);
        var values = new float[HarmSignals.Count];
        HarmReader.Read(new HarmModel("", [judge, judge, judge]), text, 1u << (int)head).Write(head, values);
        return values;
    }

    private static Thresholds ThresholdsOf(HarmModel model, HarmHead head, IReadOnlyList<LabelledText> dev)
    {
        double[] negatives = [.. dev.Where(row => !row.Positive && Concerns(row, head)).Select(row => Score(model, head, row.Text))];
        var ordinary = dev.Where(row => row.Category == "benign_prompt").Select(row => Score(model, head, row.Text));
        // Requests are judged among prompts. Abuse is judged among posts of people, half of whose clean ones swear.
        var flag = Math.Max(Scores.ThresholdAt(ordinary, FlagRate / 2), head == HarmHead.Abuse ? Scores.ThresholdAt(negatives, 5 * FlagRate) : Scores.ThresholdAt(negatives, FlagRate));
        return new Thresholds(flag, Math.Max(Math.Max(flag, Scores.ThresholdAt(negatives, BlockRate)), 0.9));
    }

    public static double Score(HarmModel model, HarmHead head, string text)
    {
        Span<float> values = stackalloc float[HarmSignals.Count];
        HarmReader.Read(model, text, 1u << (int)head).Write(head, values);
        return model.Judges[(int)head].Score.Score(values);
    }
}
