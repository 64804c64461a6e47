using Bellwether.Identity;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Attachments go with their runs, and when the texts of their runs go.</summary>
internal sealed class AttachmentCopies(AttachmentFiles files, Projects projects) : ITelemetryCopies
{
    public string Name => "attachments";

    public async Task<long> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var project = erasure.Request.Project;
        // Those that are there now: their runs were journalled before.
        var runs = files.Runs(project).ToList();
        await erasure.SettleAsync(cancellationToken);
        return files.Remove(project, await erasure.GoneAsync(runs, cancellationToken));
    }

    public async Task DropAsync(DroppedTexts dropped, CancellationToken cancellationToken)
    {
        var runs = projects.All.Select(project => (project.Id, Runs: files.Runs(project.Id).ToList())).Where(owner => owner.Runs.Count > 0).ToList();
        await dropped.SettleAsync(cancellationToken);
        foreach (var (project, ids) in runs)
        {
            files.Remove(project, await dropped.AmongAsync(project, ids, cancellationToken));
        }
    }
}
