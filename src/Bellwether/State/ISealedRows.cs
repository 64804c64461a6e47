namespace Bellwether.State;

/// <summary>Rows of a feature that are sealed under the master key, or a key made of it, and must be sealed again before an older one is forgotten.</summary>
public interface ISealedRows
{
    /// <summary>Seals again what an older master key sealed. False: something is left that needs one.</summary>
    Task<bool> RewrapAsync(CancellationToken cancellationToken);
}
