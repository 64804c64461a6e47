using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>Which of some observations the store has.</summary>
internal static class StoredObservations
{
    public static readonly int MostAtOnce = 500;

    public static async Task<ImmutableArray<Observation>> AmongAsync(ITelemetryStore store, ProjectId project, Guid[] ids, TimeRange window, CancellationToken cancellationToken)
    {
        var where = new Filter("id", FilterOp.In, [.. ids.Select(id => id.ToString())]);
        var page = await store.ReadPageAsync(new ObservationPageRequest(project, window, MostAtOnce) { Where = [where] }, cancellationToken);
        return page.Items;
    }
}
