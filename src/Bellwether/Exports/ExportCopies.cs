using Bellwether.Telemetry;

namespace Bellwether.Exports;

/// <summary>
/// Files of exports are copies too. Which rows are in one is not known without reading it, so that every one of the project whose time
/// meets the erasure's goes: it can be made again, then without them.
/// </summary>
internal sealed class ExportCopies(ExportStore exports, TimeProvider clock) : ITelemetryCopies
{
    public string Name => "exports";

    public Task<long> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var (project, window) = (erasure.Request.Project.Value, erasure.Request.Window);
        return Task.FromResult((long)exports.Erase(export => export.Project == project && export.From < window.To && window.From < export.To, clock.GetUtcNow()));
    }
}
