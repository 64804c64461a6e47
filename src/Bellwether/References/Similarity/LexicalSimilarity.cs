using Bellwether.Quality;

namespace Bellwether.References;

/// <summary>
/// How alike two texts are in their words, 0 to 1: half of it is a fixed measure (how well the words of one find a partner in the other, and the
/// cosine of their three-letter pieces, less up to a fifth where numbers differ), half what trees that were trained on people's scores of pairs of
/// sentences (STS) make of what the texts share. The fixed half keeps it steady on texts that are not like those. It knows nothing of meaning: a
/// paraphrase in other words is unlike. Needs no network.
/// </summary>
internal sealed class LexicalSimilarity
{
    public const string Name = "similarity";

    private readonly BoostedTrees _trees;
    private readonly SimilarityFeatures _features;

    public LexicalSimilarity(QualityModel model)
    {
        _trees = model.Trees;
        _features = new SimilarityFeatures(WordWeights.Read(model.Weights));
    }

    public static LexicalSimilarity Load() => new(QualityModel.Load(Name, SimilarityFeatures.Names));

    public double Of(string left, string right)
    {
        Span<float> features = stackalloc float[SimilarityFeatures.Names.Length];
        if (!_features.Of(left, right, features)) { return left.Trim() == right.Trim() ? 1 : 0; }
        // Nothing that was learned says it better.
        return SimilarityFeatures.AreSame(features) ? 1 : Math.Clamp((SimilarityFeatures.Fixed(features) + _trees.Predict(features)) / 2, 0, 1);
    }
}
