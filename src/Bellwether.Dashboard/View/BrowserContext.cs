using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <summary>What only the browser knows, asked once per circuit: the viewer's time zone.</summary>
public sealed class BrowserContext(IJSRuntime js)
{
    private Task? _loading;

    /// <summary>UTC until <see cref="ReadyAsync"/> has ended.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Name for <c>Intl.DateTimeFormat</c>.</summary>
    public string ZoneName { get; private set; } = "UTC";

    /// <summary>The shell's script module; only after <see cref="ReadyAsync"/>.</summary>
    public IJSObjectReference? Module { get; private set; }

    /// <summary>Ends when the browser has answered. Call it from <c>OnAfterRenderAsync</c>; there is no browser before.</summary>
    public Task ReadyAsync() => _loading ??= LoadAsync();

    private async Task LoadAsync()
    {
        Module = await js.InvokeAsync<IJSObjectReference>("import", DashboardAssets.Url("js/shell.js"));
        var name = await Module.InvokeAsync<string>("timeZone");
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            Zone = zone;
            ZoneName = name;
        }
    }
}
