namespace Bellwether.Detection;

/// <summary>Follows the surprise along a text: the mean of the last characters against the mean of all.</summary>
/// <param name="ring">Scratch memory of <see cref="Window"/>.</param>
internal ref struct SurpriseScan(SurpriseModel model, Span<byte> ring)
{
    /// <summary>Characters of the tail.</summary>
    public const int Window = 64;

    private readonly byte[] _table = model.Table;
    private readonly Span<byte> _ring = ring;
    private uint _lastFour;
    private int _count, _tail;
    private long _all;

    public void Add(ReadOnlySpan<char> folded)
    {
        Push(' ');
        foreach (var unit in folded)
        {
            Push(unit);
        }
    }

    /// <summary>Bits a character by which the tail surprises more than what stands before it; 0 for texts with no body before the tail.</summary>
    public readonly float Contrast
    {
        get
        {
            var body = _count - Window;
            return body < Window / 2 ? 0 : Math.Clamp(((_tail / (float)Window) - ((_all - _tail) / (float)body)) / 16, -3, 6);
        }
    }

    private void Push(char unit)
    {
        _lastFour = SurpriseModel.Push(_lastFour, unit);
        var surprise = _table[SurpriseModel.Slot(_lastFour)];
        var place = _count & (Window - 1);
        if (_count >= Window)
        {
            _tail -= _ring[place];
        }
        _ring[place] = surprise;
        _tail += surprise;
        _all += surprise;
        _count++;
    }
}
