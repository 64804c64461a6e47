using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Refusal = Bellwether.State.Change;

namespace Bellwether.Dashboard;

/// <summary>Prices the project's stored calls again; says what would change before it asks.</summary>
public sealed partial class RepricePanel
{
    private bool _mayChange;
    private DateOnly _from;
    private DateOnly _to;
    private RepriceResult? _forecast;

    protected override async Task<bool> LoadAsync(Actor actor)
    {
        _mayChange = actor.May(Role.Administrator, await ProjectAsync());
        if (_to == default)
        {
            _to = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);
            _from = _to.AddDays(-29);
        }
        return true;
    }

    private void Forget()
    {
        _forecast = null;
        ClearErrors();
    }

    private async Task CheckAsync()
    {
        _forecast = await RunAsync(dryRun: true);
        if (_forecast is { } result)
        {
            Notice = result.Changed == 0 ? $"All {Format.Count(result.Calls)} calls with usage have the price that was in force." : $"{Describe(result)} would change.";
        }
    }

    private async Task RepriceAsync()
    {
        _forecast = null;
        if (await RunAsync(dryRun: false) is { } result)
        {
            Notice = $"{Describe(result)} changed.";
        }
    }

    private async Task<RepriceResult?> RunAsync(bool dryRun)
    {
        var project = await ProjectAsync();
        var window = new TimeRange(Midnight(_from), Midnight(_to).AddDays(1));
        if (window.To <= window.From)
        {
            return await ApplyAsync<RepriceResult>(_ => Task.FromResult<Change<RepriceResult>>(Refusal.Invalid("to", "must not be before the first day")), "");
        }
        return await ApplyAsync(actor => History.RepriceAsync(actor, new RepriceRequest(project, window, []) { DryRun = dryRun }, Gone), "");
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static string Describe(RepriceResult result) =>
        $"The cost of {Format.Count(result.Changed)} of {Format.Count(result.Calls)} calls, from {Format.Usd(result.BeforeUsd)} to {Format.Usd(result.AfterUsd)},";
}
