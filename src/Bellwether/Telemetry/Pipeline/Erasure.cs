using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>An erasure that the store has carried out.</summary>
/// <param name="request">Names as they are stored.</param>
/// <param name="whenStored">Waits until everything that is journalled is stored.</param>
internal sealed class Erasure(EraseRequest request, ITelemetryStore store, Func<CancellationToken, Task> whenStored)
{
    // A later version of an observation may have begun at another time.
    private static readonly TimeSpan s_around = TimeSpan.FromDays(1);

    public EraseRequest Request => request;

    /// <summary>Whether an observation may be one of those that were asked for: it is of the project and in the window.</summary>
    public bool Concerns(Observation observation) => observation.Project == request.Project && observation.StartTime >= request.Window.From && observation.StartTime < request.Window.To;

    /// <summary>Waits until the originals of all copies that are there now are stored: a copy is made first, and must not look like an erased one.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => whenStored(cancellationToken);

    /// <summary>The ids of those that the store does not have any more; ask when they have settled.</summary>
    public async Task<HashSet<Guid>> GoneAsync(IReadOnlyCollection<Observation> observations, CancellationToken cancellationToken)
    {
        var gone = observations.Select(observation => observation.Id).ToHashSet();
        foreach (var some in observations.DistinctBy(observation => observation.Id).Chunk(StoredObservations.MostAtOnce))
        {
            var window = new TimeRange(some.Min(observation => observation.StartTime) - s_around, some.Max(observation => observation.StartTime) + s_around);
            gone.ExceptWith(await ThereAsync([.. some.Select(observation => observation.Id)], window, cancellationToken));
        }
        return gone;
    }

    /// <summary>Which of these ids the store has no observation of, whenever it may have begun.</summary>
    public async Task<HashSet<Guid>> GoneAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var gone = ids.ToHashSet();
        foreach (var some in gone.ToArray().Chunk(StoredObservations.MostAtOnce))
        {
            gone.ExceptWith(await ThereAsync(some, AnnotationQuery.AllTime, cancellationToken));
        }
        return gone;
    }

    private async Task<IEnumerable<Guid>> ThereAsync(Guid[] ids, TimeRange window, CancellationToken cancellationToken) =>
        (await StoredObservations.AmongAsync(store, request.Project, ids, window, cancellationToken)).Select(observation => observation.Id);
}

/// <summary>What an erasure took away.</summary>
/// <param name="Observations">Of the store.</param>
/// <param name="Copies">How many copies went, by <see cref="ITelemetryCopies.Name"/>.</param>
internal sealed record ErasureResult(long Observations, ImmutableArray<(string Name, long Count)> Copies);
