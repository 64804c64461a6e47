using System.Globalization;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>Time range, comparison and refresh of a page, in the top bar. Every choice is a navigation, so that back undoes it.</summary>
public sealed partial class TimeControls
{
    private string _from = "";
    private string _to = "";
    private ViewState? _shown;
    private bool _invalid;

    [Parameter, EditorRequired]
    public ViewState View { get; set; } = new();

    [Parameter, EditorRequired]
    public TimeRange Range { get; set; }

    [Parameter]
    public bool IsBusy { get; set; }

    [Parameter]
    public EventCallback OnRefresh { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private BrowserContext Browser { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    private TimeZoneInfo Zone => View.Utc ? TimeZoneInfo.Utc : Browser.Zone;

    private string Offset => Format.Zone(Zone, Range.To);

    // Until the browser has said it, its place is kept.
    private bool IsZoneKnown => View.Utc || Browser.Module is not null;

    private string Label => QuickRanges.Label(View, Range, Zone);

    private bool IsLive => View.Refresh.IsLive && View.IsRelative;

    private string RefreshLabel => !View.IsRelative ? "Fixed"
        : View.Refresh.IsLive ? "Live"
        : View.Refresh.Every is { } every ? Format.Duration(every) : "Off";

    protected override void OnParametersSet()
    {
        if (_shown == View) { return; }
        _shown = View;
        _from = Editable(View.From);
        _to = Editable(View.To);
        _invalid = false;
    }

    private void ToggleCompare() => Navigation.NavigateTo((View with { Compare = !View.Compare }).Apply(Navigation.Uri));

    private void ApplyAbsolute()
    {
        var (from, to) = (Expression(_from), Expression(_to));
        var now = Clock.GetUtcNow();
        _invalid = !TimeExpression.TryResolve(from, now, Zone, isEnd: false, out var start)
            || !TimeExpression.TryResolve(to, now, Zone, isEnd: true, out var end)
            || end <= start;
        if (!_invalid) { Navigation.NavigateTo((View with { From = from, To = to }).Apply(Navigation.Uri)); }
    }

    // Instants stand in the URL in UTC and in the box on the viewer's wall clock.
    private string Editable(string expression) =>
        !expression.StartsWith("now", StringComparison.Ordinal)
        && TimeExpression.TryResolve(expression, Clock.GetUtcNow(), Zone, isEnd: false, out var time)
            ? TimeZoneInfo.ConvertTime(time, Zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : expression;

    private string Expression(string text)
    {
        text = text.Trim();
        if (text.StartsWith("now", StringComparison.Ordinal)
            || text.EndsWith('Z')
            || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
            || Zone.IsInvalidTime(wall))
        {
            return text;
        }
        return new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), Zone.GetUtcOffset(wall))
            .ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }
}
