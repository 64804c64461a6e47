using Bellwether.Telemetry;
using CsCheck;
using Xunit;

namespace Bellwether.Tests.Telemetry;

public sealed class FilterSyntaxTests
{
    [Fact]
    public void Terms_become_filters_and_the_rest_becomes_text()
    {
        Assert.True(FilterSyntax.TryParse("""model:gpt-4o,gpt-4.1 -state:ok latency_ms:>2s user:* -session:* property.team:"a b" name:~chat free "text here" """, out var read, out _));

        Assert.Equal(
            ["model In gpt-4o|gpt-4.1", "state Ne ok", "latency_ms Gt 2000", "user Exists ", "session Missing ", "property.team Eq a b", "name Contains chat"],
            read.Where.Select(filter => $"{filter.Field} {filter.Op} {string.Join('|', filter.Values)}"));
        Assert.Equal("free text here", read.Text);
    }

    [Theory]
    [InlineData("modle:gpt", "did you mean “model”")]
    [InlineData("latency_ms:fast", "a number")]
    [InlineData("stream:perhaps", "true or false")]
    [InlineData("model:", "needs a value")]
    [InlineData("model:>3", "needs a number")]
    [InlineData("-name:~chat", "cannot be negated")]
    public void What_cannot_be_read_is_said_and_never_silently_searched_as_text(string line, string message)
    {
        Assert.False(FilterSyntax.TryParse(line, out _, out var problem));
        Assert.Contains(message, problem!.Message, StringComparison.Ordinal);
        Assert.Equal((0, line.Length), (problem.Start, problem.Length));
    }

    [Fact]
    public void An_address_is_text_and_a_colon_in_quotes_is_text()
    {
        Assert.True(FilterSyntax.TryParse("https://example.org/x \"a:b\"", out var read, out _));
        Assert.Equal("https://example.org/x a:b", read.Text);
        Assert.Empty(read.Where);
    }

    [Fact]
    public void Excluding_more_than_asks_for_at_most()
    {
        Assert.True(FilterSyntax.TryParse("-cost_usd:>0.5", out var read, out _));
        Assert.Equal(FilterOp.Lte, Assert.Single(read.Where).Op);
    }

    [Fact]
    public void A_line_that_is_too_long_is_refused() =>
        Assert.False(FilterSyntax.TryParse(new string('x', FilterSyntax.LongestLine + 1), out _, out _));

    [Fact]
    public void Whatever_the_values_are_writing_and_reading_gives_the_same()
    {
        var filter = Gen.Select(
            Gen.Int[0, 3].Select(i => new[] { "model", "user", "property.team", "endpoint" }[i]),
            Gen.Int[0, 6].Select(i => new[] { FilterOp.Eq, FilterOp.Ne, FilterOp.Contains, FilterOp.Exists, FilterOp.Missing, FilterOp.In, FilterOp.NotIn }[i]),
            Gen.String[1, 12].Array[2]);
        Gen.Select(filter.Array[0, 4], Gen.String[0, 12]).Sample((filters, text) =>
        {
            var free = text.Trim();
            var expression = new FilterExpression(
                [.. filters.Select(f => new Filter(f.Item1, f.Item2, f.Item2 switch
                {
                    FilterOp.Exists or FilterOp.Missing => [],
                    FilterOp.In or FilterOp.NotIn => [.. f.Item3],
                    _ => [f.Item3[0]],
                }))],
                free.Length == 0 ? null : free);
            Assert.True(FilterSyntax.TryParse(FilterSyntax.Write(expression), out var read, out var problem), problem?.Message);
            Assert.Equal(expression.Text, read.Text);
            Assert.Equal(
                expression.Where.Select(f => $"{f.Field}\u0001{f.Op}\u0001{string.Join('\u0002', f.Values)}"),
                read.Where.Select(f => $"{f.Field}\u0001{f.Op}\u0001{string.Join('\u0002', f.Values)}"));
        });
    }

    [Fact]
    public void No_line_whatever_is_typed_throws() =>
        Gen.String[Gen.Char["model:-\"\\,><~* \tstate"], 0, 40].Sample(line => { _ = FilterSyntax.TryParse(line, out _, out _); });
}
