namespace Bellwether.Detection;

/// <summary>A logistic regression over a few named numbers; the last weight is the bias.</summary>
internal sealed record Logistic(float[] Weights)
{
    public double Score(ReadOnlySpan<float> values)
    {
        double logit = Weights[^1];
        for (var index = 0; index < values.Length; index++)
        {
            logit += Weights[index] * values[index];
        }
        return 1 / (1 + Math.Exp(-logit));
    }
}

/// <summary>Scores from which on a text is flagged, or blocked.</summary>
internal readonly record struct Thresholds(double Flag, double Block)
{
    public DetectorVerdict Judge(double score) => score >= Block ? DetectorVerdict.Block : score >= Flag ? DetectorVerdict.Flag : DetectorVerdict.Pass;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Flag);
        writer.Write(Block);
    }

    public static Thresholds Read(BinaryReader reader) => new(reader.ReadDouble(), reader.ReadDouble());
}
