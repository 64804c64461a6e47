using Bellwether.Feedback;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>What users said and did about answers, newest first, with counts and the way to each request.</summary>
public sealed partial class FeedbackPage
{
    private static readonly int PageSize = 50;
    private static readonly int MostRows = 1_000;
    private static readonly string Votes = FeedbackNames.Vote;
    private static readonly string Reports = FeedbackNames.Report;
    private static readonly string Implicit = FeedbackSources.Implicit;
    private static readonly string User = FeedbackSources.User;

    private FeedbackData? _data;
    private FeedbackState _state = new();
    private string _of = "";
    private string _text = "";
    private int _limit = PageSize;
    private bool _showsFacets;

    [Inject]
    private FeedbackReader Reader { get; set; } = default!;

    private bool IsFiltered => !_state.IsEmpty || View.Filter.Length > 0;

    private string WithoutFilters => new FeedbackState().Apply((View with { Filter = "" }).Apply(Navigation.Uri));

    private string Subtitle => _data is not { HasAny: true } data ? "" : $"{Format.Count(data.Matching)} in this time range";

    private string VoteCount
    {
        get
        {
            var votes = _data is { Totals: var totals } ? totals.Up + totals.Down : 0;
            return $"of {Format.Count(votes)} vote{(votes == 1 ? "" : "s")}";
        }
    }

    /// <summary>What is chosen and stands in no facet, each with the way to let it go.</summary>
    private IEnumerable<(string Label, string Href)> Chosen
    {
        get
        {
            if (_state.Up is { } up) { yield return (up ? "up" : "down", Of(_state with { Up = null })); }
            foreach (var user in _state.Users) { yield return (user.Length == 0 ? "somebody" : VisibleText.Flatten(user, 40), Of(_state with { Users = _state.Users.Remove(user) })); }
            if (View.Filter.Length > 0) { yield return ($"“{VisibleText.Flatten(View.Filter, 40)}”", (View with { Filter = "" }).Apply(Navigation.Uri)); }
        }
    }

    protected override string OwnQuery(string uri) => FeedbackState.Parse(uri).Apply("");

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var state = FeedbackState.Parse(Navigation.Uri);
        var asked = Project + state.Apply("") + View.Filter;
        if (asked != _of)
        {
            // Another question begins at its newest rows.
            (_of, _limit, _text) = (asked, PageSize, View.Filter);
        }
        _data = await Reader.ReadAsync(ProjectId, Range, state, View.Filter, _limit, cancellationToken);
        _state = state;
    }

    private Task MoreAsync()
    {
        _limit = Math.Min(MostRows, _limit * 2);
        return ReloadAsync();
    }

    private void Search() => Show(View with { Filter = _text.Trim() });

    private string Of(FeedbackState state) => state.Apply(Navigation.Uri);

    // What it was said of: the request where that is known by its id, else what leads to it.
    private (string What, string Href) About(Annotation row)
    {
        string Requests(string field, string value) => View.Link($"/p/{Project}/requests", FilterSyntax.Write(Filter.Eq(field, value)));
        return row.IsOfRequest ? ("Request", Requests("request_id", row.RequestId))
            : row.ObservationId != Guid.Empty ? ("Request", View.Link($"/p/{Project}/requests/{row.ObservationId:D}"))
            : row.TraceId.Length > 0 ? ("Trace", View.Link($"/p/{Project}/traces/{PathPart.Write(row.TraceId)}"))
            : row.Session.Length > 0 ? ("Session", View.Link($"/p/{Project}/sessions/{PathPart.Write(row.Session)}"))
            : ("", "");
    }
}
