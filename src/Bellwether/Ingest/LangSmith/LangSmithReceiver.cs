using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Lays runs over their prior versions and hands them to the journal.</summary>
internal sealed class LangSmithReceiver(ITelemetryIntake intake, ITelemetryStore store, TimeProvider clock) : IDisposable
{
    // Reading the prior version and handing over the next are one step, or two bodies of one run would forget each other.
    private readonly SemaphoreSlim _step = new(1, 1);

    /// <summary>Keeps what can be kept; what cannot is a warning of the batch. A refusal keeps nothing.</summary>
    public async Task<AppendResult> ReceiveAsync(RunBatch batch, ApiKey key, CancellationToken cancellationToken)
    {
        ValueTask<AppendResult> acknowledgement;
        await _step.WaitAsync(cancellationToken);
        try
        {
            var records = new List<TelemetryRecord>();
            foreach (var run in batch.Runs)
            {
                var prior = await PriorAsync(run, key, cancellationToken);
                Map(run.Id.ToString(), () => RunMapper.Map(run, prior, key, clock.GetUtcNow()));
            }
            foreach (var feedback in batch.Feedback)
            {
                Map(JsonFields.Scalar(feedback["id"]), () => RunFeedback.Map(feedback, key, clock.GetUtcNow()));
            }
            acknowledgement = intake.AppendAsync(records.ToArray(), cancellationToken);

            void Map(string name, Func<TelemetryRecord?> map)
            {
                try
                {
                    if (map() is { } record) { records.Add(record); }
                    else { batch.Reject($"{name}: feedback without a run or a key"); }
                }
                // Texts with half a surrogate pair and the like come to light only when they are read.
                catch (Exception error) when (error is InvalidOperationException or JsonException or ArgumentException or FormatException)
                {
                    batch.Reject($"{name}: holds a value that cannot be read");
                }
            }
        }
        finally
        {
            _step.Release();
        }
        return await acknowledgement;
    }

    public void Dispose() => _step.Dispose();

    private async ValueTask<(Observation, ObservationPayload)?> PriorAsync(RunWrite run, ApiKey key, CancellationToken cancellationToken)
    {
        if (intake.FindPending(run.Id) is { Observation: { } pending } record && pending.Project == key.Project)
        {
            return (pending, record.Payload);
        }
        // A run that comes whole needs no former version, and most runs come whole.
        if (run.Fields["end_time"] is not null && run.Fields["inputs"] is not null && run.Fields["name"] is not null && run.Fields["start_time"] is not null)
        {
            return null;
        }
        return await store.ReadAsync(key.Project, run.Id, cancellationToken) is { } stored ? (stored.Observation, stored.Payload) : null;
    }
}
