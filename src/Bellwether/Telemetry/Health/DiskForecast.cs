namespace Bellwether.Telemetry;

/// <summary>A straight line through the free space of the last day, one point a minute.</summary>
internal sealed class DiskForecast
{
    private const int MostPoints = 24 * 60;
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);
    // Shorter than this, one checkpoint of the store looks like a trend.
    private static readonly TimeSpan s_leastSpan = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset Time, long Free)> _points = new();
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public void Add(DateTimeOffset now, long free)
    {
        lock (_lock)
        {
            if (now - _last < s_every)
            {
                return;
            }
            _last = now;
            _points.Enqueue((now, free));
            if (_points.Count > MostPoints)
            {
                _points.Dequeue();
            }
        }
    }

    /// <summary>Bytes a day by which free space shrinks (negative when it grows); null while there is too little to say.</summary>
    public double? GrowthPerDay()
    {
        lock (_lock)
        {
            if (_points.Count < 2 || _last - _points.Peek().Time < s_leastSpan)
            {
                return null;
            }
            var first = _points.Peek();
            double n = _points.Count, sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
            foreach (var (time, free) in _points)
            {
                var x = (time - first.Time).TotalDays;
                var y = (double)(first.Free - free);
                sumX += x;
                sumY += y;
                sumXX += x * x;
                sumXY += x * y;
            }
            return ((n * sumXY) - (sumX * sumY)) / ((n * sumXX) - (sumX * sumX));
        }
    }
}
