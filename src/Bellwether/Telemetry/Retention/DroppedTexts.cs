using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>Texts that the store has dropped, as those ask who hold something that belongs to them.</summary>
/// <param name="before">Of observations that began earlier there is no text any more; the start of a UTC day.</param>
/// <param name="whenStored">Waits until everything that is journalled is stored.</param>
internal sealed class DroppedTexts(ITelemetryStore store, DateTimeOffset before, Func<CancellationToken, Task> whenStored)
{
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
