using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard.Tests;

public sealed class OverviewReaderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeScale Hour = TimeScale.For(new TimeRange(Noon.AddHours(-1), Noon));

    [Fact]
    public void A_bucket_without_requests_is_a_gap_and_not_zero()
    {
        var series = OverviewReader.Series(new QueryResult([Row(Noon.AddMinutes(-30), count: 12, errors: 3)]), Hour, TimeSpan.Zero);
        Assert.Equal(12, series.PerMinute[30]);
        Assert.Equal(9, series.Succeeded[30]);
        Assert.Equal(0.25, series.ErrorRate[30]);
        Assert.Null(series.PerMinute[29]);
        Assert.Null(series.ErrorRate[31]);
        Assert.Null(series.UsdPerHour[30]);
    }

    [Fact]
    public void The_previous_period_lies_over_this_one()
    {
        var series = OverviewReader.Series(new QueryResult([Row(Noon.AddMinutes(-90), count: 5, errors: 0)]), Hour, TimeSpan.FromHours(1));
        Assert.Equal(5, series.PerMinute[30]);
    }

    [Fact]
    public void A_period_without_requests_is_no_one_to_compare_users_with()
    {
        // A distinct count of nothing is 0, which is not "no data".
        var data = Data(new PeriodTotals { Count = 5, Users = 3, Length = TimeSpan.FromHours(1) }) with { Before = new PeriodTotals { Users = 0, Length = TimeSpan.FromHours(1) } };
        Assert.Null(OverviewTiles.Of(data, new OverviewLinks("p", new ViewState()))[8].Change);
    }

    [Fact]
    public void No_price_is_no_cost()
    {
        var totals = OverviewReader.Totals(new QueryResult([Row(null, count: 5, errors: 0, unpriced: 5)]), new QueryResult([]), TimeSpan.FromHours(1));
        Assert.Null(totals.CostUsd);
        Assert.Null(totals.UsdPerHour);
        var tile = OverviewTiles.Of(Data(totals), new OverviewLinks("p", new ViewState()))[7];
        Assert.Equal(PanelState.Empty, tile.State);
        Assert.Equal("no price", tile.EmptyText);
        Assert.Equal("5 unpriced", tile.Note);
    }

    [Fact]
    public void An_error_rate_says_of_how_many_and_leads_to_the_failed_requests()
    {
        var totals = OverviewReader.Totals(new QueryResult([Row(null, count: 1_200, errors: 24)]), new QueryResult([]), TimeSpan.FromHours(1));
        var tile = OverviewTiles.Of(Data(totals), new OverviewLinks("p", new ViewState { From = "now-1h", Filter = "model:x" }))[1];
        Assert.Equal("2.00 %", tile.Value);
        Assert.Equal("24 of 1,200", tile.Note);
        Assert.Equal("/p/p/requests?from=now-1h&to=now&q=model:x error:true", Uri.UnescapeDataString(tile.Href));
    }

    private static OverviewData Data(PeriodTotals totals) => new()
    {
        Scale = Hour, Now = totals, Before = new PeriodTotals { Length = TimeSpan.FromHours(1) }, Series = OverviewReader.Series(new QueryResult([]), Hour, TimeSpan.Zero),
        Models = [], ModelSeries = [], Endpoints = [], ErrorTypes = [],
    };

    private static QueryRow Row(DateTimeOffset? bucket, double count, double errors, double unpriced = 0) =>
        new(bucket, [], [count, errors, 100, 200, 300, null, null, null, null, 10, 20, unpriced]);
}
