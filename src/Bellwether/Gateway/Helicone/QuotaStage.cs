using System.Collections.Concurrent;
using System.Globalization;
using Bellwether.Exchange;
using Bellwether.Pricing;
using Bellwether.Telemetry;

namespace Bellwether.Gateway;

/// <summary>
/// The limits that callers set themselves. Fixed windows in memory: they begin with the first call and are forgotten when the
/// process ends. Cents are looked at before the call and charged after it, so that calls side by side may go over by their own cost.
/// </summary>
internal sealed class QuotaStage(TimeProvider time, GatewayMeters meters, IPriceBook? prices = null) : IExchangeStage
{
    private const int MostWindows = 20_000;

    private readonly ConcurrentDictionary<(string Project, string Policy, string Segment), QuotaWindow> _windows = new();

    public string Name => "limits";

    public ValueTask<StageVerdict> BeforeAsync(ModelCall call, CancellationToken cancellationToken)
    {
        if (call.Quota is not { } quota || WindowOf(call, quota) is not { } window)
        {
            return new(StageVerdict.Continue);
        }
        var now = time.GetTimestamp();
        lock (window)
        {
            if (time.GetElapsedTime(window.Start, now) >= quota.Window)
            {
                window.Start = now;
                window.Used = 0;
            }
            var taken = quota.InCents ? window.Used < quota.Limit : window.Used + 1 <= quota.Limit;
            if (taken && !quota.InCents)
            {
                window.Used++;
            }
            quota.Remaining = Math.Max(0, quota.Limit - (long)Math.Ceiling(window.Used));
            quota.ResetSeconds = (int)Math.Ceiling((quota.Window - time.GetElapsedTime(window.Start, now)).TotalSeconds);
            return new(taken ? StageVerdict.Continue : StageVerdict.Refuse(Exhausted(quota)));
        }
    }

    public void Ended(ModelCall call, Observation observation)
    {
        if (call.Quota is not { InCents: true, Remaining: not null } quota || observation.State == ObservationState.Refused || WindowOf(call, quota) is not { } window)
        {
            return;
        }
        var cost = prices?.Quote(observation.PriceProvider, observation.Model, observation.Usage, observation.StartTime, observation.ServiceTier)
            ?? prices?.Quote(observation.PriceProvider, observation.RequestModel, observation.Usage, observation.StartTime, observation.ServiceTier);
        if (cost is null)
        {
            return;
        }
        lock (window)
        {
            window.Used += (double)cost.TotalUsd * 100;
        }
    }

    private QuotaWindow? WindowOf(ModelCall call, CallerQuota quota)
    {
        var segment = quota.Segment.Length == 0 ? "" : quota.Segment == "user" ? call.User : Property(call, quota.Segment);
        if (quota.Segment.Length > 0 && segment.Length == 0)
        {
            // As with Helicone: who cannot be told apart is not limited.
            return null;
        }
        var key = (call.Project.Value, quota.Text, segment);
        if (_windows.TryGetValue(key, out var window))
        {
            return window;
        }
        if (_windows.Count >= MostWindows && !Forget())
        {
            meters.QuotaNotKept();
            return null;
        }
        return _windows.GetOrAdd(key, static (_, made) => new QuotaWindow(made.Window) { Start = made.Now }, (quota.Window, Now: time.GetTimestamp()));
    }

    private bool Forget()
    {
        var now = time.GetTimestamp();
        foreach (var (key, window) in _windows)
        {
            if (time.GetElapsedTime(window.Start, now) >= window.Length)
            {
                _windows.TryRemove(key, out _);
            }
        }
        return _windows.Count < MostWindows;
    }

    private static string Property(ModelCall call, string name)
    {
        foreach (var (key, value) in call.Properties)
        {
            if (key == name)
            {
                return value;
            }
        }
        return "";
    }

    private static Refusal Exhausted(CallerQuota quota) => new(429, "rate_limit_error", "rate_limit_exceeded",
        string.Create(CultureInfo.InvariantCulture, $"The call's own rate limit policy '{quota.Text}' is used up; its window ends in {quota.ResetSeconds} seconds."), ErrorTypes.RateLimited)
    {
        RetryAfterSeconds = Math.Clamp(quota.ResetSeconds, 1, 60),
        ShouldRetry = false,
    };

    private sealed class QuotaWindow(TimeSpan length)
    {
        public TimeSpan Length { get; } = length;
        public long Start { get; set; }
        /// <summary>Calls, or cents.</summary>
        public double Used { get; set; }
    }
}
