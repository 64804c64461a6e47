using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <param name="Next">Where the day goes on; null at its end.</param>
internal readonly record struct RepriceStep(RepriceResult Result, long? Next);

/// <summary>
/// Prices a day's calls again, some thousands at a time. The hours that change leave the rollups before their rows change in one
/// transaction, so a kill leaves a step done or not done, and never a rollup that disagrees with its rows.
/// </summary>
internal sealed class Repricer(DayFiles files, Rollups rollups)
{
    // About a tenth of a second of the writer's thread.
    private static readonly int s_callsPerStep = 20_000;

    private static readonly string s_columns = """
        id, start_ticks, price_provider, model, request_model, service_tier, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        cache_write_1h_tokens, reasoning_tokens, input_audio_tokens, output_audio_tokens, cache_audio_read_tokens, input_image_tokens, output_image_tokens,
        tool_requests, cost_in, cost_out, price_version
        """;

    /// <summary>Days that the request touches, oldest first. Throws <see cref="TelemetryQueryException"/> for a request that makes no sense.</summary>
    public ImmutableArray<Day> Days(RepriceRequest request)
    {
        if (request.Window.To <= request.Window.From)
        {
            throw new TelemetryQueryException("to", "The window must end after it starts.");
        }
        FilterCompiler.Check(request.Where);
        return [.. files.MetricsBetween(UnixTicks.Of(request.Window.From), UnixTicks.Of(request.Window.To)).Reverse()];
    }

    public RepriceStep Step(DuckDbSession session, RepriceRequest request, Func<PricedCall, Cost?> price, Day day, long fromTicks) => files.Reading(() =>
    {
        if (!files.Metrics.Contains(day))
        {
            // Retention was faster.
            return new RepriceStep(RepriceResult.None, null);
        }
        var from = Math.Max(fromTicks, UnixTicks.Of(request.Window.From));
        var end = Math.Min(day.EndTick, UnixTicks.Of(request.Window.To));
        var to = StepEnd(session, request, day, from, end);
        var changes = new List<Repriced>();
        var result = Compare(session, request, price, day, from, to, changes);
        if (changes.Count > 0 && !request.DryRun)
        {
            rollups.Unseal(session, changes.Select(change => change.Ticks));
            Write(session, request, day, from, to, changes);
        }
        return new RepriceStep(result, to < end ? to : null);
    });

    // The first tick behind as many calls as a step takes.
    private static long StepEnd(DuckDbSession session, RepriceRequest request, Day day, long from, long end)
    {
        var to = end;
        var sql = new SqlText();
        sql.Append(string.Create(CultureInfo.InvariantCulture, $"SELECT start_ticks FROM {Source(sql, request, day, from, end)} ORDER BY start_ticks LIMIT 1 OFFSET {s_callsPerStep}"));
        session.Read(sql, row => to = Math.Max(row.GetInt64(0), from + 1));
        return to;
    }

    private static RepriceResult Compare(
        DuckDbSession session, RepriceRequest request, Func<PricedCall, Cost?> price, Day day, long from, long to, List<Repriced> changes)
    {
        var result = RepriceResult.None;
        var sql = new SqlText();
        sql.Append($"SELECT {s_columns} FROM {Source(sql, request, day, from, to)}");
        session.Read(sql, row =>
        {
            var call = Call(row);
            var cost = price(call) is { } priced
                ? new Cost(ObservationRow.Bounded(priced.InputUsd)!.Value, ObservationRow.Bounded(priced.OutputUsd)!.Value, priced.PriceVersion) : null;
            var changed = cost != call.Cost;
            result = result.Add(new RepriceResult(
                1, changed ? 1 : 0, changed ? call.Cost?.TotalUsd ?? 0 : 0, changed ? cost?.TotalUsd ?? 0 : 0,
                changed && call.Cost is null ? 1 : 0, changed && cost is null ? 1 : 0));
            if (changed)
            {
                changes.Add(new Repriced(row.GetGuid(0), row.GetInt64(1), cost));
            }
        });
        return result;
    }

    private static void Write(DuckDbSession session, RepriceRequest request, Day day, long from, long to, List<Repriced> changes)
    {
        session.Execute("CREATE OR REPLACE TEMP TABLE repriced (id UUID, cost_in DECIMAL(18,12), cost_out DECIMAL(18,12), price_version VARCHAR, cost_bucket SMALLINT)");
        using (var appender = session.Appender("temp", "repriced"))
        {
            foreach (var (id, _, cost) in changes)
            {
                appender.CreateRow().AppendValue((Guid?)id).AppendValue(cost?.InputUsd).AppendValue(cost?.OutputUsd).AppendValue(cost?.PriceVersion)
                    .AppendValue(ObservationRow.CostBucket(cost)).EndRow();
            }
        }
        var sql = new SqlText();
        sql.Append(string.Create(CultureInfo.InvariantCulture, $"""
            UPDATE {day.Metrics}.observation AS stored
            SET cost_in = now.cost_in, cost_out = now.cost_out, price_version = now.price_version, cost_bucket = now.cost_bucket
            FROM temp.repriced AS now
            WHERE stored.id = now.id AND stored.project = {sql.Value(request.Project.Value)} AND stored.start_ticks >= {from} AND stored.start_ticks < {to}
            """));
        session.InTransaction(() => session.Execute(sql));
    }

    private static string Source(SqlText sql, RepriceRequest request, Day day, long from, long to) => string.Create(CultureInfo.InvariantCulture, $"""
        {day.Metrics}.observation WHERE project = {sql.Value(request.Project.Value)} AND start_ticks >= {from} AND start_ticks < {to}
        AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL) AND {FilterCompiler.Compile(sql, request.Where, field => field.Expression)}
        """);

    private static PricedCall Call(DbDataReader row)
    {
        long? Optional(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
        return new PricedCall
        {
            StartTime = UnixTicks.ToTime(row.GetInt64(1)),
            PriceProvider = row.GetString(2),
            Model = row.GetString(3),
            RequestModel = row.GetString(4),
            ServiceTier = row.GetString(5),
            Usage = new Usage
            {
                InputTokens = Optional(6), OutputTokens = Optional(7), CacheReadTokens = row.GetInt64(8), CacheWriteTokens = row.GetInt64(9),
                CacheWrite1hTokens = row.GetInt64(10), ReasoningTokens = row.GetInt64(11), InputAudioTokens = row.GetInt64(12), OutputAudioTokens = row.GetInt64(13),
                CacheAudioReadTokens = row.GetInt64(14), InputImageTokens = row.GetInt64(15), OutputImageTokens = row.GetInt64(16), ToolRequests = row.GetInt64(17),
            },
            Cost = row.IsDBNull(20) ? null : new Cost(row.GetDecimal(18), row.GetDecimal(19), row.GetString(20)),
        };
    }

    private readonly record struct Repriced(Guid Id, long Ticks, Cost? Cost);
}
