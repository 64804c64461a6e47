using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Bellwether.Storage.DuckDb;

/// <summary><c>Bellwether:Telemetry:Store</c>: the embedded telemetry store.</summary>
public sealed class DuckDbOptions
{
    /// <summary>What DuckDB may keep in memory, in MiB. Queries that need more spill to the data folder, which is slower.</summary>
    [Range(64, 65_536)]
    public int MemoryLimitMb { get; set; } = 96;

    /// <summary>
    /// Threads that work on one statement. A dashboard asks many questions at once, so <see cref="Readers"/> use the cores
    /// already; more than 1 makes a single long scan faster, and every write dearer by half, because DuckDB's threads spin while they wait for each other.
    /// </summary>
    [Range(1, 64)]
    public int Threads { get; set; } = 1;

    /// <summary>Connections for queries; more queries than this wait in line.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 4;

    /// <summary>Size of the write-ahead log, in MiB, at which it is merged into its file. Larger costs less CPU and makes the start after a crash slower, about a second for 64 MiB.</summary>
    [Range(1, 1_024)]
    public int CheckpointMb { get; set; } = 64;

    /// <summary>How long an hour that is over must have been left alone before its rollups are built. Until then it is read row by row.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SealAfter { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class DuckDbOptionsValidator : IValidateOptions<DuckDbOptions>;
