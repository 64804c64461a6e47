using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Finds what fits conditions that the store does not know, by looking at what fits the others one by one; at so many things and no more.</summary>
internal sealed class LangfuseSearch(TelemetryReader reader, LangfuseScoreReads scores)
{
    /// <summary>By their rows alone.</summary>
    private const int MostLooked = 10_000;
    /// <summary>With texts, or with everything that is in a trace.</summary>
    private const int MostRead = 1_000;
    /// <summary>Of all traces of one answer together.</summary>
    public static readonly int MostSteps = 100_000;
    // Texts are a megabyte or two each at the most.
    private const int AtOnce = 25;

    /// <summary>A page by its number of what fits, and how many fit in all.</summary>
    public async Task<(IReadOnlyList<Observation> Items, long Total)> PageAsync(
        LangfuseCall call, TimeRange window, ImmutableArray<Filter> where, LangfuseFilterParameter filter, LangfuseOrder order, (int Page, int Limit) paging, bool traces)
    {
        var first = (paging.Page - 1) * paging.Limit;
        if (order.IsUsual && !filter.Open.Any())
        {
            var total = await reader.CountAsync(call.Project, window, new FilterExpression(where, null), call.Aborted);
            return (await RowsAsync(call, window, where, first, paging.Limit), total);
        }
        var all = order.Sorted(await AllAsync(call, window, where, filter, traces));
        return ([.. all.Skip(first).Take(paging.Limit)], all.Length);
    }

    /// <summary>What the store finds, the newest first.</summary>
    public Task<IReadOnlyList<Observation>> RowsAsync(LangfuseCall call, TimeRange window, ImmutableArray<Filter> where, int offset, int limit) =>
        OffsetPages.ReadAsync(offset, limit, async (cursor, size) =>
        {
            var page = await reader.ReadPageAsync(new ObservationPageRequest(call.Project, window, size) { Where = where, Cursor = cursor }, call.Aborted);
            return (page.Items, page.Next);
        });

    // The newest first.
    private async Task<IReadOnlyList<Observation>> AllAsync(LangfuseCall call, TimeRange window, ImmutableArray<Filter> where, LangfuseFilterParameter filter, bool traces)
    {
        var most = filter.Needs == LangfuseNeeds.Nothing ? MostLooked : MostRead;
        var candidates = await RowsAsync(call, window, where, 0, most + 1);
        return candidates.Count <= most ? await FittingAsync(call, candidates, filter, traces)
            : throw LangfuseDoor.Invalid(filter.Open.Any() ? "filter" : "orderBy", $"leaves more than {most} {(traces ? "traces" : "observations")} to be looked at one by one; name a narrower time, or a user, a session or a name");
    }

    /// <summary>Some of the observations that fit, and where the following begin; fewer than the limit also where more follow.</summary>
    public async Task<(IReadOnlyList<Observation> Items, string? Next)> SomeAsync(LangfuseCall call, TimeRange window, ImmutableArray<Filter> where, LangfuseFilterParameter filter, int limit, string? cursor)
    {
        var found = new List<Observation>();
        var most = filter.Needs == LangfuseNeeds.Nothing ? MostLooked : MostRead;
        for (var looked = 0; ;)
        {
            // Never more than still fit: a cursor stands behind whole pages of the store only.
            var page = await reader.ReadPageAsync(new ObservationPageRequest(call.Project, window, limit - found.Count) { Where = where, Cursor = cursor }, call.Aborted);
            found.AddRange(await FittingAsync(call, page.Items, filter, traces: false));
            cursor = page.Next;
            looked += page.Items.Length;
            if (cursor is null || found.Count > limit / 2 || looked >= most)
            {
                return (found, cursor);
            }
        }
    }

    /// <summary>Everything that is in a trace, by its root.</summary>
    public async Task<IReadOnlyList<Observation>> StepsAsync(LangfuseCall call, Observation root) => root.TraceId.Length == 0 ? [root]
        : (await reader.ReadTraceAsync(new TraceRequest(call.Project, root.TraceId, new TimeRange(root.StartTime - RunTraces.Longest, root.StartTime + RunTraces.Longest), TraceRequest.MostSteps), call.Aborted)).Items;

    private async Task<List<Observation>> FittingAsync(LangfuseCall call, IReadOnlyList<Observation> candidates, LangfuseFilterParameter filter, bool traces)
    {
        if (!filter.Open.Any())
        {
            return [.. candidates];
        }
        var needs = filter.Needs;
        var found = new List<Observation>();
        var count = 0;
        foreach (var some in candidates.Chunk(AtOnce))
        {
            var payloads = needs.HasFlag(LangfuseNeeds.Texts) ? await reader.ReadPayloadsAsync(call.Project, [.. some], call.Aborted) : default;
            var inside = new List<IReadOnlyList<Observation>>();
            foreach (var root in traces && (needs & (LangfuseNeeds.Steps | LangfuseNeeds.Scores)) != 0 ? some : [])
            {
                inside.Add(await StepsAsync(call, root));
                count += inside[^1].Count;
                if (count > MostSteps)
                {
                    throw LangfuseDoor.Invalid("filter", $"leaves traces with more than {MostSteps} steps to be looked at; name a narrower time, or a user, a session or a name");
                }
            }
            var scored = new ScoredSteps([.. inside.SelectMany(steps => steps)]);
            var said = needs.HasFlag(LangfuseNeeds.Scores) ? await scores.OfTracesAsync(call.Project, some.Select(root => root.TraceId), scored.Steps, call.Aborted) : [];
            for (var i = 0; i < some.Length; i++)
            {
                var (step, payload) = (some[i], payloads.IsDefault ? null : payloads[i]);
                var answer = traces ? LangfuseTraceJson.Write(step, payload) : LangfuseStepJson.Write(step, payload);
                if (filter.Holds(new LangfuseSubject(step, answer, inside.Count > 0 ? inside[i] : [], [.. said.Where(one => scored.IsOf(one, step))])))
                {
                    found.Add(step);
                }
            }
        }
        return found;
    }
}
