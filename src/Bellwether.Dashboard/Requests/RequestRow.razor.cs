using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>One row of the list. Draws again only when something it shows has changed: a live list draws often.</summary>
public sealed partial class RequestRow
{
    private (Observation, ImmutableArray<RequestColumn>, string, bool, TimeZoneInfo, bool, bool)? _drawn;

    [Parameter, EditorRequired]
    public Observation Row { get; set; } = default!;

    [Parameter, EditorRequired]
    public string Href { get; set; } = "";

    [Parameter]
    public bool IsSelected { get; set; }

    [Parameter, EditorRequired]
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>The range is longer than a day, so that the time of day alone would not do.</summary>
    [Parameter]
    public bool WithDate { get; set; }

    [Parameter]
    public bool IsCompact { get; set; }

    [Parameter, EditorRequired]
    public ImmutableArray<RequestColumn> Columns { get; set; } = [];

    private DateTimeOffset Local => TimeZoneInfo.ConvertTime(Row.StartTime, Zone);

    private string Iso => Row.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private string Time => Local.ToString(IsCompact ? WithDate ? "d MMM HH:mm:ss" : "HH:mm:ss" : WithDate ? "HH:mm:ss" : "HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private string Date => Local.ToString("d MMM", CultureInfo.InvariantCulture);

    private string Model => Row.Model.Length > 0 ? Row.Model : Row.RequestModel.Length > 0 ? Row.RequestModel : Row.Name;

    private string TokensTitle =>
        $"{Format.Count(Row.Usage.InputTokens)} in, {Format.Count(Row.Usage.OutputTokens)} out{(Row.Usage.Estimated ? "; counted by our own tokenizer: the provider sent no usage" : "")}";

    /// <summary>Id of a row's element, which the grid names as the active one.</summary>
    internal static string ElementId(Guid id) => "r-" + id.ToString("N", CultureInfo.InvariantCulture);

    protected override bool ShouldRender()
    {
        var now = (Row, Columns, Href, IsSelected, Zone, WithDate, IsCompact);
        if (_drawn is { } drawn && ReferenceEquals(drawn.Item1, Row) && drawn.Item2 == Columns && drawn.Item3 == Href
            && drawn.Item4 == IsSelected && ReferenceEquals(drawn.Item5, Zone) && drawn.Item6 == WithDate && drawn.Item7 == IsCompact)
        {
            return false;
        }
        _drawn = now;
        return true;
    }
}
