namespace Bellwether.Detection;

/// <summary>Scores a text token by token with one model and keeps the worst window and where it stands.</summary>
/// <param name="ring">Scratch memory of <see cref="RingLength"/>.</param>
internal ref struct MarginScan(HashedModel model, Span<int> ring)
{
    public const int MaxWindow = 160;
    public const int RingLength = 3 * MaxWindow;

    private readonly HashedModel _model = model;
    private readonly Span<int> _sums = ring[..MaxWindow], _features = ring.Slice(MaxWindow, MaxWindow), _starts = ring.Slice(2 * MaxWindow, MaxWindow);
    private WindowPlan _plan = new(model.Shape);
    private int _head, _sum, _count, _end;
    private long _allSum, _allCount;
    private double _margins;

    /// <summary>Log-odds of the worst window; the model's bias for an empty text.</summary>
    public float Worst { get; private set; } = float.NegativeInfinity;

    public TextSpan WorstSpan { get; private set; }

    /// <summary>Log-odds of the first and of the last window.</summary>
    public float First { get; private set; }

    public float Last { get; private set; }

    public int Windows { get; private set; }

    /// <summary>Log-odds of the text as one window.</summary>
    public readonly float Whole => _allCount == 0 ? _model.Bias : (float)(_model.Scale * _allSum / Math.Sqrt(_allCount)) + _model.Bias;

    /// <summary>Mean log-odds of the windows other than the worst.</summary>
    public readonly float Rest => Windows < 2 ? Math.Min(Worst, _model.Bias) : (float)((_margins - Worst) / (Windows - 1));

    public void Add(ReadOnlySpan<int> slots, int start, int end, bool startsSentence)
    {
        if (_plan.EndsBefore(startsSentence))
        {
            Close();
            _plan.Reset();
            _sum = _count = 0;
        }
        // A full window forgets its first token.
        if (_plan.Filled == _model.Shape.Tokens)
        {
            _sum -= _sums[_head];
            _count -= _features[_head];
        }
        var sum = _model.Sum(slots);
        _sums[_head] = sum;
        _features[_head] = slots.Length;
        _starts[_head] = start;
        _head = _head + 1 == _model.Shape.Tokens ? 0 : _head + 1;
        _sum += sum;
        _count += slots.Length;
        _allSum += sum;
        _allCount += slots.Length;
        _end = end;
        if (_plan.Add())
        {
            Close();
        }
    }

    public void Finish()
    {
        if (_plan.EndsAtLast)
        {
            Close();
        }
        if (Windows == 0)
        {
            Worst = _model.Bias;
        }
    }

    private void Close()
    {
        var margin = _model.Margin(_sum, _count);
        Windows++;
        First = Windows == 1 ? margin : First;
        Last = margin;
        _margins += margin;
        if (margin > Worst)
        {
            Worst = margin;
            var first = _head - _plan.Filled;
            WorstSpan = new TextSpan(_starts[first < 0 ? first + _model.Shape.Tokens : first], _end);
        }
    }
}
