using System.Diagnostics.CodeAnalysis;
using Bellwether.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Telemetry;

/// <summary>The entrance: filter, encode, journal. Everything here runs on the caller's thread.</summary>
internal sealed class TelemetryIntake : ITelemetryIntake, IDisposable
{
    private readonly CaptureFilters _filters;
    private readonly TelemetryOptions _options;
    private readonly PipelineMeters _meters;
    private bool _disposed;

    public TelemetryIntake(
        IOptions<TelemetryOptions> options, DataFolder data, IJournalFiles files, CaptureFilters filters,
        DeadLetters deadLetters, PipelineMeters meters, TimeProvider clock, ILogger<TelemetryIntake> logger)
    {
        _options = options.Value;
        _filters = filters;
        _meters = meters;
        StartedAt = clock.GetUtcNow();
        var folder = data.Sub("journal");
        var settings = new JournalSettings(folder, SegmentBytes(files, folder), _options.Durability == Durability.Fsync, _options.CommitInterval);
        var journal = Journal.Open(settings, files, clock, logger);
        foreach (var damage in journal.Damage)
        {
            OnDamage(damage);
        }
        Spool = new Spool(journal, _options, OnDamage);
        meters.Watch(Spool, deadLetters);

        void OnDamage(JournalDamage damage)
        {
            meters.FindDamage();
            if (damage.TornTail)
            {
                Log.TornTail(logger, damage.File, damage.Offset, damage.Length);
            }
            else
            {
                Log.Damaged(logger, damage.File, damage.Offset, damage.Length, damage.AfterSequence);
            }
            deadLetters.Add(damage);
        }
    }

    public static IntakeRefusal TooLarge { get; } = new("too_large", "The record is larger than the journal can hold.", 0);

    public static IntakeRefusal JournalFailed { get; } = new("journal_failed", "The journal cannot be written.", 10);

    public Durability Durability => _options.Durability;

    public Spool Spool { get; }

    public DateTimeOffset StartedAt { get; }

    public bool CanAccept(out IntakeRefusal refusal)
    {
        var reason = Spool.Refusal();
        refusal = reason.GetValueOrDefault();
        return reason is null;
    }

    public ReadOnlyMemory<byte> FilterInput(ReadOnlyMemory<byte> input) => _filters.FilterInput(input);

    public bool TryAppend(TelemetryRecord record, out IntakeRefusal refusal) => TryAppend([record], out refusal, out _);

    public bool TryAppend(ReadOnlySpan<TelemetryRecord> records, out IntakeRefusal refusal) => TryAppend(records, out refusal, out _);

    [SuppressMessage("Reliability", "CA2012", Justification = "Awaited once.")]
    public async ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<TelemetryRecord> records, CancellationToken cancellationToken)
    {
        if (records.IsEmpty)
        {
            return new AppendResult(true, default);
        }
        if (!TryAppend(records.Span, out var refusal, out var last))
        {
            return new AppendResult(false, refusal);
        }
        return _options.Durability == Durability.Memory || await WhenDurableAsync(last, cancellationToken) ? new AppendResult(true, default) : new AppendResult(false, JournalFailed);
    }

    // At Memory the records themselves are what waits.
    public ITelemetryAppend BeginAppend() => _options.Durability == Durability.Memory ? new CollectedAppend(this) : new JournalAppend(this);

    public TelemetryRecord? FindPending(Guid observationId) => Spool.FindPending(observationId);

    public bool IsBeingStored(Guid observationId) => Spool.IsBeingStored(observationId);

    // The container holds it under two types and disposes it for each.
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            Spool.Dispose();
        }
    }

    private bool TryAppend(ReadOnlySpan<TelemetryRecord> records, out IntakeRefusal refusal, out long last)
    {
        last = 0;
        var buffer = RecordBuffer.Rent();
        try
        {
            var filtered = _filters.IsEmpty ? records : Filter(records);
            var reason = Encode(filtered, buffer) ? Spool.Append(filtered, buffer, out last) : TooLarge;
            refusal = reason.GetValueOrDefault();
            Count(reason, records.Length);
            return reason is null;
        }
        finally
        {
            buffer.Return();
        }
    }

    private TelemetryRecord[] Filter(ReadOnlySpan<TelemetryRecord> records)
    {
        var filtered = records.ToArray();
        for (var i = 0; i < filtered.Length; i++)
        {
            filtered[i] = _filters.Filter(filtered[i]);
        }
        return filtered;
    }

    /// <summary>Writes the records' frames for a journal; false when one is larger than a frame may be.</summary>
    internal static bool Encode(ReadOnlySpan<TelemetryRecord> records, RecordBuffer buffer)
    {
        foreach (var record in records)
        {
            if (!Encode(record, buffer))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>As a caller's thread does it with one record: filter, then encode.</summary>
    internal bool TryEncode(TelemetryRecord record, RecordBuffer buffer) => Encode(_filters.Filter(record), buffer);

    internal Task<bool> WhenDurableAsync(long sequence, CancellationToken cancellationToken) => Spool.Journal.WhenDurableAsync(sequence).AsTask().WaitAsync(cancellationToken);

    internal void Count(IntakeRefusal? refusal, int records)
    {
        if (refusal is { Code: var code })
        {
            _meters.Refuse(code, records);
            return;
        }
        _meters.Accept(records);
    }

    private static bool Encode(TelemetryRecord record, RecordBuffer buffer)
    {
        var start = buffer.Length;
        if (start + (long)record.Payload.Input.Length + record.Payload.Output.Length + (record.Payload.SearchText.Length * 3L) > JournalFormat.LargestPayload / 2)
        {
            return false;
        }
        buffer.Reserve(JournalFormat.FrameHeader);
        RecordCodec.Write(record, buffer);
        JournalFormat.BeginFrame(buffer.Written[start..]);
        return true;
    }

    // A small volume gets small segments: two of the configured size would fill it.
    private long SegmentBytes(IJournalFiles files, string folder) =>
        Math.Clamp(files.Space(folder).Total / 32, Math.Min(1L << 20, _options.SegmentBytes), _options.SegmentBytes);
}
