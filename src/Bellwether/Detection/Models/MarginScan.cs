using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>What stood before a token: the sum of all weights, how many there were, and where the token starts.</summary>
internal readonly record struct TokenMark(int Sum, int Features, int Start);

/// <summary>Scores a text token by token with one model and keeps the worst window and where it stands.</summary>
/// <param name="marks">Scratch memory of <see cref="Marks"/>.</param>
internal ref struct MarginScan(HashedModel model, Span<TokenMark> marks)
{
    public const int MaxWindow = 160;
    /// <summary>Tokens that are remembered: a power of two that no window exceeds.</summary>
    public const int Marks = 256;

    private readonly HashedModel _model = model;
    private readonly Span<TokenMark> _marks = marks[..Marks];
    private WindowPlan _plan = new(model.Shape);
    private int _tokens, _end;
    private long _sum, _features;
    private double _margins;

    /// <summary>Log-odds of the worst window; the model's bias for an empty text.</summary>
    public float Worst { get; private set; } = float.NegativeInfinity;

    public TextSpan WorstSpan { get; private set; }

    /// <summary>Log-odds of the first and of the last window.</summary>
    public float First { get; private set; }

    public float Last { get; private set; }

    public int Windows { get; private set; }

    /// <summary>Log-odds of the text as one window.</summary>
    public readonly float Whole => _features == 0 ? _model.Bias : (float)(_model.Scale * _sum / Math.Sqrt(_features)) + _model.Bias;

    /// <summary>Mean log-odds of the windows other than the worst.</summary>
    public readonly float Rest => Windows < 2 ? Math.Min(Worst, _model.Bias) : (float)((_margins - Worst) / (Windows - 1));

    [SkipLocalsInit]
    public void Add(ReadOnlySpan<BatchToken> tokens, ReadOnlySpan<int> slots)
    {
        // The sum before each slot: a loop over the slots of each token would end at another number of them each time, and be guessed wrong.
        Span<int> sums = stackalloc int[TokenBatch.MostSlots + 1];
        sums = sums[..(slots.Length + 1)];
        _model.Sum(slots, sums);
        // A window is the difference of two sums, so that a token that leaves it costs nothing. They may overflow, their difference does not.
        var (sum, features, first) = ((int)_sum, (int)_features, 0);
        foreach (ref readonly var token in tokens)
        {
            if (token.StartsSentence && _plan.EndsBefore(startsSentence: true))
            {
                Close(sum + sums[first], features + first);
                _plan.Reset();
            }
            _marks[_tokens++ & (Marks - 1)] = new TokenMark(sum + sums[first], features + first, token.Start);
            _end = token.End;
            first = token.SlotsEnd;
            if (_plan.Add())
            {
                Close(sum + sums[first], features + first);
            }
        }
        _sum += sums[^1];
        _features += slots.Length;
    }

    public void Finish()
    {
        if (_plan.EndsAtLast)
        {
            Close((int)_sum, (int)_features);
        }
        if (Windows == 0)
        {
            Worst = _model.Bias;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Close(int sum, int features)
    {
        var first = _marks[(_tokens - _plan.Filled) & (Marks - 1)];
        var margin = _model.Margin(sum - first.Sum, features - first.Features);
        Windows++;
        First = Windows == 1 ? margin : First;
        Last = margin;
        _margins += margin;
        if (margin > Worst)
        {
            Worst = margin;
            WorstSpan = new TextSpan(first.Start, _end);
        }
    }
}
