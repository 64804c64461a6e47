using System.Collections.Immutable;
using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>
/// Whether an answer rests on the context it was given. The whole answer gets the score; each sentence that seems unsupported
/// gets a span. It goes by words, numbers, names and negations: a signal, not the truth.
/// </summary>
internal sealed class GroundednessValidator
{
    private const int MostClaims = 200;

    // Share of the training rows with a number of their own that were unsupported.
    private const double NumberFault = 0.93;

    // And of those that turned a sentence of their context around.
    private const double ContradictionFault = 0.89;

    private readonly QualityModel _model;
    private readonly WordWeights _weights;
    private readonly GroundednessFeatures _features;

    public GroundednessValidator(QualityModel model)
    {
        _model = model;
        _weights = WordWeights.Read(model.Weights);
        _features = new GroundednessFeatures(_weights);
    }

    public static GroundednessValidator Load() => new(QualityModel.Load(ValidatorNames.Groundedness, GroundednessFeatures.Names));

    public ValidatorResult Check(AnswerUnderTest test) => Of(AnswerReading.Of(test));

    public ValidatorResult Of(AnswerReading reading)
    {
        var test = reading.Test;
        if (test.Context.Length == 0) { return ValidatorResult.Unknown(ValidatorNames.Groundedness, "There is no context."); }
        var words = reading.Words.Words;
        if (words.Length == 0) { return ValidatorResult.Unknown(ValidatorNames.Groundedness, "The answer has no words."); }
        var numbers = new NumberEvidence(test.Context, test.Question);
        if (reading.Answered is { } answered && LanguageGuess.Of(test.Context) is { } given && !LanguageGuess.AreClose(answered, given)) { return Translated(test, numbers); }
        var context = new WordIndex(test.Context);
        var question = new WordIndex(test.Question, IndexParts.Words);
        var contradictions = new ContradictionEvidence(context, _weights);
        Span<float> features = stackalloc float[GroundednessFeatures.Names.Length];
        _features.Of(test.Answer, words, context, question, features);
        double fault = _model.Trees.Predict(features);
        var claims = WordIndex.SentenceRanges(test.Answer, words);
        var unsupported = ImmutableArray.CreateBuilder<TextSpan>();
        var worst = 0.0;
        var contradicted = 0;
        var list = new ListLead(test.Answer);
        foreach (var (from, to) in claims.Take(MostClaims))
        {
            var claim = words[from..to];
            var span = new TextSpan(claim[0].Start, claim[^1].End);
            var over = list.Over(words, from, to, out var item);
            _features.Of(test.Answer.Substring(span.Start, Math.Min(test.Answer.Length, span.End + 1) - span.Start), Shifted(claim, span.Start), context, question, features);
            double probability = _model.Trees.Predict(features);
            if (numbers.Contradicts(test.Answer.AsSpan(span.Start, span.End - span.Start))) { probability = Math.Max(probability, NumberFault); }
            // What a speaker says of himself, and what he asks, claims nothing of the context.
            if (claims.Count > 1 && (features[15] > 0 || features[13] > 0.1)) { continue; }
            if (contradictions.Of(test.Answer, over, item) != Contradiction.None)
            {
                probability = Math.Max(probability, ContradictionFault);
                contradicted++;
            }
            worst = Math.Max(worst, probability);
            if (probability >= _model.WarnAt) { unsupported.Add(span); }
        }
        // One false sentence among many true ones is hidden in the whole.
        fault = Math.Max(fault, claims.Count > 1 ? 0.9 * worst : worst);
        var verdict = fault >= _model.FailAt ? ValidatorVerdict.Fail : fault >= _model.WarnAt ? ValidatorVerdict.Warn : ValidatorVerdict.Pass;
        return new(ValidatorNames.Groundedness, 1 - fault, verdict, verdict == ValidatorVerdict.Pass ? ""
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{unsupported.Count} of {claims.Count} sentences seem not to rest on the context{(contradicted > 0 ? $", and {contradicted} of them to say the opposite of it" : "")}."))
        {
            Spans = verdict == ValidatorVerdict.Pass ? [] : unsupported.DrainToImmutable(),
        };
    }

    // Across languages words tell nothing, but numbers are the same.
    private ValidatorResult Translated(AnswerUnderTest test, NumberEvidence numbers) => numbers.Contradicts(test.Answer)
        ? new(ValidatorNames.Groundedness, 1 - NumberFault, NumberFault >= _model.FailAt ? ValidatorVerdict.Fail : ValidatorVerdict.Warn, "A number is not in the context, which is in another language than the answer.")
        : ValidatorResult.Unknown(ValidatorNames.Groundedness, "The answer is in another language than the context.");

    private static Word[] Shifted(ReadOnlySpan<Word> words, int by)
    {
        var shifted = new Word[words.Length];
        for (var i = 0; i < words.Length; i++) { shifted[i] = words[i] with { Start = words[i].Start - by }; }
        return shifted;
    }
}
