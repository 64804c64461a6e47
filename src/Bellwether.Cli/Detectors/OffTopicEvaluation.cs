using Bellwether.Quality;

namespace Bellwether.Cli.Detectors;

/// <summary>Whether an answer belongs to its question.</summary>
internal static class OffTopicEvaluation
{
    private static readonly Dictionary<string, int> s_monotone = new()
    {
        ["question_held"] = -1, ["question_held_early"] = -1, ["cosine"] = -1, ["cosine_early"] = -1, ["best_shared"] = -1, ["second_shared"] = -1, ["shared"] = -1, ["pairs"] = -1,
        ["grams"] = -1, ["rare_held"] = -1, ["best_grams"] = -1, ["names_held"] = -1, ["numbers_held"] = -1, ["language_differs"] = 1, ["answer_held"] = -1,
    };

    public static readonly TrainedValidator Validator = new(
        ValidatorNames.OffTopic, "offtopic", OffTopicFeatures.Names, new TreeTrainer(120, 0.07f, 15), row => [row.Question, row.Text],
        weights =>
        {
            var features = new OffTopicFeatures(weights);
            return (row, into) => features.Of(new AnswerUnderTest(row.Text) { Question = row.Question }, into);
        }, s_monotone,
        model =>
        {
            var validator = new OffTopicValidator(model);
            return row => validator.Check(new AnswerUnderTest(row.Text) { Question = row.Question });
        }, 0.1, (0.97, 0.93, null));

    public static IEnumerable<EvaluationRow> Run(string dataFolder) => Validator.Evaluate(dataFolder);
}
