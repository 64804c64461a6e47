using System.Data.Common;
using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Plans and runs a query. Sealed hours that lie wholly in the window come from the rollups when one slice of them knows
/// everything that is asked; the rest, the window's edges included, comes from the rows. Every hour has one source, and
/// both count the same buckets, so the answer does not depend on the plan.
/// </summary>
internal sealed class QueryRunner(DayFiles files)
{
    public QueryResult Run(DuckDbSession session, TelemetryQuery query)
    {
        var shape = QueryShape.Of(query);
        return files.Reading(() =>
        {
            var days = files.MetricsBetween(shape.From, shape.To).ToList();
            var searched = query.Text is null ? [] : days.Where(files.Payloads.Contains).ToHashSet();
            return session.InTransaction(() => new Reading(session, shape, days, searched).Execute());
        });
    }

    private enum Grain { None, Minute, Hour }

    private sealed class Reading(DuckDbSession session, QueryShape shape, List<Day> days, HashSet<Day> searched)
    {
        private readonly ResultFold _fold = new(shape);
        private readonly (long From, long To) _window = (shape.From, shape.To);
        private bool _readRows;

        public QueryResult Execute()
        {
            var grain = GrainOf(shape);
            List<(long From, long To)> rows = grain == Grain.None ? [_window] : NotSealed();
            // One pass for both: most of the work is finding the rows. Not of groups, which there may be very many of.
            var together = shape.Groups.IsEmpty ? shape.Histograms.FirstOrDefault() : null;
            ReadSums(grain, rows, together);
            foreach (var histogram in shape.Histograms)
            {
                ReadHistogram(grain, ReferenceEquals(histogram, together) ? [] : rows, histogram);
            }
            foreach (var column in shape.DistinctColumns)
            {
                ReadDistinct(grain, rows, column);
            }
            return _fold.Result(fromRollups: !_readRows);
        }

        private static Grain GrainOf(QueryShape shape) =>
            shape.Slice is null ? Grain.None
            : shape.Step is null || shape.Step % UnixTicks.PerHour == 0 ? Grain.Hour
            : shape.Slice.Length == 0 && shape.Step % UnixTicks.PerMinute == 0 ? Grain.Minute
            : Grain.None;

        // Counted from 1970.
        private (long From, long To) WholeHours => (UnixTicks.Ceiling(_window.From, UnixTicks.PerHour), UnixTicks.Floor(_window.To, UnixTicks.PerHour));

        // What of the window is not covered by sealed hours. Read in the transaction that reads the rollups.
        private List<(long From, long To)> NotSealed()
        {
            var open = new List<(long From, long To)>();
            var from = _window.From;
            var sql = Sql($"SELECT hour FROM store.sealed WHERE hour >= {WholeHours.From} AND hour < {WholeHours.To} ORDER BY hour");
            session.Read(sql, row =>
            {
                var start = row.GetInt64(0) * UnixTicks.PerHour;
                if (start > from)
                {
                    open.Add((from, start));
                }
                from = start + UnixTicks.PerHour;
            });
            if (from < _window.To)
            {
                open.Add((from, _window.To));
            }
            return open;
        }

        private void ReadSums(Grain grain, List<(long, long)> rows, Histogram? together)
        {
            static string Typed(Partial partial, string expression) =>
                partial == Partials.CostIn || partial == Partials.CostOut ? expression : $"CAST({expression} AS DOUBLE)";

            if (grain != Grain.None)
            {
                var sql = new SqlText();
                var columns = shape.Sums.Select(partial => Typed(partial, partial.Merged));
                sql.Append($"{RollupSelect(columns)} FROM store.rollup_{(grain == Grain.Hour ? "hour" : "minute")} WHERE {RollupWhere(sql, sliced: grain == Grain.Hour)} GROUP BY ALL");
                session.Read(sql, row => _fold.CellOf(row, out var next).Add(shape.Sums, row, next));
            }
            var raw = shape.Sums.Select(partial => Typed(partial, partial.Raw));
            if (together is null)
            {
                ReadRows(rows, raw, "", totals: false, (cell, row, next) => cell.Add(shape.Sums, row, next));
                return;
            }
            // A row for each bucket of the histogram, and one for what is in none.
            ReadRows(rows, [.. raw, together.Column, "count(*)"], "", totals: false, (cell, row, next) =>
            {
                cell.Add(shape.Sums, row, next);
                var bucket = next + shape.Sums.Length;
                if (!row.IsDBNull(bucket))
                {
                    cell.Add(together, row.GetInt16(bucket), row.GetInt64(bucket + 1));
                }
            });
        }

        private void ReadHistogram(Grain grain, List<(long, long)> rows, Histogram histogram)
        {
            if (grain != Grain.None)
            {
                var sql = new SqlText();
                sql.Append($"""
                    {RollupSelect(["bucket", "CAST(sum(n) AS BIGINT)"])} FROM {HistogramTable(grain)}
                    WHERE {RollupWhere(sql, sliced: grain == Grain.Hour)} AND kind = {histogram.Id} GROUP BY ALL
                    """);
                session.Read(sql, row => _fold.CellOf(row, out var next).Add(histogram, row.GetInt16(next), row.GetInt64(next + 1)));
            }
            ReadRows(rows, [histogram.Column, "count(*)"], $" AND {histogram.Column} IS NOT NULL", totals: false,
                (cell, row, next) => cell.Add(histogram, row.GetInt16(next), row.GetInt64(next + 1)));
        }

