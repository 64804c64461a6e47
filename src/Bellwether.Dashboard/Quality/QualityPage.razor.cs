using Bellwether.Feedback;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>Requirement D2: how good the answers are, by what users say and by what the validators find; every figure leads to its requests.</summary>
public sealed partial class QualityPage
{
    private QualityData? _data;
    private FilterProblem? _problem;

    [Inject]
    private QualityReader Reader { get; set; } = default!;

    private string WithoutFilter => (View with { Filter = "" }).Apply(Navigation.Uri);

    private string Subtitle => _data is null ? QuickRanges.Label(View, Range, Zone)
        : $"{Format.Count(_data.Checks.Answers)} answer{(_data.Checks.Answers == 1 ? "" : "s")} in {Format.Span(Range.Length)}";

    private PanelState State => _data is not null ? PanelState.Full : Failure is not null ? PanelState.Failed : PanelState.Loading;

    private IReadOnlyList<ChartSeries> PassRates =>
        [.. _data!.Checks.Validators.Where(tally => tally.Judged > 0 && tally.Passed < tally.Judged).OrderBy(tally => tally.Pass.Value).Take(8)
            .Select((tally, index) => new ChartSeries(FeedbackWords.NameOf(tally.Validator), (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), tally.PassRates))];

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (!FilterSyntax.TryParse(View.Filter, out var filter, out _problem) || (_problem = WithoutText(filter)) is not null)
        {
            _data = null;
            return;
        }
        var data = await Reader.ReadAsync(ProjectId, Range, filter.Where, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _data = data;
    }

    // Words of feedback have no prompt to be looked for in, so that half of the page would silently answer another question.
    private static FilterProblem? WithoutText(FilterExpression filter) =>
        filter.Text is null ? null : new FilterProblem(0, 0, "Free text cannot be looked for on this page; use fields such as model:gpt-4o.");

    private PanelState StateOf(bool hasData) => State != PanelState.Full ? State : hasData ? PanelState.Full : PanelState.Empty;

    private string Requests(params string[] conditions) => new OverviewLinks(Project, View).Requests(string.Join(' ', conditions.Where(condition => condition.Length > 0)));

    private string Votes(bool? up) => View.Link($"/p/{Project}/feedback?name={FeedbackNames.Vote}" + (up is { } vote ? $"&vote={(vote ? "up" : "down")}" : ""));

    private string LastDayVotes => View.WithRange(new TimeRange(Range.To.AddDays(-1), Range.To)).Link($"/p/{Project}/feedback?name={FeedbackNames.Vote}");

    private string Signals => View.Link($"/p/{Project}/feedback?" + string.Join('&', SatisfactionReport.Names.Where(name => name != FeedbackNames.Vote).Select(name => $"name={name}")));

    private static string Interval(Proportion share) => share.Low is null ? "" : $"{Format.Percent(share.Low)} to {Format.Percent(share.High)}";

    private static string Note(Proportion share, string word) =>
        share.Of == 0 ? "" : $"{Interval(share)} · {Format.Count(share.Of)} {word}{(share.Of == 1 ? "" : "s")}{(share.IsSmall ? ", few" : "")}";

    private static string Signed(double value) => value.ToString("+0;−0;0", System.Globalization.CultureInfo.InvariantCulture);

    private void Zoom(TimeRange range) => Show(View.WithRange(range));

    private void Pick(TimeRange range, string filter) => Navigation.NavigateTo(new OverviewLinks(Project, View.WithRange(range)).Requests(filter));
}
