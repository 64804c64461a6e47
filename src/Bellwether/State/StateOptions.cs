using System.ComponentModel.DataAnnotations;

namespace Bellwether.State;

/// <summary>Section <c>Bellwether:State</c>: where projects, keys, users, prices and settings are kept.</summary>
public sealed class StateOptions
{
    /// <summary>An Npgsql connection string for PostgreSQL; empty for the embedded SQLite file, which one process may use.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>How long a statement waits for another writer before it fails. Shorter answers sooner under contention.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
