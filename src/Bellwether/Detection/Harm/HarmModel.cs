namespace Bellwether.Detection;

/// <summary>The three problems that "harmful" is: each is learnt and judged apart.</summary>
internal enum HarmHead { Abuse, Request, Response }

/// <summary>One head: its model, how a margin becomes a score, and from which score on it is flagged.</summary>
internal sealed record HarmJudge(HashedModel Model, Logistic Score, Thresholds Thresholds);

/// <summary>Everything of the harm detector that was learnt.</summary>
/// <param name="Judges">By <see cref="HarmHead"/>.</param>
internal sealed record HarmModel(string Version, HarmJudge[] Judges)
{
    public const string Name = "harm";
    public const int Heads = 3;

    private static readonly Lazy<HarmModel> s_shipped = new(() => ModelFile.ReadShipped(Name, Read));

    /// <exception cref="InvalidDataException">The file in this build is broken.</exception>
    public static HarmModel Shipped => s_shipped.Value;

    /// <summary>Which heads count: a prompt can be abusive or ask for harm, an answer can be abusive or give it.</summary>
    public static bool Counts(HarmHead head, TextChannel channel) => head switch
    {
        HarmHead.Abuse => true,
        HarmHead.Request => channel == TextChannel.User,
        HarmHead.Response => channel == TextChannel.Answer,
        _ => throw new ArgumentOutOfRangeException(nameof(head)),
    };

    public void Write(BinaryWriter writer)
    {
        foreach (var judge in Judges)
        {
            judge.Model.Write(writer);
            ModelFile.Write(writer, judge.Score.Weights);
            judge.Thresholds.Write(writer);
        }
    }

    public static HarmModel Read(BinaryReader reader, string version)
    {
        var judges = new HarmJudge[Heads];
        for (var index = 0; index < Heads; index++)
        {
            judges[index] = new HarmJudge(HashedModel.Read(reader), new Logistic(ModelFile.ReadFloats(reader, HarmSignals.Count + 1)), Thresholds.Read(reader));
        }
        return new HarmModel(version, judges);
    }
}
