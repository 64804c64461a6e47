using Bellwether.Telemetry;
using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <content>What the page's script calls (keys, clicks on values, scrolling, the width), and when it starts to watch the list.</content>
public sealed partial class RequestsPage
{
    [JSInvokable]
    public async Task<int> MoveAsync(int by)
    {
        var at = -1;
        for (var i = 0; i < _rows.Rows.Count; i++)
        {
            if (_rows.Rows[i].Id == _selected) { at = i; break; }
        }
        var next = Math.Clamp(at < 0 ? 0 : at + by, 0, Math.Max(0, _rows.Rows.Count - 1));
        if (next >= _rows.Rows.Count) { return -1; }
        _selected = _rows.Rows[next].Id;
        // Reading ahead, so that holding the key down does not stop at the end of a page.
        if (next > _rows.Rows.Count - 20 && await _rows.LoadMoreAsync(_left)) { await DrawAsync(); }
        await InvokeAsync(StateHasChanged);
        return next;
    }

    [JSInvokable]
    public Task FilterAsync(string field, string value, bool exclude) => InvokeAsync(() =>
    {
        if (FilterField.Find(field) is null) { return; }
        if (exclude) { Exclude(field, value); } else { Include(field, value); }
    });

    [JSInvokable]
    public Task ScrolledAsync(bool atTop) => InvokeAsync(async () =>
    {
        _atTop = atTop;
        if (atTop && _waiting > 0 && IsLive) { await TailAsync(); }
    });

    [JSInvokable]
    public Task ResizedAsync(bool isCompact) => InvokeAsync(async () =>
    {
        if (_isCompact == isCompact) { return; }
        _isCompact = isCompact;
        StateHasChanged();
        await DrawAsync();
    });

    private async Task WatchAsync()
    {
        if (_module is null || !_isShown || _rows.Rows.Count == 0 || _watched.Id == _table.Id) { return; }
        _watched = _table;
        try
        {
            if (_script is not null) { await _script.InvokeVoidAsync("dispose"); }
            _self ??= DotNetObjectReference.Create(this);
            _script = await _module.InvokeAsync<IJSObjectReference>("list", _table, _self);
        }
        catch (JSDisconnectedException)
        {
            // The browser left between render and script.
        }
    }
}
