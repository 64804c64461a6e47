using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Attachments go with their runs.</summary>
internal sealed class AttachmentCopies(AttachmentFiles files) : ITelemetryCopies
{
    public string Name => "attachments";

    public async Task<long> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var project = erasure.Request.Project;
        // Those that are there now: their runs were journalled before.
        var runs = files.Runs(project).ToList();
        await erasure.SettleAsync(cancellationToken);
        var erased = 0L;
        foreach (var run in await erasure.GoneAsync(runs, cancellationToken))
        {
            erased += files.Remove(project, run);
        }
        return erased;
    }
}
