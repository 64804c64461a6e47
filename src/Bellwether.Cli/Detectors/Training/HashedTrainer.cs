using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>A text to learn from.</summary>
/// <param name="Weight">How much it counts, so that large sources do not drown small ones.</param>
/// <param name="Platform">Above zero where texts of both kinds come from one platform: it gets a bias of its own, so that how its people write is not learnt as what they do.</param>
internal readonly record struct Example(CutText Cut, bool Positive, float Weight, int Platform = 0);

/// <summary>
/// Learns a <see cref="HashedModel"/> by AdaGrad on the logistic loss of each text's worst window under the weights so far: a long
/// attack need not be an attack everywhere, and a harmless text must be harmless everywhere.
/// </summary>
/// <param name="shape">How the texts are cut.</param>
/// <param name="seed">Of the order in which they are learnt.</param>
/// <param name="shrink">How strongly weights are drawn to zero: the more, the less is learnt by heart.</param>
/// <param name="averaged">Last epochs whose weights are averaged: a single one hangs on the texts that it happened to read last.</param>
internal sealed class HashedTrainer(WindowShape shape, int seed, float shrink, int averaged = 1)
{
    private const int Epochs = 9;
    private const float Rate = 0.35f;
    private const int LeastTexts = 3, MostPlatforms = 64;

    private readonly float[] _weights = new float[1 << HashedFeatures.Bits];
    private readonly float[] _squares = new float[1 << HashedFeatures.Bits];
    private readonly Random _random = new(seed);
    private readonly float[] _mean = new float[1 << HashedFeatures.Bits];
    private float _bias, _biasSquares, _biases;
    private readonly float[] _platformBias = new float[MostPlatforms], _platformSquares = new float[MostPlatforms];

    public HashedModel Train(IReadOnlyList<Example> examples)
    {
        var frequent = Frequent(examples);
        var order = Enumerable.Range(0, examples.Count).ToArray();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            _random.Shuffle(order);
            foreach (var index in order)
            {
                Learn(examples[index], epoch, frequent);
            }
            if (epoch >= Epochs - averaged)
            {
                _biases += _bias / averaged;
                for (var slot = 0; slot < _mean.Length; slot++)
                {
                    _mean[slot] += _weights[slot] / averaged;
                }
            }
        }
        return Quantise();
    }

    // A slot that one or two texts have tells who wrote them, not what they do.
    private static bool[] Frequent(IReadOnlyList<Example> examples)
    {
        var texts = new byte[1 << HashedFeatures.Bits];
        var seen = new int[1 << HashedFeatures.Bits];
        for (var index = 0; index < examples.Count; index++)
        {
            foreach (var slot in examples[index].Cut.Slots)
            {
                if (seen[slot] != index + 1)
                {
                    seen[slot] = index + 1;
                    texts[slot] = (byte)Math.Min(255, texts[slot] + 1);
                }
            }
        }
        texts[HashedFeatures.Silent] = 0;
        return [.. texts.Select(count => count >= LeastTexts)];
    }

    private void Learn(Example example, int epoch, bool[] frequent)
    {
        var windows = example.Cut.Windows;
        if (windows.Length == 0)
        {
            return;
        }
        var worst = epoch == 0 ? windows[_random.Next(windows.Length)] : Worst(example.Cut);
        Update(example.Cut.SlotsOf(worst), example.Positive, example.Weight, example.Platform, frequent);
        if (windows.Length > 1 && !example.Positive)
        {
            Update(example.Cut.SlotsOf(windows[_random.Next(windows.Length)]), false, example.Weight / 2, example.Platform, frequent);
        }
    }

    private (int From, int To) Worst(CutText cut)
    {
        var sums = new float[cut.Ends.Length + 1];
        var slot = 0;
        for (var token = 0; token < cut.Ends.Length; token++)
        {
            var sum = 0f;
            for (; slot < cut.Ends[token]; slot++)
            {
                sum += _weights[cut.Slots[slot]];
            }
            sums[token + 1] = sums[token] + sum;
        }
        return cut.Windows.MaxBy(window => (sums[window.To] - sums[window.From]) / MathF.Sqrt(cut.Ends[window.To - 1] - (window.From == 0 ? 0 : cut.Ends[window.From - 1])));
    }

    private void Update(ReadOnlySpan<int> slots, bool positive, float weight, int platform, bool[] frequent)
    {
        var value = 1 / MathF.Sqrt(slots.Length);
        var sum = 0f;
        foreach (var slot in slots)
        {
            sum += _weights[slot];
        }
        var margin = (sum * value) + _bias + _platformBias[platform];
        var error = ((1 / (1 + MathF.Exp(-margin))) - (positive ? 1 : 0)) * weight;
        _biasSquares += error * error;
        _bias -= Rate * error / MathF.Sqrt(_biasSquares + 1e-6f);
        if (platform > 0)
        {
            _platformSquares[platform] += error * error;
            _platformBias[platform] -= Rate * error / MathF.Sqrt(_platformSquares[platform] + 1e-6f);
        }
        if (MathF.Abs(error) < 1e-4f)
        {
            return;
        }
        foreach (var slot in slots)
        {
            if (frequent[slot])
            {
                var gradient = (error * value) + (shrink * _weights[slot]);
                _squares[slot] += gradient * gradient;
                _weights[slot] -= Rate * gradient / MathF.Sqrt(_squares[slot] + 1e-6f);
            }
        }
    }

    // Few weights are very large; they are cut so that the many others keep their steps.
    private HashedModel Quantise()
    {
        var sizes = _mean.Where(weight => weight != 0).Select(MathF.Abs).Order().ToArray();
        var largest = sizes.Length == 0 ? 1 : sizes[(int)(sizes.Length * 0.9995)];
        var scale = largest / 127;
        return new HashedModel([.. _mean.Select(weight => (sbyte)Math.Clamp(MathF.Round(weight / scale), -127, 127))], scale, _biases, shape);
    }
}