        // Distinct values cannot be added up. Only whole projects' users have a rollup.
        private void ReadDistinct(Grain grain, List<(long, long)> rows, string column)
        {
            if (grain == Grain.Hour && shape.Slice!.Length == 0 && column == "user_id")
            {
                new UserCounts(session, shape, _fold, WholeHours).Read(rows, sql => Branches(sql, rows, " AND user_id <> ''", "start_ticks, user_id"));
                return;
            }
            string[] count = [$"count(DISTINCT {column})"];
            ReadRows([_window], count, $" AND {column} <> ''", totals: false, (cell, row, next) => cell.SetDistinct(column, row.GetInt64(next)));
            if (shape.Step is not null && !shape.Groups.IsEmpty && Distinct.Of(shape.Query.Measures[0]) == column)
            {
                ReadRows([_window], count, $" AND {column} <> ''", totals: true, (cell, row, next) => cell.SetDistinct(column, row.GetInt64(next)));
            }
        }

        private void ReadRows(List<(long, long)> ranges, IEnumerable<string> columns, string condition, bool totals, Action<Cell, DbDataReader, int> add)
        {
            var sql = new SqlText();
            var groups = shape.Groups.Select(field => field.Type == FieldType.Text ? field.Expression : $"CAST({field.Expression} AS VARCHAR)");
            var select = Select(totals ? null : Bucket, groups, columns);
            if (Branches(sql, ranges, condition, ObservationColumns.NamedIn(select)) is not { } branches)
            {
                return;
            }
            sql.Append($"{select} FROM ({branches}) GROUP BY ALL");
            session.Read(sql, row => add(totals ? _fold.TotalOf(row, out var next) : _fold.CellOf(row, out next), row, next));
        }

        // One SELECT per day file and range; null when no file is touched. Of the columns that are needed and no more: a month is 31
        // branches, and planning them with all 68 columns takes as long as reading the rows.
        private string? Branches(SqlText sql, List<(long From, long To)> ranges, string condition, string columns)
        {
            string? project = null, filters = null, text = null;
            var branches = new List<string>();
            foreach (var day in days)
            {
                foreach (var range in ranges)
                {
                    var (from, to) = (Math.Max(range.From, day.FirstTick), Math.Min(range.To, day.EndTick));
                    if (from >= to || (shape.Query.Text is not null && !searched.Contains(day)))
                    {
                        continue;
                    }
                    project ??= sql.Value(shape.Query.Project.Value);
                    filters ??= FilterCompiler.Compile(sql, shape.Query.Where, field => field.Expression);
                    var where = string.Create(CultureInfo.InvariantCulture, $"project = {project} AND start_ticks >= {from} AND start_ticks < {to}");
                    var calls = shape.CallsOnly ? $" AND {Partials.IsCall}" : "";
                    var search = "";
                    if (shape.Query.Text is { } needle)
                    {
                        text ??= sql.Value(needle.ToLowerInvariant());
                        search = $" AND id IN (SELECT id FROM {day.Payloads}.payload WHERE {where} AND contains(search, {text}))";
                    }
                    branches.Add($"SELECT {columns} FROM {day.Metrics}.observation WHERE {where} AND {filters}{calls}{condition}{search}");
                }
            }
            _readRows |= branches.Count > 0;
            return branches.Count == 0 ? null : string.Join(" UNION ALL ", branches);
        }

        private string HistogramTable(Grain grain) =>
            grain == Grain.Minute ? "store.histogram_minute" : shape.Slice!.Length == 0 ? "store.histogram_total" : "store.histogram_hour";

        private string RollupSelect(IEnumerable<string> columns) => Select(Bucket, shape.Groups.Select(_ => "value"), columns);

        private string RollupWhere(SqlText sql, bool sliced)
        {
            var where = string.Create(CultureInfo.InvariantCulture,
                $"project = {sql.Value(shape.Query.Project.Value)} AND hour >= {WholeHours.From} AND hour < {WholeHours.To}");
            // Minutes are kept for whole projects only and have no slice to name.
            return !sliced ? where : $"{where} AND dim = '{shape.Slice}' AND {FilterCompiler.Compile(sql, shape.Query.Where, _ => "value")}";
        }

        private string? Bucket => shape.Step is { } step
            ? string.Create(CultureInfo.InvariantCulture, $"start_ticks // {step} * {step}")
            : null;

        private static string Select(string? bucket, IEnumerable<string> groups, IEnumerable<string> columns)
        {
            IEnumerable<string> all = [.. bucket is null ? (IEnumerable<string>)[] : [bucket], .. groups, .. columns];
            return "SELECT " + string.Join(", ", all.Select((column, index) => string.Create(CultureInfo.InvariantCulture, $"{column} AS c{index}")));
        }

        private static SqlText Sql(FormattableString text) => new SqlText().Append(text.ToString(CultureInfo.InvariantCulture));
    }
}
