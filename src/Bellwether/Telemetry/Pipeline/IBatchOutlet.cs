using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>Gets every batch of the pipeline before it is stored, so that nothing that is stored is missed after a crash; a replay offers records again.</summary>
internal interface IBatchOutlet
{
    /// <summary>
    /// Runs on the pipeline's thread: must neither throw nor wait for a network. The bytes of a record's payload belong to the batch and are
    /// used again after it: who keeps them keeps <see cref="ObservationPayload.Detached"/>.
    /// </summary>
    void Take(ImmutableArray<SequencedRecord> batch);
}
