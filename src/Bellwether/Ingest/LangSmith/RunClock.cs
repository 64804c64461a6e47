using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>When a run began and how long it took.</summary>
internal static class RunClock
{
    /// <summary>A sender's clock may be this far ahead of ours.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(1);

    /// <summary>Every day with a start has files of its own: a clock that was never set must not make thousands.</summary>
    public static bool IsBelieved(DateTimeOffset time, OtlpSender sender) => time <= sender.Now + s_ahead && time >= sender.Now - sender.OldestAge;

    /// <param name="run">The run.</param>
    /// <param name="id">Its id, which may have the time in it.</param>
    /// <param name="before">The version that is known.</param>
    /// <param name="sender">Its sender.</param>
    /// <param name="corrected">True when a start was said and not believed.</param>
    public static DateTimeOffset Start(JsonObject run, Guid id, Observation? before, OtlpSender sender, out bool corrected)
    {
        var said = JsonFields.Time(run["start_time"]);
        corrected = false;
        if (said is { } time && IsBelieved(time, sender))
        {
            return time;
        }
        corrected = run["start_time"] is not null;
        return before?.StartTime ?? (TimeOf(id) is { } made && IsBelieved(made, sender) ? made : sender.Now);
    }

    public static Timings Timings(JsonObject run, DateTimeOffset start)
    {
        start = JsonFields.Time(run["start_time"]) ?? start;
        double? first = null;
        foreach (var item in run["events"] as JsonArray ?? [])
        {
            if (IsToken(item) && JsonFields.Time(JsonFields.Get(item, "time")) is { } time)
            {
                first = Math.Max(0, (time - start).TotalMilliseconds);
                break;
            }
        }
        var total = JsonFields.Time(run["end_time"]) is { } end ? Math.Max(0, (end - start).TotalMilliseconds) : 0;
        return new Timings { TotalMs = total, UpstreamMs = total, TtftMs = first };
    }

    // {"name":"new_token","time":"2026-01-01T12:00:00.100Z","kwargs":{"token":"Hel"}}
    public static bool IsToken(JsonNode? item) => JsonFields.Text(JsonFields.Get(item, "name")) == "new_token";

    // Version 7 has its time in the first 48 bits; of other ids nothing is known.
    private static DateTimeOffset? TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var ms = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        return id.Version == 7 && ms < 253_402_300_799_000 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
    }
}
