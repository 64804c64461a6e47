using Bellwether.Detection;
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

    internal static IEnumerable<string> Missing(IEnumerable<BrokenModel> broken) =>
        broken.Select(static model => $"Running without the detector \"{model.Detector}\", whose verdict is unknown for every text. {model.Reason}");

    private static double Share(double part, double whole) => whole > 0 ? Math.Clamp(part / whole, 0, 1) : 0;

    private static string Receiver(string source) => source switch
    {
        "otlp" => "OpenTelemetry",
        "langsmith" => "LangSmith",
        "langfuse" => "Langfuse",
        "phoenix" => "Phoenix",
        "helicone" => "Helicone",
        "posthog" => "PostHog",
        "mixpanel" => "Mixpanel",
        _ => source,
    };

    // The fixed words of the receivers, as the metrics have them; those that explain nothing are said in full.
    private static string Reason(string reason) => reason switch
    {
        "key" => "Bellwether key missing or not valid",
        "too_large" => "too large",
        "encoding" => "unknown Content-Encoding",
        "not_decodable" => "not what its Content-Encoding says",
        "bad_http" => "not valid HTTP",
        "failed" => "failed here; the sender was told to try again",
        "starting" => "the server was starting",
        _ => reason.Replace('_', ' '),
    };

    private static string Meaning(Durability durability) => durability switch
    {
        Durability.Fsync => "survives a power cut",
        Durability.Os => "survives a crash of the process",
        Durability.Memory => "survives nothing",
        _ => "",
    };
}
