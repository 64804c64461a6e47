namespace Bellwether.Detection;

/// <summary>
/// The moment until which a detector may work. A detector asks now and then and stops; nothing interrupts it. The default never passes.
/// </summary>
public readonly struct Deadline
{
    private readonly TimeProvider? _clock;
    private readonly long _end;

    private Deadline(TimeProvider clock, long end) => (_clock, _end) = (clock, end);

    public bool HasPassed => _clock is { } clock && clock.GetTimestamp() >= _end;

    public static Deadline In(TimeProvider clock, TimeSpan time) => new(clock, clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency));
}
