namespace Bellwether.State;

/// <summary>
/// What users change while the server runs, as one immutable snapshot in memory. Loaded after the migrations and before the
/// first request; whoever commits a change loads again before answering.
/// </summary>
public interface IStatePolicy
{
    /// <summary>Reads the rows and swaps the snapshot as a whole.</summary>
    Task LoadAsync(CancellationToken cancellationToken);
}
