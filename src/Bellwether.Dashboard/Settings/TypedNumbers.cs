using System.Globalization;

namespace Bellwether.Dashboard;

/// <summary>
/// Reads the numbers of a form as they were typed, and keeps what is wrong with them by field. An input of type number would give
/// an empty text for "1e", which then counts as "not set", and 15 for "1,5".
/// </summary>
internal sealed class TypedNumbers
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    public static string Text(decimal? value) => value?.ToString("0.############", CultureInfo.InvariantCulture) ?? "";

    public static string Text(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>Null for an empty text, and for one that is no number, which is then among <see cref="Errors"/>.</summary>
    public decimal? Decimal(string field, string text) =>
        text.AsSpan().Trim().IsEmpty ? null
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : Wrong<decimal>(field, "must be a number with a point, such as 0.15");

    public double? Double(string field, string text) =>
        text.AsSpan().Trim().IsEmpty ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
        : Wrong<double>(field, "must be a number with a point, such as 0.15");

    public long? Whole(string field, string text) =>
        text.AsSpan().Trim().IsEmpty ? null
        : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value
        : Wrong<long>(field, "must be a whole number");

    /// <summary>As <see cref="Whole"/>; what is beyond an int is no less wrong for being cut to its ends.</summary>
    public int? Small(string field, string text) => Whole(field, text) is { } value ? (int)Math.Clamp(value, int.MinValue, int.MaxValue) : null;

    /// <summary>Says of a number that was read what a field of the form demands.</summary>
    public void Refuse(string field, string problem) => _errors[field] = [problem];

    /// <summary>All that is wrong: of the numbers, and of the other fields.</summary>
    public Dictionary<string, string[]> With(IReadOnlyDictionary<string, string[]> others)
    {
        var all = new Dictionary<string, string[]>(_errors, StringComparer.Ordinal);
        foreach (var (field, problems) in others) { all.TryAdd(field, problems); }
        return all;
    }

    private T? Wrong<T>(string field, string problem) where T : struct
    {
        Refuse(field, problem);
        return null;
    }
}
