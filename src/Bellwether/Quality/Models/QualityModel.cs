using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bellwether.Quality;

/// <summary>A trained validator as it lies in the assembly, with a card that says what it was made of.</summary>
internal sealed record QualityModel
{
    public required ModelCard Card { get; init; }
    /// <summary>Names of the features in their order; a model for others is refused.</summary>
    public required string[] Features { get; init; }
    /// <summary>Probability of a fault from which on the verdict is a warning, and a failure.</summary>
    public required double WarnAt { get; init; }
    public required double FailAt { get; init; }
    public required BoostedTrees Trees { get; init; }
    /// <summary>Weights of words, see <see cref="WordWeights"/>.</summary>
    public required byte[] Weights { get; init; }

    /// <summary>Reads a model that is part of the product. Throws <see cref="InvalidDataException"/> with the reason when it is not sound.</summary>
    public static QualityModel Load(string name, string[] features)
    {
        using var stream = typeof(QualityModel).Assembly.GetManifestResourceStream($"Quality/{name}.json") ?? throw new InvalidDataException($"The model '{name}' is missing.");
        QualityModel model;
        try
        {
            model = JsonSerializer.Deserialize(stream, QualityModelJson.Default.QualityModel)!;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The model '{name}' cannot be read: {error.Message}", error);
        }
        var problem = model.Features.SequenceEqual(features) ? model.Trees.Problem(features.Length) : "it was trained for other features; run `bellwether detectors train`";
        return problem is null ? model : throw new InvalidDataException($"The model '{name}' cannot be used: {problem}.");
    }
}

/// <summary>What a model is made of.</summary>
internal sealed record ModelCard
{
    public required string Name { get; init; }
    public required int Version { get; init; }
    /// <summary>Sources with their licences and numbers of rows.</summary>
    public required string[] Data { get; init; }
    /// <summary>AUROC on dev.jsonl, and over folds that leave one source out; 0 for a model that tells nothing apart.</summary>
    public double DevAuroc { get; init; }
    public double FoldAuroc { get; init; }
    /// <summary>Rank correlation with people's scores on dev.jsonl, and over folds; 0 for a model that gives verdicts.</summary>
    public double DevSpearman { get; init; }
    public double FoldSpearman { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(QualityModel))]
internal sealed partial class QualityModelJson : JsonSerializerContext;
