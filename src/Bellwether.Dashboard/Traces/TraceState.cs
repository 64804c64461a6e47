using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Bellwether.Dashboard;

/// <summary>
/// What is open on a trace page, as it stands in its URL: <c>?step=0198…&amp;fold=3f2a…,91bc…</c>. A fold that begins with
/// <c>*</c> folds everything but what it names, so that "all" stays short.
/// </summary>
internal sealed record TraceState
{
    // A URL must stay one that mail programs and proxies carry. What is folded beyond it stays so as long as the page is open.
    private static readonly int s_mostInUrl = 80;

    public Guid? Step { get; init; }
    public bool FoldsAll { get; init; }
    /// <summary>The last twelve hexadecimal digits of the ids: folded ones, or with <see cref="FoldsAll"/> the open ones.</summary>
    public required ImmutableHashSet<string> Named { get; init; }

    public static TraceState Parse(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..].Split('#')[0]);
        var fold = query.TryGetValue("fold", out var folded) ? folded.ToString() : "";
        return new()
        {
            Step = query.TryGetValue("step", out var step) && Guid.TryParse(step, out var id) ? id : null,
            FoldsAll = fold.StartsWith('*'),
            Named = [.. fold.TrimStart('*').Split(',', StringSplitOptions.RemoveEmptyEntries).Where(part => part.Length == 12).Take(s_mostInUrl)],
        };
    }

    public bool IsFolded(TraceNode node) => node.Children > 0 && (FoldsAll ? node.Depth > 0 || node.IsOrphan : false) != Named.Contains(Short(node.Step.Id));

    public TraceState Toggle(TraceNode node)
    {
        var name = Short(node.Step.Id);
        var less = Named.Remove(name);
        return this with { Named = less.Count < Named.Count ? less : Named.Add(name) };
    }

    /// <summary>Whether <paramref name="uri"/> says of the trace what this state says as far as a URL can.</summary>
    public bool IsSaidBy(string uri)
    {
        var (said, own) = (Parse(uri), Parse(Apply(uri)));
        return said.Step == own.Step && said.FoldsAll == own.FoldsAll && said.Named.SetEquals(own.Named);
    }

    /// <summary><paramref name="uri"/> with this state's keys replaced and all others kept.</summary>
    public string Apply(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var pairs = QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..].Split('#')[0])
            .Where(pair => pair.Key is not ("step" or "fold"))
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value))).ToList();
        if (Step is { } step) { pairs.Add(new("step", step.ToString("D", CultureInfo.InvariantCulture))); }
        if (FoldsAll || !Named.IsEmpty) { pairs.Add(new("fold", (FoldsAll ? "*" : "") + string.Join(',', Named.Order(StringComparer.Ordinal).Take(s_mostInUrl)))); }
        return QueryHelpers.AddQueryString(mark < 0 ? uri : uri[..mark], pairs);
    }

    private static string Short(Guid id) => id.ToString("N", CultureInfo.InvariantCulture)[20..];
}
