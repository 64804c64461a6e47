using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Bellwether.Flags;

/// <summary>Requests of each key in the second that runs.</summary>
internal sealed class OfrepLimit(IOptions<FlagsOptions> options, TimeProvider clock)
{
    public const int RetryAfterSeconds = 1;

    // Only valid keys come here, and a key is never deleted: as many entries as there are keys.
    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    public bool TryTake(string key)
    {
        var window = _windows.GetOrAdd(key, static _ => new Window());
        var second = clock.GetUtcNow().ToUnixTimeSeconds();
        lock (window)
        {
            if (window.Second != second)
            {
                (window.Second, window.Count) = (second, 0);
            }
            return ++window.Count <= options.Value.RequestsPerSecond;
        }
    }

    private sealed class Window
    {
        public long Second { get; set; }

        public int Count { get; set; }
    }
}
