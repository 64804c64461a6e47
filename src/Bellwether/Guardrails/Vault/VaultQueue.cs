using System.Threading.Channels;
using Bellwether.Primitives;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>Values on their way to the vault. A call never waits for them to be written.</summary>
internal sealed class VaultQueue(IOptions<VaultOptions> options, AnswerMeters meters)
{
    // Turns of one session bring the same values again and again; two generations of what was queued lately.
    private const int MostRecent = 16 * 1024;
    private readonly Lock _lock = new();
    private readonly Channel<VaultEntry> _entries = Channel.CreateBounded<VaultEntry>(new BoundedChannelOptions(options.Value.QueueLength) { SingleReader = true });
    private HashSet<(ProjectId, string)> _young = [];
    private HashSet<(ProjectId, string)> _old = [];

    public ChannelReader<VaultEntry> Reader => _entries.Reader;

    public void Add(VaultEntry entry)
    {
        if (!IsNew((entry.Project, entry.Token))) { return; }
        if (!_entries.Writer.TryWrite(entry))
        {
            meters.NotKept(1);
            Forget([entry]);
        }
    }

    /// <summary>These were not written, so the next time that they come is the first again.</summary>
    public void Forget(IReadOnlyList<VaultEntry> entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                _young.Remove((entry.Project, entry.Token));
                _old.Remove((entry.Project, entry.Token));
            }
        }
    }

    private bool IsNew((ProjectId, string) token)
    {
        lock (_lock)
        {
            if (_old.Contains(token) || !_young.Add(token)) { return false; }
            if (_young.Count >= MostRecent) { (_old, _young) = (_young, []); }
            return true;
        }
    }
}
