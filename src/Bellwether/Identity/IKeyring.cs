namespace Bellwether.Identity;

/// <summary>Checks Bellwether keys against the in-memory snapshot; never waits for a database, allocates nothing on a hit.</summary>
public interface IKeyring
{
    /// <param name="token">The presented key, with or without a <c>Bearer </c> prefix.</param>
    KeyCheck Check(ReadOnlySpan<char> token, out ApiKey? key);
}
