using System.Collections.Immutable;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components.Routing;

namespace Bellwether.Dashboard;

/// <content>What the reader chooses. All of it is in the URL, so choosing is going there.</content>
public sealed partial class RequestsPage
{
    private void TogglePause() => Show(View with { Refresh = IsLive ? Refresh.Off : Refresh.Live });

    private void ToggleFacets() => Navigation.NavigateTo((_state with { Facets = !ShowsFacets }).Apply(Navigation.Uri), replace: true);

    private void ToggleSteps() => Navigation.NavigateTo((_state with { AllSteps = !_state.AllSteps }).Apply(Navigation.Uri));

    private void ShowColumns(ImmutableArray<RequestColumn> columns) => Navigation.NavigateTo((_state with { Columns = columns }).Apply(Navigation.Uri), replace: true);

    private bool IsOpen(Facet facet) => facet.Open != _state.Toggled.Contains(facet.Field) || !RequestFilter.Choice(_expression, facet.Field).IsEmpty;

    private void ToggleFacet(Facet facet)
    {
        var toggled = _state.Toggled.Contains(facet.Field) ? _state.Toggled.Remove(facet.Field) : _state.Toggled.Add(facet.Field);
        Navigation.NavigateTo((_state with { Toggled = toggled }).Apply(Navigation.Uri), replace: true);
    }

    private void Include(string field, string value) => ShowFilter(FilterSyntax.Write(RequestFilter.Include(_expression, field, value)));

    private void Exclude(string field, string value) => ShowFilter(FilterSyntax.Write(RequestFilter.Exclude(_expression, field, value)));

    private void ClearFilter() => ShowFilter("");

    private void ShowFilter(string line) => Show(View with { Filter = line });

    private string Link(Observation row) => View.Link($"/p/{Project}/requests/{row.Id:D}", View.Filter);

    private void OnLocation(object? sender, LocationChangedEventArgs args)
    {
        var before = _state;
        _state = RequestsState.Parse(args.Location);
        _ = InvokeAsync(async () =>
        {
            StateHasChanged();
            if (before.AllSteps != _state.AllSteps && !_left.IsCancellationRequested && new Uri(args.Location).AbsolutePath.EndsWith("/requests", StringComparison.Ordinal))
            {
                await ReadAgainAsync();
                return;
            }
            // A facet that was opened has no counts yet; the page itself does not read again for it.
            foreach (var facet in Facet.All.Where(facet => ShowsFacets && IsOpen(facet) && !_facets.ContainsKey(facet.Field) && _isShown && !IsBusy))
            {
                await ReadFacetAsync(facet, _left);
            }
        });
    }
}
