using System.Collections.Immutable;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>What a step and everything below it came to. Only calls count: a chain that repeats the usage of its calls adds nothing.</summary>
/// <param name="CostUsd">Null when no call below has a price.</param>
public readonly record struct TraceTotals(int Steps, int Calls, int Errors, int Unpriced, long Tokens, decimal? CostUsd, bool Estimated)
{
    public static TraceTotals operator +(TraceTotals a, TraceTotals b) => new(
        a.Steps + b.Steps, a.Calls + b.Calls, a.Errors + b.Errors, a.Unpriced + b.Unpriced, a.Tokens + b.Tokens,
        a.CostUsd is null && b.CostUsd is null ? null : (a.CostUsd ?? 0) + (b.CostUsd ?? 0), a.Estimated || b.Estimated);
}

/// <summary>A step in its place.</summary>
/// <param name="Index">Its place in <see cref="TraceTree.Nodes"/>.</param>
/// <param name="Depth">0 for roots.</param>
/// <param name="Parent">Index of the parent, -1 for roots and orphans.</param>
public sealed record TraceNode(Observation Step, int Index, int Depth, int Parent)
{
    /// <summary>How many nodes behind this one, in order, are below it.</summary>
    public int Below { get; internal set; }
    public int Children { get; internal set; }
    public TraceTotals Totals { get; internal set; }
    /// <summary>It names a parent that is not in the trace: not sent, not yet arrived, or outside Bellwether.</summary>
    public bool IsOrphan { get; init; }
    /// <summary>Id of the recorded call that this step is a second report of; it counts nothing.</summary>
    public string DuplicateOf { get; init; } = "";
}

/// <summary>The steps of a trace as a tree, flattened in reading order, so that a list can draw any part of it.</summary>
public sealed class TraceTree
{
    /// <summary>Set by ingest on the report of a call that came through the gateway too.</summary>
    public static readonly string DuplicateProperty = "bellwether.duplicate_of";

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    private TraceTree(ImmutableArray<TraceNode> nodes)
    {
        Nodes = nodes;
        if (nodes.IsEmpty) { return; }
        // A step that a client's clock puts a year away must not squeeze all others into a point; it stands at the edge.
        var middle = nodes.Select(node => node.Step.StartTime).Order().ElementAt(nodes.Length / 2);
        var near = nodes.Where(node => (node.Step.StartTime - middle).Duration() <= TimeSpan.FromDays(1)).ToList();
        Start = near.Min(node => node.Step.StartTime);
        Length = TimeSpan.FromMilliseconds(Math.Max(1, near.Max(node => (node.Step.StartTime - Start).TotalMilliseconds + Drawn(node.Step.Timings.TotalMs))));
        foreach (var node in nodes.Where(node => node.Parent < 0)) { Totals += node.Totals; }
    }

    public ImmutableArray<TraceNode> Nodes { get; }

    public DateTimeOffset Start { get; }

    public TimeSpan Length { get; }

    public TraceTotals Totals { get; }

    public int Orphans => Nodes.Count(node => node.IsOrphan);

    /// <summary>The step that the trace is called after: the first root, or the first orphan of a trace without one.</summary>
    public TraceNode? Root => Nodes.FirstOrDefault(node => node is { Parent: < 0, IsOrphan: false, Step.SpanId.Length: > 0 }) ?? Nodes.FirstOrDefault(node => node is { Parent: < 0, IsOrphan: false }) ?? Nodes.FirstOrDefault();

    public static TraceTree Of(IEnumerable<Observation> observations)
    {
        var steps = observations.OrderBy(step => step.StartTime).ThenBy(step => step.Id).ToArray();
        var bySpan = new Dictionary<string, Observation>(steps.Length, StringComparer.Ordinal);
        foreach (var step in steps.Where(step => step.SpanId.Length > 0)) { bySpan.TryAdd(step.SpanId, step); }
        var children = steps.Where(step => step.ParentId.Length > 0 && bySpan.TryGetValue(step.ParentId, out var parent) && parent.Id != step.Id)
            .ToLookup(step => step.ParentId, StringComparer.Ordinal);
        var nodes = ImmutableArray.CreateBuilder<TraceNode>(steps.Length);
        var placed = new HashSet<Guid>();
        // A stack, not recursion: a hostile trace may be as deep as it is long.
        var open = new Stack<(Observation Step, int Depth, int Parent, bool Orphan)>();

        void Place()
        {
            while (open.TryPop(out var next))
            {
                if (!placed.Add(next.Step.Id)) { continue; }
                var index = nodes.Count;
                nodes.Add(new(next.Step, index, next.Depth, next.Parent) { IsOrphan = next.Orphan, DuplicateOf = DuplicateOf(next.Step) });
                // Only the step that owns a span id has the children that name it.
                if (next.Step.SpanId.Length == 0 || bySpan[next.Step.SpanId].Id != next.Step.Id) { continue; }
                foreach (var child in children[next.Step.SpanId].Reverse()) { open.Push((child, next.Depth + 1, index, false)); }
            }
        }

        foreach (var step in steps.Where(step => step.ParentId.Length == 0 || !bySpan.TryGetValue(step.ParentId, out var parent) || parent.Id == step.Id))
        {
            open.Push((step, 0, -1, step.ParentId.Length > 0));
            Place();
        }
        // What is left hangs in a circle of parents; it is cut at its first step.
        foreach (var step in steps.Where(step => !placed.Contains(step.Id)))
        {
            open.Push((step, 0, -1, true));
            Place();
        }
        Sum(nodes);
        return new(nodes.DrainToImmutable());
    }

    /// <summary>The nodes that show when some are folded.</summary>
    public List<TraceNode> Visible(Func<TraceNode, bool> isFolded)
    {
        var visible = new List<TraceNode>(Nodes.Length);
        for (var i = 0; i < Nodes.Length; i++)
        {
            visible.Add(Nodes[i]);
            if (Nodes[i].Below > 0 && isFolded(Nodes[i])) { i += Nodes[i].Below; }
        }
        return visible;
    }

    private static void Sum(ImmutableArray<TraceNode>.Builder nodes)
    {
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            var node = nodes[i];
            // So far the totals are those of what is below. A call around calls that have usage of their own repeats it.
            var own = Own(node, repeats: node.Totals.Tokens > 0);
            node.Totals += own;
            if (node.Parent < 0) { continue; }
            var parent = nodes[node.Parent];
            parent.Totals += node.Totals;
            parent.Below += node.Below + 1;
            parent.Children++;
        }
    }

    private static TraceTotals Own(TraceNode node, bool repeats)
    {
        var step = node.Step;
        if (node.DuplicateOf.Length > 0) { return new(1, 0, 0, 0, 0, null, false); }
        if (!step.IsCall || repeats) { return new(1, 0, step.IsError ? 1 : 0, 0, 0, null, false); }
        return new(1, 1, step.IsError ? 1 : 0, step.Usage.IsKnown && step.Cost is null ? 1 : 0, step.Usage.TotalTokens, step.Cost?.TotalUsd, step.Usage.Estimated);
    }

    // Clients send whatever they have measured: no number, or one beyond what a time span holds.
    private static double Drawn(double ms) => double.IsNaN(ms) ? 0 : Math.Clamp(ms, 0, s_longest.TotalMilliseconds);

    private static string DuplicateOf(Observation step) => step.Properties.FirstOrDefault(property => property.Key == DuplicateProperty).Value ?? "";
}
