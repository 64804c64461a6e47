using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>Texts that the store has dropped, as those ask who hold something that belongs to them.</summary>
/// <param name="metrics">Observations that began earlier are gone whole; the start of a UTC day.</param>
/// <param name="before">Of observations that began earlier there is no text any more; the start of a UTC day, never before <paramref name="metrics"/>.</param>
/// <param name="today">The day on which they were dropped.</param>
/// <param name="whenStored">Waits until everything that is journalled is stored.</param>
internal sealed class DroppedTexts(ITelemetryStore store, DateTimeOffset metrics, DateTimeOffset before, DateTimeOffset today, Func<CancellationToken, Task> whenStored)
{
    /// <summary>Whether what began at this time is gone: its texts, or all of it.</summary>
    public bool IsGone(DateTimeOffset start, bool texts) => start < (texts ? before : metrics);

    /// <summary>Whether a copy of everything from a time on may still hold what is gone: what had gone before it was made is not in it.</summary>
    public bool MayBeIn(DateTimeOffset from, bool texts, DateTimeOffset made) => IsGone(from, texts) && made < today;

    /// <summary>Waits until the originals of all copies that are there now are stored: one that is on its way must not look like a dropped one.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => whenStored(cancellationToken);

    /// <summary>Of which of these observations there is no text; ask when they have settled.</summary>
    public async Task<HashSet<Guid>> AmongAsync(ProjectId project, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var gone = ids.ToHashSet();
        foreach (var some in gone.ToArray().Chunk(StoredObservations.MostAtOnce))
        {
            var there = await StoredObservations.AmongAsync(store, project, some, AnnotationQuery.AllTime, cancellationToken);
            gone.ExceptWith(there.Where(observation => observation.StartTime >= before).Select(observation => observation.Id));
        }
        return gone;
    }
}
