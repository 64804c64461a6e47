using System.Globalization;
using Bellwether.Datasets;
using Microsoft.AspNetCore.WebUtilities;

namespace Bellwether.Dashboard;

/// <summary>Which compared examples are listed.</summary>
internal enum CompareShow { All, Higher, Same, Lower, Failed, OneOnly }

/// <summary>
/// What the comparison shows, as it stands in the URL: <c>?a=…&amp;b=…&amp;score=correct&amp;show=lower&amp;page=2</c>; on the list of experiments
/// <c>a</c> is the one that others are compared with.
/// </summary>
internal sealed record CompareState
{
    public Guid? A { get; init; }
    public Guid? B { get; init; }
    /// <summary>The score that examples are told apart by; empty for the first.</summary>
    public string Score { get; init; } = "";
    public CompareShow Show { get; init; }
    /// <summary>1 for the first.</summary>
    public int Page { get; init; } = 1;

    public static CompareState Parse(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..].Split('#')[0]);
        string Get(string key) => query.TryGetValue(key, out var values) && values.Count > 0 ? values[0] ?? "" : "";
        Guid? Id(string key) => Guid.TryParseExact(Get(key), "D", out var id) ? id : null;
        return new CompareState
        {
            A = Id("a"), B = Id("b"), Score = Get("score"),
            Show = Get("show") switch { "higher" => CompareShow.Higher, "same" => CompareShow.Same, "lower" => CompareShow.Lower, "failed" => CompareShow.Failed, "one" => CompareShow.OneOnly, _ => CompareShow.All },
            Page = int.TryParse(Get("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page is >= 1 and <= 100_000 ? page : 1,
        };
    }

    /// <summary>This state as a query string with its <c>?</c>; defaults are left out.</summary>
    public string ToQuery()
    {
        var parts = new Dictionary<string, string?>();
        if (A is { } a) { parts["a"] = a.ToString("D"); }
        if (B is { } b) { parts["b"] = b.ToString("D"); }
        if (Score.Length > 0) { parts["score"] = Score; }
        if (Show != CompareShow.All) { parts["show"] = Show == CompareShow.OneOnly ? "one" : Show.ToString().ToLowerInvariant(); }
        if (Page > 1) { parts["page"] = Page.ToString(CultureInfo.InvariantCulture); }
        return QueryHelpers.AddQueryString("", parts);
    }

    /// <summary>Whether an example is among those to show.</summary>
    public static bool Fits(CompareShow show, ComparedExample example, string score) => show switch
    {
        CompareShow.All => true,
        CompareShow.Failed => example.HasFailed,
        CompareShow.OneOnly => example.A.IsEmpty || example.B.IsEmpty,
        CompareShow.Higher => example.Difference(score) is { } up && ScoreDifference.Sign(up) > 0,
        CompareShow.Same => example.Difference(score) is { } same && ScoreDifference.Sign(same) == 0,
        CompareShow.Lower => example.Difference(score) is { } down && ScoreDifference.Sign(down) < 0,
        _ => throw new ArgumentOutOfRangeException(nameof(show), show, null),
    };
}
