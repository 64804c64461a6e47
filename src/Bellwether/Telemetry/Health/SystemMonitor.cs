using System.Reflection;

namespace Bellwether.Telemetry;

/// <summary>The product's own health, for the API and the System page. Cheap: reads counters.</summary>
public sealed class SystemMonitor
{
    private static readonly string s_version =
        typeof(SystemMonitor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly TelemetryIntake _intake;
    private readonly StoreWriter _writer;
    private readonly DiskMonitor _disk;
    private readonly DeadLetters _deadLetters;
    private readonly PipelineMeters _meters;
    private readonly InFlightCalls _calls;
    private readonly RefusalTally _refusals;
    private readonly Readiness _readiness;
    private readonly TelemetryOptions _options;
    private readonly TimeProvider _clock;

    internal SystemMonitor(
        TelemetryIntake intake, StoreWriter writer, DiskMonitor disk, DeadLetters deadLetters, PipelineMeters meters,
        InFlightCalls calls, RefusalTally refusals, Readiness readiness, TelemetryOptions options, TimeProvider clock)
    {
        _intake = intake;
        _writer = writer;
        _disk = disk;
        _deadLetters = deadLetters;
        _meters = meters;
        _calls = calls;
        _refusals = refusals;
        _readiness = readiness;
        _options = options;
        _clock = clock;
    }

    public SystemStatus Read()
    {
        var spool = _intake.Spool;
        var commits = spool.Journal.Commits.Percentiles();
        var (free, total) = _disk.Space;
        var growth = _disk.GrowthPerDay;
        return new SystemStatus
        {
            Time = _clock.GetUtcNow(),
            StartedAt = _intake.StartedAt,
            Version = s_version,
            Ready = _readiness.IsReady,
            Refusing = spool.Refusal()?.Code,
            Durability = _intake.Durability,
            QueueRecords = spool.Waiting,
            JournalledSequence = spool.Journal.LastSequence,
            StoredSequence = spool.CommittedSequence,
            StoreFailingFor = _writer.FailingFor,
            JournalBytes = spool.Journal.RetainedBytes,
            JournalSegments = spool.Journal.SegmentCount,
            SpoolLimitBytes = _options.SpoolBytes,
            CommitP50Ms = commits?.P50,
            CommitP99Ms = commits?.P99,
            Accepted = _meters.Accepted,
            Refused = _meters.Refused,
            IngestRefused = _refusals.Read(),
            Dropped = _deadLetters.Lost,
            DeadLetters = _deadLetters.Count,
            JournalDamage = _meters.Damage,
            DiskFreeBytes = free,
            DiskTotalBytes = total,
            DiskGrowthBytesPerDay = growth,
            DiskDaysLeft = growth > 0 ? free / growth : null,
            MemoryBytes = Environment.WorkingSet,
            CallsInProgress = _calls.Count,
        };
    }
}
