using Bellwether.Quality;

namespace Bellwether.Cli.Detectors;

/// <summary>Groundedness of answers and claims in their context.</summary>
internal static class GroundednessEvaluation
{
    // More support never speaks against an answer, whatever a few rows say.
    private static readonly Dictionary<string, int> s_monotone = new()
    {
        ["support"] = -1, ["support_new"] = -1, ["pairs"] = -1, ["triples"] = -1, ["longest_run"] = -1, ["grams"] = -1, ["best_sentence"] = -1, ["best_sentence_pairs"] = -1, ["numbers_missing"] = 1,
        ["names_missing"] = 1, ["first_person"] = 1, ["opinion"] = 1, ["content_missing"] = 1, ["missing_share_of_new"] = 1, ["order"] = -1,
    };

    public static readonly TrainedValidator Validator = new(
        ValidatorNames.Groundedness, "groundedness", GroundednessFeatures.Names, new TreeTrainer(160, 0.06f, 25), row => [row.Context, row.Text],
        weights =>
        {
            var features = new GroundednessFeatures(weights);
            return (row, into) => features.Of(row.Text, WordList.Of(row.Text).Words, new WordIndex(row.Context), new WordIndex(row.Question, IndexParts.Words), into);
        }, s_monotone,
        model =>
        {
            var validator = new GroundednessValidator(model);
            return row => validator.Check(new AnswerUnderTest(row.Text) { Question = row.Question, Context = row.Context });
        }, 0.2, (0.80, null, null));

    public static IEnumerable<EvaluationRow> Run(string dataFolder) => Validator.Evaluate(dataFolder);
}
