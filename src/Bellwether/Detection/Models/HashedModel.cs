using System.Runtime.InteropServices;

namespace Bellwether.Detection;

/// <summary>A linear model over <see cref="HashedFeatures"/>: 8-bit weights, and how to cut a text.</summary>
/// <param name="Weights">One for each slot.</param>
/// <param name="Scale">What a weight of 1 is worth.</param>
internal sealed record HashedModel(sbyte[] Weights, float Scale, float Bias, WindowShape Shape)
{
    /// <summary>The log-odds of a window; features count by the root of their number, so that long windows do not shout.</summary>
    public float Margin(int sum, int features) => features == 0 ? Bias : (Scale * sum / MathF.Sqrt(features)) + Bias;

    /// <summary>Writes the sum of the weights before each slot, and of all behind the last.</summary>
    /// <param name="sums">One more than the slots.</param>
    public void Sum(ReadOnlySpan<int> slots, Span<int> sums)
    {
        var (sum, weights) = (0, Weights);
        sums = sums[..(slots.Length + 1)];
        for (var index = 0; index < slots.Length; index++)
        {
            sums[index] = sum;
            sum += weights[slots[index]];
        }
        sums[slots.Length] = sum;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Shape.Tokens);
        writer.Write(Shape.Sentences);
        writer.Write(Scale);
        writer.Write(Bias);
        writer.Write(MemoryMarshal.AsBytes(Weights.AsSpan()));
    }

    public static HashedModel Read(BinaryReader reader)
    {
        var shape = new WindowShape(reader.ReadInt32(), reader.ReadBoolean());
        if (shape.Tokens is < 1 or > MarginScan.MaxWindow)
        {
            throw new InvalidDataException($"a window of {shape.Tokens} tokens cannot be");
        }
        var scale = reader.ReadSingle();
        var bias = reader.ReadSingle();
        var weights = new sbyte[1 << HashedFeatures.Bits];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
        return float.IsFinite(scale) && float.IsFinite(bias)
            ? new HashedModel(weights, scale, bias, shape)
            : throw new InvalidDataException("a weight is not a number");
    }
}
