namespace Bellwether.Telemetry;

/// <summary>
/// The values that a metric label may take. Callers choose model and endpoint names, so only the first
/// <paramref name="most"/> are told apart; later ones are <c>other</c>. Not thread-safe: its owner locks.
/// </summary>
internal sealed class LabelValues(int most)
{
    private const int LongestValue = 128;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public string Cap(string value)
    {
        if (value.Length == 0)
        {
            return "unknown";
        }
        if (value.Length > LongestValue)
        {
            return "other";
        }
        return _seen.Contains(value) || (_seen.Count < most && _seen.Add(value)) ? value : "other";
    }
}
