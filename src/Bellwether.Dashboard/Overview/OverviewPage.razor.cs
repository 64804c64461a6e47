using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>Requirements D1 and D4: how the project does now, each figure one click from the requests behind it.</summary>
public sealed partial class OverviewPage
{
    private OverviewData? _data;
    private FilterProblem? _problem;
    private IReadOnlyList<OverviewTile> _tiles = OverviewTiles.Loading;
    private IReadOnlyList<OverviewChart> _charts = OverviewCharts.Loading;

    [Inject]
    private OverviewReader Reader { get; set; } = default!;

    private string WithoutFilter => (View with { Filter = "" }).Apply(Navigation.Uri);

    private PanelState State => _data is not null ? PanelState.Full : Failure is not null ? PanelState.Failed : PanelState.Loading;

    private IReadOnlyList<OverviewTile> Tiles => _tiles;

    private IReadOnlyList<OverviewChart> Charts => _charts;

    private string Subtitle => _data switch
    {
        null or { HasAnyData: false } => QuickRanges.Label(View, Range, Zone),
        { Before.Count: 0 } => $"{Requests} in {Format.Span(Range.Length)}; none in the {Format.Span(Range.Length)} before",
        _ => $"{Requests} in {Format.Span(Range.Length)}, compared with the {Format.Span(Range.Length)} before",
    };

    private string Requests => $"{Format.Count(_data!.Now.Count)} request{(_data.Now.Count == 1 ? "" : "s")}";

    private IReadOnlyDictionary<string, string> ModelTones => OverviewCharts.Tones(_data);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (!FilterSyntax.TryParse(View.Filter, out var filter, out _problem))
        {
            _data = null;
            return;
        }
        var data = await Reader.ReadAsync(ProjectId, Range, filter, View.Compare, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _data = data;
        var links = new OverviewLinks(Project, View);
        _tiles = OverviewTiles.Of(data, links);
        _charts = OverviewCharts.Of(data, links);
    }

    private PanelState StateOf(bool hasData) => State != PanelState.Full ? State : hasData ? PanelState.Full : PanelState.Empty;

    private void Zoom(TimeRange range) => Show(View.WithRange(range));

    private void Pick(TimeRange range, string filter) =>
        Navigation.NavigateTo(new OverviewLinks(Project, View.WithRange(range)).Requests(filter));
}
