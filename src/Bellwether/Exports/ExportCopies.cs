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
        return Task.FromResult((long)exports.Erase(export => export.Project == project && export.From < window.To && window.From < export.To,
            "Observations that may have been in it were erased. Make it again.", clock.GetUtcNow()));
    }

    /// <summary>A file that begins on a day that retention has dropped since it was made.</summary>
    public Task DropAsync(DroppedTexts dropped, CancellationToken cancellationToken)
    {
        exports.Erase(export => dropped.MayBeIn(export.From, export.Texts, export.CreatedAt), "Retention dropped a day that it has. Make it again.", clock.GetUtcNow());
        return Task.CompletedTask;
    }
}
