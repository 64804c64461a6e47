using System.Text.Json.Nodes;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Ingest;

/// <summary>Lays runs over their prior versions and hands them to the journal.</summary>
internal sealed class LangSmithReceiver(ITelemetryIntake intake, TelemetryReader reader, LangSmithProjects projects, RunAttachments attachments, LangSmithMeters meters, ILogger<LangSmithReceiver> logger) : IDisposable
{
    // One journal record group: of runs with long texts a batch is not held twice.
    private const int ChunkBytes = 16 * 1024 * 1024;

    // As many as the SDKs put into one request. One of very many runs does not keep the others waiting.
    private const int RunsAStep = 100;

    // Reading the prior version and handing over the next are one step, or two bodies of one run would forget each other.
    private readonly SemaphoreSlim _step = new(1, 1);

    /// <summary>Keeps what can be kept; what cannot is a warning of the batch. After a refusal the whole may be sent again.</summary>
    /// <returns>The journal's word and how many runs and words of feedback were kept.</returns>
    public async Task<(AppendResult Result, int Kept)> ReceiveAsync(RunBatch batch, OtlpSender sender, CancellationToken cancellationToken)
    {
        if (!intake.CanAccept(out var refusal))
        {
            return (new AppendResult(false, refusal), 0);
        }
        var acknowledgements = new List<Task<AppendResult>>();
        var kept = new HashSet<Guid>();
        var feedback = 0;
        var records = new List<TelemetryRecord>();
        var ancestry = new RunAncestry(batch.Runs, async id => (await PriorVersions.FindAsync(intake, reader, sender.Key.Project, id, cancellationToken))?.Observation);
        foreach (var some in batch.Runs.Chunk(RunsAStep))
        {
            await _step.WaitAsync(cancellationToken);
            try
            {
                var bytes = 0L;
                foreach (var run in some)
                {
                    var prior = await PriorAsync(run, sender, cancellationToken);
                    await ancestry.NameTraceAsync(run, prior?.Observation);
                    NameProject(run.Fields, sender);
                    if (MapRun(run, prior, sender, batch) is not { } record)
                    {
                        continue;
                    }
                    await projects.NoteAsync(sender.Key.Project, record.Observation!.Endpoint, cancellationToken);
                    kept.Add(run.Id);
                    records.Add(record);
                    bytes += record.Payload.Input.Length + record.Payload.Output.Length + record.Payload.Attributes.Length;
                    if (bytes >= ChunkBytes)
                    {
                        Append();
                        bytes = 0;
                    }
                }
                Append();
            }
            finally
            {
                _step.Release();
            }
        }
        foreach (var said in batch.Feedback)
        {
            if (RunFeedback.Map(said, sender) is { } record)
            {
                feedback++;
                records.Add(record);
            }
            else
            {
                batch.Reject("feedback", "Feedback needs a key of at most 200 characters, a UUID as its id, a UUID in run_id, trace_id or session_id, and no score but a number, true or false.");
            }
        }
        Append();
        foreach (var result in await Task.WhenAll(acknowledgements))
        {
            if (!result.Accepted)
            {
                return (result, 0);
            }
        }
        await attachments.KeepAsync(sender.Key.Project, batch.Attachments.Where(attachment => kept.Contains(attachment.Run)), cancellationToken);
        meters.Accepted("run", kept.Count);
        meters.Accepted("feedback", feedback);
        foreach (var (reason, count) in batch.Reasons)
        {
            meters.Rejected(reason, count);
        }
        return (new AppendResult(true, default), kept.Count + feedback);

        void Append()
        {
            if (records.Count > 0)
            {
                acknowledgements.Add(intake.AppendAsync(records.ToArray(), cancellationToken).AsTask());
                records.Clear();
            }
        }
    }

    public void Dispose() => _step.Dispose();

    // Clients that know the project's id may leave its name out.
    private void NameProject(JsonObject run, OtlpSender sender)
    {
        if (run["session_name"] is null && JsonFields.Id(run["session_id"]) is { } id && projects.Find(sender.Key.Project, id) is { } project)
        {
            run["session_name"] = project.Name;
        }
    }

    // One broken run never rejects its neighbours.
    private TelemetryRecord? MapRun(RunWrite run, TelemetryRecord? prior, OtlpSender sender, RunBatch batch)
    {
        try
        {
            var record = RunMapper.Map(run, prior, sender, out var corrected);
            if (corrected)
            {
                meters.ClockCorrected();
            }
            return record;
        }
        catch (Exception error)
        {
            Log.RunNotMapped(logger, error.GetType().Name, error.StackTrace);
            batch.Reject("failed", $"{run.Id}: holds a value that cannot be read");
            return null;
        }
    }

    // A run that comes whole needs no former version that is stored, and most runs come whole.
    private ValueTask<TelemetryRecord?> PriorAsync(RunWrite run, OtlpSender sender, CancellationToken cancellationToken) => run.IsWhole
        ? new(PriorVersions.Pending(intake, sender.Key.Project, run.Id))
        : PriorVersions.FindAsync(intake, reader, sender.Key.Project, run.Id, cancellationToken);
}
