using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <content>New rows as they arrive: added at the top, or counted while the reader is further down.</content>
public sealed partial class RequestsPage
{
    private void Follow()
    {
        _tail?.Dispose();
        _tailed = ProjectId;
        _tail = Feed.Subscribe(ProjectId, TailEvery, change => _ = InvokeAsync(TailAsync));
    }

    // Between the page's own reads, which renew the counts too: only the newest rows, or how many wait.
    private async Task TailAsync()
    {
        try
        {
            await UpdateAsync(View.Refresh.IsLive, _left);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The next change tries again, and the page's own read shows the failure.
            Log.LoadFailed(Logger, error, nameof(RequestsPage));
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    // One at a time. A change that comes while rows are read is remembered: it may be the last one for a long while.
    private async Task UpdateAsync(bool adds, CancellationToken cancellationToken)
    {
        if (!View.IsRelative || cancellationToken.IsCancellationRequested) { return; }
        if (_isLooking || _question is null)
        {
            _missed = true;
            return;
        }
        _isLooking = true;
        try
        {
            do
            {
                _missed = false;
                if (adds && (_atTop || _rows.Rows.Count == 0))
                {
                    await LookAsync(cancellationToken);
                }
                else
                {
                    _waiting = await _rows.PeekAsync(View.Resolve(Clock.GetUtcNow(), Zone), cancellationToken);
                    StateHasChanged();
                }
            }
            while (_missed && !cancellationToken.IsCancellationRequested);
        }
        finally
        {
            _isLooking = false;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var wasEmpty = _rows.Rows.Count == 0;
        var result = await _rows.LookAsync(View.Resolve(Clock.GetUtcNow(), Zone), cancellationToken);
        _waiting = 0;
        _jumped = result.Jumped && !wasEmpty;
        if (result.Added > 0) { _hasAny = true; }
        await ShowRowsAsync();
    }

    private async Task ShowNewestAsync()
    {
        _atTop = true;
        if (_script is not null) { await _script.InvokeVoidAsync("toTop"); }
        await TailAsync();
    }
}
