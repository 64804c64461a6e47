namespace Bellwether.Dashboard.Tests;

public sealed class FormatTests
{
    [Theory]
    [InlineData(null, "–"), InlineData("0", "$0"), InlineData("0.0012344", "$0.001234"), InlineData("0.00000123456", "$0.000001235"), InlineData("0.05", "$0.05")]
    [InlineData("0.1", "$0.10"), InlineData("12.345", "$12.35"), InlineData("123.456", "$123.46"), InlineData("1234.5", "$1,235"), InlineData("1234567.8", "$1,234,568"), InlineData("-0.5", "-$0.50")]
    public void Money_has_four_significant_digits_and_unknown_is_not_zero(string? amount, string expected) =>
        Assert.Equal(expected, Format.Usd(amount is null ? null : decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(null, "–"), InlineData(0d, "0"), InlineData(5d, "5"), InlineData(0.25, "0.25"), InlineData(12.345, "12.3"), InlineData(1240.4, "1,240"), InlineData(9999d, "9,999")]
    [InlineData(12_400d, "12.4k"), InlineData(999_600d, "1.00M"), InlineData(3_210_000d, "3.21M"), InlineData(4.2e9, "4.20B"), InlineData(double.NaN, "–")]
    public void Compact_numbers_keep_three_digits(double? value, string expected) => Assert.Equal(expected, Format.Compact(value));

    [Theory]
    [InlineData(null, "–"), InlineData(0d, "0 ms"), InlineData(0.42, "0.42 ms"), InlineData(42.4, "42 ms"), InlineData(999.6, "1.00 s"), InlineData(1240d, "1.24 s"), InlineData(125_000d, "2 m 05 s"), InlineData(11_520_000d, "3 h 12 m")]
    public void Durations_choose_their_unit(double? ms, string expected) => Assert.Equal(expected, Format.Milliseconds(ms));

    [Theory]
    [InlineData(null, "–"), InlineData(0d, "0 %"), InlineData(0.00001, "< 0.01 %"), InlineData(0.0231, "2.31 %"), InlineData(0.9981, "99.8 %"), InlineData(0.99981, "99.98 %"), InlineData(0.99999, "> 99.99 %"), InlineData(1d, "100 %")]
    public void Fractions_read_as_percent(double? fraction, string expected) => Assert.Equal(expected, Format.Percent(fraction));

    [Fact]
    public void Counts_have_thousands_separators_in_any_culture()
    {
        var former = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = new("de-DE");
            Assert.Equal("1,234,567", Format.Count(1_234_567));
            Assert.Equal("$12.35", Format.Usd(12.345m));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = former;
        }
    }

    [Theory, InlineData("UTC", "UTC"), InlineData("Europe/Berlin", "UTC+1"), InlineData("America/St_Johns", "UTC−3:30"), InlineData("Asia/Kathmandu", "UTC+5:45")]
    public void A_zone_is_told_by_its_distance(string zone, string expected) =>
        Assert.Equal(expected, Format.Zone(TimeZoneInfo.FindSystemTimeZoneById(zone), new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)));

    [Theory, InlineData(1, "per minute"), InlineData(5, "per 5 minutes"), InlineData(60, "per hour"), InlineData(1440, "per day"), InlineData(120, "per 2 hours")]
    public void A_bucket_is_named_by_its_length(int minutes, string expected) => Assert.Equal(expected, Format.Per(TimeSpan.FromMinutes(minutes)));

    [Theory]
    [InlineData(1, "just now"), InlineData(42, "42 s ago"), InlineData(300, "5 min ago"), InlineData(7300, "2 h ago"), InlineData(864_000, "10 d ago"), InlineData(-90, "in 1 min")]
    public void Ages_are_told_in_one_unit(int seconds, string expected)
    {
        var now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(expected, Format.Ago(now.AddSeconds(-seconds), now));
    }
}
