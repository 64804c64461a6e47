using Bellwether.State;

namespace Bellwether.Storage.Postgres;

public sealed class PostgresStateDialect : StateDialect
{
    public override string Name => "PostgreSQL";

    public override string BlobType => "BYTEA";

    // Held to the end of the transaction. The number is "bellweth" in ASCII, so that no other program takes it by chance.
    public override string MigrationLock => "SELECT pg_advisory_xact_lock(7090192401480119400)";
}
