using System.Collections.Concurrent;

namespace Bellwether.Identity;

/// <summary>
/// Slows guessing down: a few wrong passwords per name and address, some more per address, many per name. A name is never locked
/// by one stranger alone, so that nobody can lock the administrator out.
/// </summary>
public sealed class SignInThrottle(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private const int MaxEntries = 20_000;
    private readonly ConcurrentDictionary<string, Failures> _failures = new(StringComparer.Ordinal);

    /// <summary>How long to wait before the next try; zero when it may be made now.</summary>
    public TimeSpan Wait(string name, string address) =>
        Limits(name, address).Select(limit => Wait(limit.Key, limit.Allowed)).Max();

    public void Failed(string name, string address)
    {
        var now = clock.GetUtcNow();
        if (_failures.Count > MaxEntries)
        {
            // Names are the attacker's choice; what has run out goes first, then all: forgetting is better than growing.
            foreach (var (key, old) in _failures)
            {
                if (now - old.Since >= Window)
                {
                    _failures.TryRemove(key, out _);
                }
            }

            if (_failures.Count > MaxEntries)
            {
                _failures.Clear();
            }
        }

        foreach (var (key, _) in Limits(name, address))
        {
            _failures.AddOrUpdate(
                key,
                _ => new Failures(1, now),
                (_, was) => now - was.Since >= Window ? new Failures(1, now) : was with { Count = was.Count + 1 });
        }
    }

    public void Succeeded(string name, string address) => _failures.TryRemove(Limits(name, address)[0].Key, out _);

    private static (string Key, int Allowed)[] Limits(string name, string address) =>
        [($"both {address} {name}", 5), ($"address {address}", 30), ($"name {name}", 100)];

    private TimeSpan Wait(string key, int allowed) =>
        _failures.TryGetValue(key, out var failures) && failures.Count >= allowed && failures.Since + Window - clock.GetUtcNow() is { Ticks: > 0 } left
            ? left
            : TimeSpan.Zero;

    private sealed record Failures(int Count, DateTimeOffset Since);
}
