namespace Bellwether.Dashboard;

/// <summary>Which direction is good news.</summary>
public enum Goal { Neither, Lower, Higher }

/// <summary>How a value differs from the previous period's.</summary>
/// <param name="Ratio">Relative difference: 0.12 is 12 % higher. Infinite when there was nothing before.</param>
public readonly record struct Change(double Ratio)
{
    /// <summary>Null where either side has no data: there is nothing to compare.</summary>
    public static Change? Of(double? now, double? before)
    {
        if (now is not { } current || before is not { } former || !double.IsFinite(current) || !double.IsFinite(former)) { return null; }
        if (former == 0) { return current == 0 ? new Change(0) : new Change(double.PositiveInfinity); }
        return new Change((current - former) / Math.Abs(former));
    }

    /// <summary>Less than half a percent is no news.</summary>
    public bool IsFlat => Math.Abs(Ratio) < 0.005;

    public bool IsUp => Ratio > 0;

    /// <summary>The words beside the arrow: <c>12 % higher</c>, <c>3.2 × higher</c>, <c>unchanged</c>, <c>none before</c>.</summary>
    public string Words => this switch
    {
        { IsFlat: true } => "unchanged",
        { Ratio: double.PositiveInfinity } => "none before",
        { Ratio: >= 2 } => (Ratio + 1).ToString(Ratio >= 9 ? "#,0" : "0.0", System.Globalization.CultureInfo.InvariantCulture) + " × before",
        _ => Math.Abs(Ratio * 100).ToString(Math.Abs(Ratio) < 0.0995 ? "0.0" : "0", System.Globalization.CultureInfo.InvariantCulture) + " % " + (IsUp ? "higher" : "lower"),
    };

    /// <summary><c>good</c>, <c>bad</c> or <c>flat</c>.</summary>
    public string Tone(Goal goal) =>
        IsFlat || goal == Goal.Neither || double.IsInfinity(Ratio) ? "flat" : IsUp == (goal == Goal.Higher) ? "good" : "bad";
}
