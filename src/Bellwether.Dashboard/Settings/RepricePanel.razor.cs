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
    // The store keeps no older calls than any provider has answered.
    private static readonly DateOnly s_first = new(2015, 1, 1);

    private DateOnly? _from;
    private DateOnly? _to;
    private RepriceResult? _forecast;

    protected override async Task<bool> LoadAsync(Actor actor)
    {
        _mayChange = actor.May(Role.Administrator, await ProjectAsync());
        _to ??= Today;
        _from ??= Today.AddDays(-29);
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
        if (Problem() is { } problem)
        {
            return await ApplyAsync<RepriceResult>(_ => Task.FromResult<Change<RepriceResult>>(problem), "");
        }
        var window = new TimeRange(Midnight(_from!.Value), Midnight(_to!.Value).AddDays(1));
        return await ApplyAsync(actor => History.RepriceAsync(actor, new RepriceRequest(project, window, []) { DryRun = dryRun }, Gone), "");
    }

    private DateOnly Today => DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);

    private Refusal? Problem() =>
        _from is not { } from ? Refusal.Invalid("from", "is needed")
        : from < s_first ? Refusal.Invalid("from", "must not be before 2015")
        : _to is not { } to ? Refusal.Invalid("to", "is needed")
        : to > Today ? Refusal.Invalid("to", "must not be in the future")
        : to < from ? Refusal.Invalid("to", "must not be before the first day")
        : null;

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static string Describe(RepriceResult result) =>
        $"The cost of {Format.Count(result.Changed)} of {Format.Count(result.Calls)} calls, from {Format.Usd(result.BeforeUsd)} to {Format.Usd(result.AfterUsd)},";
}
