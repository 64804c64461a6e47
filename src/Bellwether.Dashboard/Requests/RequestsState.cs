using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;

namespace Bellwether.Dashboard;

/// <summary>The part of the request list's URL that is not in <see cref="ViewState"/>: <c>?cols=time,model,cost&amp;facets=off&amp;toggled=user,key&amp;steps=all</c>.</summary>
internal sealed record RequestsState
{
    public required ImmutableArray<RequestColumn> Columns { get; init; }
    /// <summary>Whether the facets are shown; null leaves it to the width of the window.</summary>
    public bool? Facets { get; init; }
    /// <summary>Facets that are open although they start closed, and the other way round.</summary>
    public required ImmutableHashSet<string> Toggled { get; init; }

    /// <summary>Whether the steps around the calls are listed too: chains, tools, retrievals.</summary>
    public bool AllSteps { get; init; }

    public static RequestsState Parse(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..].Split('#')[0]);
        return new()
        {
            Columns = RequestColumn.Parse(query.TryGetValue("cols", out var cols) ? cols.ToString() : null),
            Facets = query.TryGetValue("facets", out var facets) ? facets != "off" : null,
            AllSteps = query.TryGetValue("steps", out var steps) && steps == "all",
            Toggled = query.TryGetValue("toggled", out var toggled)
                ? [.. toggled.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Take(40)] : [],
        };
    }

    /// <summary><paramref name="uri"/> with this state's keys replaced and all others kept.</summary>
    public string Apply(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var others = QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..].Split('#')[0])
            .Where(pair => pair.Key is not ("cols" or "facets" or "toggled" or "steps"))
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
        var own = new List<KeyValuePair<string, string?>>();
        if (RequestColumn.Write(Columns) is { } cols) { own.Add(new("cols", cols)); }
        if (Facets is { } shown) { own.Add(new("facets", shown ? "on" : "off")); }
        if (!Toggled.IsEmpty) { own.Add(new("toggled", string.Join(',', Toggled.Order(StringComparer.Ordinal)))); }
        if (AllSteps) { own.Add(new("steps", "all")); }
        return QueryHelpers.AddQueryString(mark < 0 ? uri : uri[..mark], others.Concat(own));
    }
}
