namespace Bellwether.Telemetry;

/// <summary>The entrance of the pipeline, as the gateway and every receiver see it.</summary>
public interface ITelemetryIntake
{
    /// <summary>
    /// Whether a record would be accepted now. The gateway asks before it calls a provider, so that no call happens that
    /// cannot be recorded; when false, <paramref name="refusal"/> says why and after how many seconds to try again.
    /// Costs a few volatile reads.
    /// </summary>
    bool CanAccept(out IntakeRefusal refusal);

    /// <summary>
    /// What may be stored of a request body. Appending does this anyway; asked for while a provider thinks about its answer, it
    /// costs the caller no time. The result goes into a payload with <see cref="ObservationPayload.InputIsFiltered"/> set.
    /// </summary>
    ReadOnlyMemory<byte> FilterInput(ReadOnlyMemory<byte> input);

    /// <summary>
    /// Hands a record to the journal. When it returns true the record is with the operating system (or, at
    /// <see cref="Durability.Memory"/>, in the queue) and survives <c>kill -9</c>; the group commit makes it durable within
    /// milliseconds. Never waits for the disk. False: refused and counted, nothing was kept. At
    /// <see cref="Durability.Memory"/> the record is kept until it is stored: its memory must not go back to a pool.
    /// </summary>
    bool TryAppend(TelemetryRecord record, out IntakeRefusal refusal);

    /// <summary>As <see cref="TryAppend(TelemetryRecord, out IntakeRefusal)"/>, for a call and what is said of it: all of them are kept, or none.</summary>
    bool TryAppend(ReadOnlySpan<TelemetryRecord> records, out IntakeRefusal refusal);

    /// <summary>As <see cref="TryAppend(TelemetryRecord, out IntakeRefusal)"/>, but returns only when the records are as durable as configured; for senders that get an acknowledgement.</summary>
    ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<TelemetryRecord> records, CancellationToken cancellationToken);

    /// <summary>As <see cref="AppendAsync"/>, for records that are made one after the other and are too many to be kept at once.</summary>
    ITelemetryAppend BeginAppend() => new CollectedAppend(this);

    /// <summary>What an acknowledgement of <see cref="AppendAsync"/> promises.</summary>
    Durability Durability { get; }

    /// <summary>A record that is journalled and not yet readable in the store, so that its writer can read it back; null otherwise.</summary>
    TelemetryRecord? FindPending(Guid observationId);

    /// <summary>True while such a record is being written to the store: it may be readable there before <see cref="FindPending"/> forgets it.</summary>
    bool IsBeingStored(Guid observationId) => false;
}

/// <summary>Why a record was not taken: <c>queue_full</c>, <c>disk_full</c>, <c>journal_failed</c>, <c>too_large</c>, <c>starting</c>, <c>shutting_down</c>.</summary>
public readonly record struct IntakeRefusal(string Code, string Message, int RetryAfterSeconds);

public readonly record struct AppendResult(bool Accepted, IntakeRefusal Refusal);
