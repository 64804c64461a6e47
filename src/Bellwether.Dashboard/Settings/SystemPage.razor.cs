using Bellwether.Identity;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>Whether the product itself is well: what waits, what was lost, and how long the disk will do.</summary>
public sealed partial class SystemPage
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private SystemStatus? _status;
    private ITimer? _timer;

    protected override Task<bool> LoadAsync(Actor actor)
    {
        _status = Monitor.Read();
        return Task.FromResult(true);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        // Not while prerendering: no circuit would end the timer.
        if (firstRender)
        {
            _timer = Clock.CreateTimer(_ => _ = InvokeAsync(RefreshAsync), null, Every, Every);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _timer?.Dispose();
        base.Dispose(disposing);
    }

    private async Task RefreshAsync()
    {
        await ReloadAsync();
        StateHasChanged();
    }

    private static IEnumerable<string> Problems(SystemStatus status)
    {
        if (!status.Ready)
        {
            yield return "Not ready: load balancers send no calls here now.";
        }

        if (status.Refusing is { } refusing)
        {
            yield return $"New records are refused: {refusing.Replace('_', ' ')}. What was recorded can still be read.";
        }

        if (status.StoreFailingFor is { } failing)
        {
            yield return $"The store has been failing for {Format.Span(failing)}. Records wait in the journal and nothing is lost.";
        }

        if (status.DiskDaysLeft < 7)
        {
            yield return "At this pace the disk is full within a week. Shorten retention or enlarge the disk.";
        }
    }

    private static double Share(double part, double whole) => whole > 0 ? Math.Clamp(part / whole, 0, 1) : 0;

    private static string Meaning(Durability durability) => durability switch
    {
        Durability.Fsync => "survives a power cut",
        Durability.Os => "survives a crash of the process",
        Durability.Memory => "survives nothing",
        _ => "",
    };
}
