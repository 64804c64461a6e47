namespace Bellwether.Detection;

/// <summary>Everything of the injection detector that was learnt.</summary>
internal sealed record InjectionModel(
    string Version, HashedModel Prompts, HashedModel Documents, SurpriseModel Surprise, Logistic PromptScore, Logistic DocumentScore,
    Thresholds User, Thresholds Document, Thresholds System)
{
    public const string Name = "injection";

    private static readonly Lazy<InjectionModel> s_shipped = new(() => ModelFile.ReadShipped(Name, Read));

    /// <exception cref="InvalidDataException">The file in this build is broken.</exception>
    public static InjectionModel Shipped => s_shipped.Value;

    /// <summary>Documents are judged by a model of their own: a request is nothing special in a prompt and is in a document.</summary>
    public static bool IsDocument(TextChannel channel) => channel is TextChannel.Document or TextChannel.Answer;

    public Thresholds ThresholdsOf(TextChannel channel) => channel switch
    {
        TextChannel.User => User,
        TextChannel.Document or TextChannel.Answer => Document,
        TextChannel.System => System,
        _ => throw new ArgumentOutOfRangeException(nameof(channel)),
    };

    public void Write(BinaryWriter writer)
    {
        Prompts.Write(writer);
        Documents.Write(writer);
        Surprise.Write(writer);
        ModelFile.Write(writer, PromptScore.Weights);
        ModelFile.Write(writer, DocumentScore.Weights);
        User.Write(writer);
        Document.Write(writer);
        System.Write(writer);
    }

    public static InjectionModel Read(BinaryReader reader, string version) => new(
        version, HashedModel.Read(reader), HashedModel.Read(reader), SurpriseModel.Read(reader),
        new Logistic(ModelFile.ReadFloats(reader, InjectionSignals.Count + 1)), new Logistic(ModelFile.ReadFloats(reader, InjectionSignals.Count + 1)),
        Thresholds.Read(reader), Thresholds.Read(reader), Thresholds.Read(reader));
}
