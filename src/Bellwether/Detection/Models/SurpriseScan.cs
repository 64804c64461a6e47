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
        var ring = _ring[..Window];
        var (table, lastFour, count, tail, all) = (_table, _lastFour, _count, _tail, 0);
        // A blank before each word.
        for (var at = -1; at < folded.Length; at++)
        {
            lastFour = SurpriseModel.Push(lastFour, at < 0 ? ' ' : folded[at]);
            var surprise = table[SurpriseModel.Slot(lastFour)];
            ref var place = ref ring[count & (Window - 1)];
            tail += surprise - (count >= Window ? place : 0);
            place = surprise;
            all += surprise;
            count++;
        }
        (_lastFour, _count, _tail) = (lastFour, count, tail);
        _all += all;
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
}
