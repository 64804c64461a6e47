namespace Bellwether.Telemetry;

/// <summary>Copies of observations outside of the store, which an erasure must reach too.</summary>
internal interface ITelemetryCopies
{
    /// <summary>What the answer to an erasure calls them.</summary>
    string Name { get; }

    /// <summary>
    /// Lets go of every copy that may hold what was erased, and returns how many went. Asked when the store has erased; asking again does no
    /// harm. Throws <see cref="IOException"/> when something is left.
    /// </summary>
    Task<long> EraseAsync(Erasure erasure, CancellationToken cancellationToken);

    /// <summary>Lets go of what belongs to observations or texts that retention has dropped. Copies that wait for a receiver stay.</summary>
    Task DropAsync(DroppedTexts dropped, CancellationToken cancellationToken) => Task.CompletedTask;
}
