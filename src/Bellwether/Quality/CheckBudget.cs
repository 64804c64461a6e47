namespace Bellwether.Quality;

/// <summary>
/// The time that checks may take of the thread that stores calls: a share of each second, and what ten quiet seconds left over. A flood
/// of calls then costs checks, not the place on the machine that the calls need. Used by one thread.
/// </summary>
/// <param name="clock">Monotonic.</param>
/// <param name="share">Of one core, above 0 to 1.</param>
internal sealed class CheckBudget(TimeProvider clock, double share)
{
    private static readonly TimeSpan s_saved = TimeSpan.FromSeconds(10);

    private TimeSpan _left = s_saved * share;
    private long _since = clock.GetTimestamp();

    /// <summary>Whether there is time for one more check.</summary>
    public bool Allows()
    {
        var now = clock.GetTimestamp();
        var left = _left + (clock.GetElapsedTime(_since, now) * share);
        (_left, _since) = (left < s_saved * share ? left : s_saved * share, now);
        return _left > TimeSpan.Zero;
    }

    /// <summary>Takes off what the check took since the last <see cref="Allows"/>.</summary>
    public void Spend() => _left -= clock.GetElapsedTime(_since);
}
