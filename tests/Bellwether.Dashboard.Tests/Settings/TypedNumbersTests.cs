namespace Bellwether.Dashboard.Tests;

public sealed class TypedNumbersTests
{
    [Theory, InlineData("0.15", 0.15), InlineData(" 2e-3 ", 0.002), InlineData("-1", -1.0), InlineData("7", 7.0)]
    public void A_number_is_read_as_it_was_typed(string text, double value)
    {
        var numbers = new TypedNumbers();
        Assert.Equal((decimal)value, numbers.Decimal("input", text));
        Assert.Equal(value, numbers.Double("input", text));
        Assert.Empty(numbers.Errors);
    }

    [Theory, InlineData("1,5"), InlineData("1e"), InlineData("1e40"), InlineData("ten"), InlineData("NaN"), InlineData("\u0661")]
    public void What_is_no_number_is_wrong_at_its_field_and_not_left_out(string text)
    {
        var numbers = new TypedNumbers();
        Assert.Null(numbers.Decimal("input", text));
        Assert.Equal(["must be a number with a point, such as 0.15"], numbers.Errors["input"]);
    }

    [Fact]
    public void Nothing_is_no_mistake_and_half_a_token_is_one()
    {
        var numbers = new TypedNumbers();
        Assert.Null(numbers.Whole("tokens", " "));
        Assert.Empty(numbers.Errors);
        Assert.Null(numbers.Whole("tokens", "1.5"));
        Assert.Equal(["must be a whole number"], numbers.Errors["tokens"]);
        Assert.Equal(int.MaxValue, new TypedNumbers().Small("minutes", "99999999999"));
    }

    [Fact]
    public void What_is_wrong_with_a_number_goes_before_what_follows_from_its_absence()
    {
        var numbers = new TypedNumbers();
        numbers.Decimal("input", "1,5");
        var all = numbers.With(new Dictionary<string, string[]> { ["input"] = ["is needed"], ["model"] = ["is needed"] });
        Assert.Equal(["must be a number with a point, such as 0.15"], all["input"]);
        Assert.Equal(["is needed"], all["model"]);
    }
}
