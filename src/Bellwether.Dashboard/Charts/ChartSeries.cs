namespace Bellwether.Dashboard;

/// <summary>How a chart draws its series.</summary>
public enum ChartKind { Line, StackedArea, StackedBars }

/// <summary>What the values of a chart are; axes, tooltips, table and summary format by it.</summary>
public enum ChartUnit { Count, Events, PerMinute, Milliseconds, Fraction, Usd, UsdPerHour, Tokens, TokensPerSecond }

/// <summary>One series over the buckets of a <see cref="TimeScale"/>; null is "no data" and is drawn as a gap.</summary>
/// <param name="Tone">Colour of the palette: <c>1</c> to <c>8</c>, <c>bad</c> or <c>quiet</c>.</param>
/// <param name="Previous">True for the period before: dashed and pale, on the same axis.</param>
public sealed record ChartSeries(string Name, string Tone, IReadOnlyList<double?> Values, bool Previous = false);

/// <summary>Words for the values of a unit.</summary>
public static class ChartUnits
{
    public static string Format(ChartUnit unit, double? value) => unit switch
    {
        ChartUnit.Count or ChartUnit.Events => Dashboard.Format.Count(value),
        ChartUnit.Milliseconds => Dashboard.Format.Milliseconds(value),
        ChartUnit.Fraction => Dashboard.Format.Percent(value),
        ChartUnit.Usd => Dashboard.Format.Usd(value),
        ChartUnit.UsdPerHour => value is null ? Dashboard.Format.None : Dashboard.Format.Usd(value) + " / h",
        ChartUnit.PerMinute => value is null ? Dashboard.Format.None : Dashboard.Format.Rate(value) + " / min",
        ChartUnit.TokensPerSecond => value is null ? Dashboard.Format.None : Dashboard.Format.Rate(value) + " tok/s",
        ChartUnit.Tokens => value is null ? Dashboard.Format.None : Dashboard.Format.Compact(value) + " tok",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    /// <summary>What stands above the axis.</summary>
    public static string Axis(ChartUnit unit) => unit switch
    {
        ChartUnit.Count => "requests",
        ChartUnit.Events => "events",
        ChartUnit.PerMinute => "per minute",
        ChartUnit.Milliseconds => "",
        ChartUnit.Fraction => "",
        ChartUnit.Usd => "USD",
        ChartUnit.UsdPerHour => "USD per hour",
        ChartUnit.Tokens => "tokens",
        ChartUnit.TokensPerSecond => "tokens per second",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };
}
