using System.Globalization;

namespace Bellwether.Dashboard;

/// <summary>Scores and differences in words and digits. Whether more is better is the evaluator's to know, so nothing here is good or bad.</summary>
internal static class ScoreText
{
    public static string Number(double? value) => value is { } number && double.IsFinite(number) ? Digits(number).Replace('-', '−') : Format.None;

    /// <summary>With its sign; <c>±0</c> where nothing differs.</summary>
    public static string Difference(double? value) => Signed(value, number => Digits(number));

    public static string Signed(double? value, Func<double, string> format) =>
        value is not { } number || !double.IsFinite(number) ? Format.None : number == 0 ? "±0" : (number > 0 ? "+" : "−") + format(Math.Abs(number));

    /// <summary>Percentage points.</summary>
    public static string Points(double? fraction) => Signed(fraction, number => (number * 100).ToString("0.#", CultureInfo.InvariantCulture) + " points");

    /// <summary>The most frequent labels with their counts.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, int>> labels) =>
        string.Join(", ", labels.Take(3).Select(label => $"{VisibleText.Flatten(label.Key, 30)} {Format.Count(label.Value)}"));

    private static string Digits(double number) => number.ToString(Math.Abs(number) >= 100 ? "#,0.#" : "0.###", CultureInfo.InvariantCulture);
}
