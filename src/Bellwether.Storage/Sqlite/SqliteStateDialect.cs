using Bellwether.State;

namespace Bellwether.Storage.Sqlite;

/// <summary>SQLite serialises writers by itself: a transaction takes the write lock at its start.</summary>
public sealed class SqliteStateDialect : StateDialect
{
    public override string Name => "SQLite";

    public override string BlobType => "BLOB";

    public override string MigrationLock => "";
}
