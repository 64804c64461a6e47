using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>A page of runs; <see cref="Next"/> is the cursor of the following one, null on the last.</summary>
internal sealed record RunPage(IReadOnlyList<Observation> Items, RunPosition? Next);

/// <summary>
/// Answers a <see cref="RunQuery"/>: the store hands over what it can decide, newest first, and what is left of the filter is asked of
/// every run that comes.
/// </summary>
internal sealed class RunSearch(TelemetryReader reader)
{
    /// <summary>A page that is not full after so many is given as it is, with a cursor.</summary>
    private const int UsualLook = 20_000;
    /// <summary>Clients take an empty page for the end, so that the first run is looked for longer.</summary>
    private const int LongestLook = 100_000;
    private const int MostSorted = 10_000;
    private const int SlicePage = 1_000;

    public async Task<RunPage> SearchAsync(ProjectId project, RunQuery query, CancellationToken cancellationToken)
    {
        var found = new List<Observation>();
        var most = query.Ascending ? MostSorted : query.Limit;
        var looked = 0;
        RunPosition? last = null;
        var traces = new RunTraces(reader, project);
        await foreach (var slice in SlicesAsync(project, query, cancellationToken))
        {
            foreach (var run in await MatchingAsync(project, query, slice, traces, most - found.Count + 1, cancellationToken))
            {
                if (found.Count < most)
                {
                    found.Add(run);
                    continue;
                }
                if (query.Ascending)
                {
                    throw LangSmithRefusal.Invalid("order", $"more than {MostSorted} runs would have to be sorted for the oldest first; name a start_time, or take the newest first");
                }
                return new RunPage(found, RunPosition.Of(found[^1]));
            }
            looked += slice.Count;
            last = RunPosition.Of(slice[^1]);
            if (looked >= LongestLook || (looked >= UsualLook && found.Count > 0 && !query.Ascending))
            {
                return found.Count > 0 && !query.Ascending ? new RunPage(found, last)
                    : throw LangSmithRefusal.Invalid("start_time", $"{looked} runs were looked at for this filter; name a start_time or an end_time that leaves fewer");
            }
        }
        if (!query.Ascending)
        {
            return new RunPage(found, null);
        }
        found.Reverse();
        return found.Count > query.Limit ? new RunPage(found[..query.Limit], RunPosition.Of(found[query.Limit - 1])) : new RunPage(found, null);
    }

    /// <summary>Everything that matches, in pieces; throws when this is more than can be looked at.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Observation>> AllAsync(
        ProjectId project, RunQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var looked = 0;
        var traces = new RunTraces(reader, project);
        await foreach (var slice in SlicesAsync(project, query, cancellationToken))
        {
            looked += slice.Count;
            if (looked > LongestLook)
            {
                throw LangSmithRefusal.Invalid("start_time", $"more than {LongestLook} runs would have to be looked at; name a start_time or an end_time that leaves fewer");
            }
            yield return await MatchingAsync(project, query, slice, traces, slice.Count, cancellationToken);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<Observation>> SlicesAsync(
        ProjectId project, RunQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pushed = query.Pushdown;
        if (query.After is { } after)
        {
            if (query.Ascending)
            {
                pushed.NotBefore(after.Time);
            }
            else
            {
                pushed.Before(after.Time.AddTicks(1));
            }
        }
        if (pushed.IsEmpty)
        {
            yield break;
        }
        string? cursor = null;
        var size = Math.Min(SlicePage, query.Limit + 50);
        do
        {
            var request = new ObservationPageRequest(project, pushed.Window, size) { Where = pushed.Where, Text = pushed.Text, Cursor = cursor };
            var page = await reader.ReadPageAsync(request, cancellationToken);
            var slice = query.After is { } position
                ? page.Items.Where(run => query.Ascending ? RunPosition.Of(run).CompareTo(position) > 0 : RunPosition.Of(run).CompareTo(position) < 0).ToList()
                : (IReadOnlyList<Observation>)page.Items;
            if (slice.Count > 0)
            {
                yield return slice;
            }
            cursor = page.Next;
            // What was not enough was not the usual case: few of many match.
            size = SlicePage;
        }
        while (cursor is not null);
    }

    // At most as many as are enough: each one may cost the reading of a trace.
    private async Task<List<Observation>> MatchingAsync(ProjectId project, RunQuery query, IReadOnlyList<Observation> slice, RunTraces traces, int enough, CancellationToken cancellationToken)
    {
        var filter = query.Filter;
        var feedback = RunPredicate.NeedsFeedback(filter) ? await RunWords.OfAsync(reader, project, slice, cancellationToken) : RunWords.None;
        var matching = new List<Observation>();
        foreach (var run in slice)
        {
            if (matching.Count == enough)
            {
                break;
            }
            if (RunPredicate.Holds(filter, new RunRow(run, feedback.Of(run)))
                && (query.TraceFilter is null || await traces.RootHoldsAsync(run, query.TraceFilter, cancellationToken))
                && (query.TreeFilter is null || await traces.AnyHoldsAsync(run, query.TreeFilter, cancellationToken)))
            {
                matching.Add(run);
            }
        }
        return matching;
    }
}
