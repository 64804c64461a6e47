namespace Bellwether.State;

/// <summary>
/// The few words in which SQLite and PostgreSQL differ. Features write SQL in the subset both share and take
/// <see cref="System.Data.Common.DbDataSource"/> for connections.
/// </summary>
public abstract class StateDialect
{
    public abstract string Name { get; }

    /// <summary>Type of a column of bytes: BLOB or BYTEA.</summary>
    public abstract string BlobType { get; }

    /// <summary>Statement that serialises migrations across processes inside the open transaction; empty where the engine locks by itself.</summary>
    public abstract string MigrationLock { get; }
}
