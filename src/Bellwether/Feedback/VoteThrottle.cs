using System.Collections.Concurrent;

namespace Bellwether.Feedback;

/// <summary>Bounds what the holder of a link can write: so many words a minute for each link and for each address.</summary>
internal sealed class VoteThrottle(TimeProvider clock)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private const int MostEntries = 20_000;
    private const int PerLink = 20;
    private const int PerAddress = 300;
    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>Takes one from both budgets; false when one of them is used up.</summary>
    public bool TryTake(string token, string address) => Take("link " + token, PerLink) & Take("address " + address, PerAddress);

    public static int RetryAfterSeconds => (int)s_window.TotalSeconds;

    private bool Take(string key, int allowed)
    {
        var now = clock.GetUtcNow();
        if (_windows.Count > MostEntries)
        {
            foreach (var (name, old) in _windows)
            {
                if (now - old.Since >= s_window) { _windows.TryRemove(name, out _); }
            }
            // Tokens are opened before they come here, so this many are real links: forgetting is better than growing.
            if (_windows.Count > MostEntries) { _windows.Clear(); }
        }
        return _windows.AddOrUpdate(key, _ => new Window(1, now), (_, was) => now - was.Since >= s_window ? new Window(1, now) : was with { Count = was.Count + 1 }).Count <= allowed;
    }

    private sealed record Window(int Count, DateTimeOffset Since);
}
