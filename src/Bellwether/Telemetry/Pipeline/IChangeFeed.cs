using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>Says after each commit that a project has new data; never what the data is. Subscribers read again.</summary>
public interface IChangeFeed
{
    /// <summary>Calls back, at most once per <paramref name="atMostEvery"/>, until disposed. The callback must return quickly.</summary>
    IDisposable Subscribe(ProjectId project, TimeSpan atMostEvery, Action<TelemetryChange> onChange);
}

/// <param name="UpTo">Newest start time in what was committed.</param>
/// <param name="Observations">How many observations the commits since the last call held.</param>
public readonly record struct TelemetryChange(ProjectId Project, DateTimeOffset UpTo, int Observations);
